// What an expression can be, as far as training is concerned: a model, an estimator, a data set, something else, or unknown.
import type { Node } from "web-tree-sitter";
import { type Imported, importedBy } from "./imports";
import type { Binding, Names } from "./names";
import { FUNCTIONS, memberName, memberObject, membersOf, stringValue, unwrap } from "./nodes";

export type Kind = "model" | "estimator" | "dataset" | "tensor" | "array" | "other" | "unknown";

export interface Value {
  kind: Kind;
  /** The expressions that make it: `tf.sequential()`, `new Estimator(…)`, an array literal. */
  origins: readonly Node[];
}

const UNKNOWN: Value = { kind: "unknown", origins: [] };
const MAX_DEPTH = 12;

/** Members of the libraries that give something of interest when called. */
const MAKERS: Readonly<Record<string, Kind>> = {
  "tfjs:sequential": "model",
  "tfjs:model": "model",
  "tfjs:loadLayersModel": "model",
  "tfjs:Sequential": "model",
  "tfjs:LayersModel": "model",
  "tfjs:models.modelFromJSON": "model",
  "tfjs:loadGraphModel": "other",
  "tfjs:tensor": "tensor",
  "tfjs:oneHot": "tensor",
  "tfjs:zeros": "tensor",
  "tfjs:ones": "tensor",
  "tfjs:fill": "tensor",
  "tfjs:linspace": "tensor",
  "tfjs:range": "tensor",
  "tfjs:concat": "tensor",
  "tfjs:stack": "tensor",
  "estimator:Estimator": "estimator",
  "estimator:modelToEstimator": "estimator",
};

/** Methods that give the kind of thing they are called on. */
const DATASET_METHODS = new Set([
  "batch",
  "map",
  "mapAsync",
  "shuffle",
  "repeat",
  "take",
  "skip",
  "filter",
  "prefetch",
  "concatenate",
]);

/** Types as written, by the last part of their name. */
const TYPES: Readonly<Record<string, Kind>> = {
  LayersModel: "model",
  Sequential: "model",
  Estimator: "estimator",
  Dataset: "dataset",
  Tensor: "tensor",
  Tensor1D: "tensor",
  Tensor2D: "tensor",
  Tensor3D: "tensor",
  Tensor4D: "tensor",
  GraphModel: "other",
};

/** Reads values of one text, each name once. */
export class Values {
  private readonly byBinding = new Map<number, Value>();

  constructor(readonly names: Names) {}

  of(expression: Node, depth = 0): Value {
    const node = unwrap(expression);
    if (depth > MAX_DEPTH) return UNKNOWN;
    switch (node.type) {
      case "identifier":
      case "shorthand_property_identifier": {
        const binding = this.names.resolve(node.text, node.startIndex);
        return binding ? this.ofBinding(binding, depth + 1) : UNKNOWN;
      }
      case "call_expression":
        return this.ofCall(node, depth + 1);
      case "new_expression":
        return this.ofNew(node);
      case "member_expression":
        return this.ofMember(node, depth + 1);
      case "ternary_expression":
        return this.either([node.childForFieldName("consequence"), node.childForFieldName("alternative")], depth + 1);
      case "assignment_expression":
        return this.either([node.childForFieldName("right")], depth + 1);
      case "array":
        return { kind: "array", origins: [node] };
      case "object":
      case "string":
      case "template_string":
      case "number":
      case "regex":
      case "class":
        return { kind: "other", origins: [node] };
      default:
        return FUNCTIONS.has(node.type) ? { kind: "other", origins: [node] } : UNKNOWN;
    }
  }

  ofBinding(binding: Binding, depth = 0): Value {
    const known = this.byBinding.get(binding.node.id);
    if (known) return known;
    // A name that is made of itself is unknown; the entry also ends the recursion.
    this.byBinding.set(binding.node.id, UNKNOWN);
    const value = this.readBinding(binding, depth);
    this.byBinding.set(binding.node.id, value);
    return value;
  }

  private readBinding(binding: Binding, depth: number): Value {
    if (binding.kind === "function") return { kind: "other", origins: [binding.declaration] };
    if (binding.kind !== "variable" && binding.kind !== "parameter") return UNKNOWN;
    const annotated = ofType(binding.declaration.childForFieldName("type"));
    const target = binding.declaration.childForFieldName(binding.kind === "variable" ? "name" : "pattern");
    if (target && target.type !== "identifier") return UNKNOWN;
    const assigned = this.names.uses(binding).flatMap(({ node, path }) => {
      const parent = path.at(-2);
      const isLeft = parent?.type === "assignment_expression" && parent.childForFieldName("left")?.id === node.id;
      return isLeft ? [parent.childForFieldName("right")] : [];
    });
    const initial = binding.kind === "variable" ? binding.declaration.childForFieldName("value") : null;
    const read = this.either([initial, ...assigned], depth);
    return annotated && (read.kind === "unknown" || annotated === "model") ? { ...read, kind: annotated } : read;
  }

  private ofCall(call: Node, depth: number): Value {
    const callee = call.childForFieldName("function");
    if (!callee) return UNKNOWN;
    const imported = importedBy(this.names, callee);
    if (imported) return made(imported, call);
    const target = unwrap(callee);
    const object = memberObject(target);
    if (object) {
      const name = memberName(target) ?? "";
      const on = this.of(object, depth);
      if (on.kind === "dataset" && DATASET_METHODS.has(name)) return on;
      if (on.kind === "tensor")
        return { kind: name.endsWith("ync") || name === "array" ? "unknown" : "tensor", origins: [call] };
      const method = unwrap(object).type === "this" ? methodNear(call, name) : null;
      return method ? this.returned(method, depth) : UNKNOWN;
    }
    if (target.type !== "identifier") return FUNCTIONS.has(target.type) ? this.returned(target, depth) : UNKNOWN;
    const binding = this.names.resolve(target.text, target.startIndex);
    const fn = binding && functionOf(binding);
    return fn ? this.returned(fn, depth) : UNKNOWN;
  }

  private ofNew(node: Node): Value {
    const className = node.childForFieldName("constructor");
    if (!className) return UNKNOWN;
    const imported = importedBy(this.names, className);
    if (imported) return made(imported, node);
    if (className.type !== "identifier") return UNKNOWN;
    const binding = this.names.resolve(className.text, className.startIndex);
    if (binding?.kind === "class") {
      // A class of the file that has no base class is no model; one with a base class may be.
      const heritage = binding.declaration.namedChildren.some((child) => child.type === "class_heritage");
      return heritage ? UNKNOWN : { kind: "other", origins: [node] };
    }
    if (binding?.kind !== "import") return UNKNOWN;
    const statement = binding.path.findLast((one) => one.type === "import_statement");
    const source = statement?.childForFieldName("source");
    const specifier = source && stringValue(source);
    // A class of another package is not TensorFlow.js's, whatever its methods are called; one of the user's own files may be.
    return specifier && isPackage(specifier) ? { kind: "other", origins: [node] } : UNKNOWN;
  }

  /** `this.model`: by the field's type, or by what the class assigns to it. */
  private ofMember(node: Node, depth: number): Value {
    const object = memberObject(node);
    const name = memberName(node);
    if (!object || name === null) return UNKNOWN;
    if (unwrap(object).type !== "this") return this.ofProperty(object, name, depth);
    const body = classBodyAround(node);
    if (!body) return UNKNOWN;
    const fields = body.namedChildren.filter(
      (child) =>
        /field_definition$/.test(child.type) &&
        (child.childForFieldName("name") ?? child.childForFieldName("property"))?.text === name,
    );
    const annotated = ofType(fields[0]?.childForFieldName("type") ?? null);
    const assigned = body
      .descendantsOfType("assignment_expression")
      .filter((one) => one.childForFieldName("left")?.text === `this.${name}`)
      .map((one) => one.childForFieldName("right"));
    const read = this.either([...fields.map((field) => field.childForFieldName("value")), ...assigned], depth);
    return annotated && read.kind === "unknown" ? { ...read, kind: annotated } : read;
  }

  /** `data.x` where `data` is known to be object literals. */
  private ofProperty(object: Node, name: string, depth: number): Value {
    const { kind, origins } = this.of(object, depth);
    if (kind !== "other" || origins.length === 0) return UNKNOWN;
    const values = origins.map((origin) => {
      const members = origin.type === "object" ? membersOf(origin) : [];
      return members.some((member) => member.name === null)
        ? null
        : (members.find((member) => member.name === name)?.value ?? null);
    });
    return values.includes(null) ? UNKNOWN : this.either(values, depth);
  }

  private returned(fn: Node, depth: number): Value {
    const body = fn.childForFieldName("body");
    if (!body) return UNKNOWN;
    const annotated = ofType(fn.childForFieldName("return_type"));
    const results =
      body.type === "statement_block"
        ? returnsOf(body).map((one) => one.namedChildren.find((n) => n.type !== "comment") ?? null)
        : [body];
    const read = this.either(results, depth + 1);
    return annotated && read.kind === "unknown" ? { ...read, kind: annotated } : read;
  }

  /** What all of them are; a single one that is known to be a model is enough, since the name then stands for models. */
  private either(nodes: readonly (Node | null)[], depth: number): Value {
    const values = nodes.flatMap((node) => (node && !isEmpty(node) ? [this.of(node, depth)] : []));
    const strong = values.filter(({ kind }) => kind === "model" || kind === "estimator");
    const kinds = new Set((strong.length > 0 ? strong : values).map(({ kind }) => kind));
    const [kind] = kinds;
    const origins = values.flatMap((value) => value.origins);
    return kinds.size === 1 && kind ? { kind, origins } : { kind: "unknown", origins };
  }
}

function made(imported: Imported, node: Node): Value {
  const name = `${imported.library}:${imported.member}`;
  const kind =
    MAKERS[name] ??
    (/^tfjs:data\.\w+$/.test(name) ? "dataset" : /^tfjs:(tensor\dd|random\w+)$/.test(name) ? "tensor" : "other");
  // Other functions of the library give tensors, layers, optimizers: nothing that trains. A bare `tf.x` may still be anything.
  return imported.member === "" ? UNKNOWN : { kind, origins: [node] };
}

/** `name` or `@scope/name`; not a file of the user's own, as `./x`, `#x` and `@/x` are. */
const isPackage = (specifier: string) => /^(?:@[\w-][^/]*\/)?\w/.test(specifier);

const isEmpty = (node: Node) => node.type === "null" || node.type === "undefined";

/** The kind that a type annotation names, also inside Promise<…> and beside null. */
function ofType(annotation: Node | null): Kind | null {
  if (!annotation) return null;
  for (const [, name] of annotation.text.matchAll(/(\w+)\s*(?=[<>|,)\]]|\s*$)/g)) {
    const kind = TYPES[name!];
    if (kind) return kind;
  }
  return /^:\s*(number|string|boolean)\s*$/.test(annotation.text) ? "other" : null;
}

/** The function that a name stands for: declared, or an arrow or function expression as initial value. */
export function functionOf(binding: Binding): Node | null {
  if (binding.kind === "function") return binding.declaration;
  const value = binding.kind === "variable" ? binding.declaration.childForFieldName("value") : null;
  const inner = value && unwrap(value);
  return inner && FUNCTIONS.has(inner.type) ? inner : null;
}

function returnsOf(body: Node): Node[] {
  const found: Node[] = [];
  const visit = (node: Node) => {
    for (const child of node.namedChildren) {
      if (child.type === "return_statement") found.push(child);
      else if (!FUNCTIONS.has(child.type) && !child.type.startsWith("class")) visit(child);
    }
  };
  visit(body);
  return found;
}

function classBodyAround(node: Node): Node | null {
  for (let at: Node | null = node; at; at = at.parent) if (at.type === "class_body") return at;
  return null;
}

function methodNear(node: Node, name: string): Node | null {
  const body = classBodyAround(node);
  return (
    body?.namedChildren.find(
      (child) => child.type === "method_definition" && child.childForFieldName("name")?.text === name,
    ) ?? null
  );
}
