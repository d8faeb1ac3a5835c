// What a Python expression can be, as far as training is concerned: a model, an estimator, a data set, something else, or unknown.
import { type Node, pathAt } from "../tree";
import { classAround, instanceOf, isSelf, methodOf } from "./classes";
import type { Definition } from "./definitions";
import { type Imports, meaningOf } from "./libraries";
import type { Names } from "./names";
import { attributeName, attributeObject, inBody, isCode, unwrap } from "./nodes";
import { type KerasFlavour, type Made, type Meaning, made, understood } from "./packages";
import { typeMeaning } from "./types";

export type Kind = Made | "unknown";

export interface Value {
  kind: Kind;
  /** Which Keras a model is of, where that can be seen. */
  flavour: KerasFlavour | null;
  /** The expressions that make it: `keras.Sequential(…)`, `tf.estimator.Estimator(…)`, `MyModel()`. */
  origins: readonly Node[];
}

const UNKNOWN: Value = { kind: "unknown", flavour: null, origins: [] };
const MAX_DEPTH = 12;

const other = (node: Node): Value => ({ kind: "other", flavour: null, origins: [node] });

/** Methods that give the kind of thing they are called on. */
const DATASET_METHODS = new Set(
  "batch cache concatenate enumerate filter interleave map padded_batch prefetch repeat shard shuffle skip take unbatch with_options".split(
    " ",
  ),
);

/** Expressions that are neither models nor estimators, whatever is in them. */
const PLAIN = new Set([
  "string",
  "concatenated_string",
  "integer",
  "float",
  "true",
  "false",
  "list",
  "dictionary",
  "set",
  "tuple",
  "lambda",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
  "comparison_operator",
  "binary_operator",
]);

const SEQUENCES = new Set(["tuple", "list", "expression_list"]);
const RETURNS: ReadonlySet<string> = new Set(["return_statement"]);
const YIELDS: ReadonlySet<string> = new Set(["yield"]);

/** Reads values of one text, each definition once. */
export class Values {
  private readonly byDefinition = new Map<number, Value>();

  constructor(
    readonly names: Names,
    readonly imports: Imports,
  ) {}

  /** What of a library an expression stands for. After `from keras.models import *` a name that is bound nowhere may be one of its models. */
  meaningOf(expression: Node): Meaning | null {
    const known = meaningOf(this.names, expression);
    if (known || expression.type !== "identifier") return known;
    if (this.names.resolve(expression.text, expression.startIndex)) return null;
    const starred = this.imports.libraries.filter(({ name }) => name === null);
    const found = starred.map(({ imported }) => understood(`${imported}.${expression.text}`));
    return found.find((meaning) => meaning && /^(?:model|estimator)$/.test(made(meaning))) ?? null;
  }

  /** `element` is the way into a tuple: `[1]` for the second that `f()` returns. */
  of(expression: Node, depth = 0, element: readonly number[] = []): Value {
    const node = unwrap(expression);
    if (depth > MAX_DEPTH) return UNKNOWN;
    if (SEQUENCES.has(node.type) && element.length > 0) return this.ofElement(node, depth + 1, element);
    switch (node.type) {
      case "identifier":
        return element.length === 0 ? this.ofName(node, depth + 1) : UNKNOWN;
      case "call":
        return this.ofCall(node, depth + 1, element);
      case "attribute":
        return element.length === 0 ? this.ofAttribute(node, depth + 1) : UNKNOWN;
      case "conditional_expression": {
        const [chosen, , otherwise] = node.namedChildren.filter(isCode);
        return this.either([chosen, otherwise], depth + 1, element);
      }
      case "boolean_operator":
        return this.either([node.childForFieldName("left"), node.childForFieldName("right")], depth + 1, element);
      case "named_expression":
        return this.either([node.childForFieldName("value")], depth + 1, element);
      default:
        return PLAIN.has(node.type) && element.length === 0 ? other(node) : UNKNOWN;
    }
  }

  ofDefinition(definition: Definition, depth = 0): Value {
    const known = this.byDefinition.get(definition.node.id);
    if (known) return known;
    // A name that is made of itself is unknown; the entry also ends the recursion.
    this.byDefinition.set(definition.node.id, UNKNOWN);
    const value = this.readDefinition(definition, depth);
    this.byDefinition.set(definition.node.id, value);
    return value;
  }

  /** What all of them are; a single one that is known to train is enough, since the name then stands for such things. */
  eitherOf(values: readonly Value[]): Value {
    const strong = values.filter(({ kind }) => kind === "model" || kind === "wrapper" || kind === "estimator");
    const taken = strong.length > 0 ? strong : values;
    const [first] = taken;
    const origins = values.flatMap((value) => value.origins);
    if (!first || taken.some(({ kind }) => kind !== first.kind)) return { ...UNKNOWN, origins };
    return { kind: first.kind, flavour: taken.find(({ flavour }) => flavour !== null)?.flavour ?? null, origins };
  }

  private either(nodes: readonly (Node | null | undefined)[], depth: number, element: readonly number[] = []): Value {
    return this.eitherOf(
      nodes.flatMap((node) => (node && unwrap(node).type !== "none" ? [this.of(node, depth, element)] : [])),
    );
  }

  private ofName(node: Node, depth: number): Value {
    const path = pathAt(this.names.source, node.startIndex);
    const binding = this.names.resolveIn(node.text, path);
    if (!binding) return UNKNOWN;
    const reaching = this.names.reaching(binding, path);
    return this.eitherOf(reaching.filter((one) => !isNone(one)).map((one) => this.ofDefinition(one, depth)));
  }

  private readDefinition(definition: Definition, depth: number): Value {
    const { kind, value, unpacked, node, path } = definition;
    switch (kind) {
      case "function":
      case "class":
        return other(node);
      case "import": {
        const meaning = definition.imported === null ? null : understood(definition.imported);
        return meaning ? other(node) : UNKNOWN;
      }
      case "parameter": {
        if (isSelf(path)) return instanceOf(this, classAround(path)!, node, depth);
        return this.annotated(definition.type, node, () => (value ? this.either([value], depth) : UNKNOWN));
      }
      case "assignment":
      case "walrus":
        return this.annotated(definition.type, node, () => (value ? this.of(value, depth, unpacked) : UNKNOWN));
      case "loop":
        return value && unpacked.length === 0 ? this.ofItems(value, depth) : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  /** An annotation counts where nothing can be read, and where it says that it is a model. */
  private annotated(type: Node | null, node: Node, read: () => Value): Value {
    const value = read();
    const meaning = type && typeMeaning(this.names, type);
    if (!meaning || value.kind === "model" || value.kind === "estimator") return value;
    const kind = made(meaning);
    return kind === "other" && value.kind !== "unknown"
      ? value
      : { kind, flavour: meaning.flavour, origins: [...value.origins, node] };
  }

  private ofItems(iterable: Node, depth: number): Value {
    const node = unwrap(iterable);
    return node.type === "list" || node.type === "tuple"
      ? this.either(node.namedChildren.filter(isCode), depth)
      : UNKNOWN;
  }

  private ofElement(sequence: Node, depth: number, [index, ...inner]: readonly number[]): Value {
    const items = sequence.namedChildren.filter(isCode);
    const item = items[index!];
    return !item || items.some(({ type }) => type === "list_splat") ? UNKNOWN : this.of(item, depth, inner);
  }

  private ofCall(call: Node, depth: number, element: readonly number[]): Value {
    const written = call.childForFieldName("function");
    if (!written) return UNKNOWN;
    const callee = unwrap(written);
    const meaning = this.meaningOf(callee);
    if (meaning) {
      const kind = made(meaning);
      return element.length > 0
        ? UNKNOWN
        : { kind, flavour: kind === "model" ? meaning.flavour : null, origins: [call] };
    }
    const object = attributeObject(callee);
    if (object) return this.ofMethodCall(call, object, attributeName(callee) ?? "", depth, element);
    if (callee.type === "lambda") return this.returned(callee, depth, element);
    if (callee.type !== "identifier") return UNKNOWN;
    const binding = this.names.resolve(callee.text, callee.startIndex);
    const results = binding?.definitions.map((definition) => {
      if (definition.kind === "class") return instanceOf(this, definition.statement, call, depth);
      const fn = functionOf(definition);
      return fn ? this.returned(fn, depth, element) : UNKNOWN;
    });
    return this.eitherOf(results ?? []);
  }

  private ofMethodCall(call: Node, object: Node, name: string, depth: number, element: readonly number[]): Value {
    const path = pathAt(this.names.source, object.startIndex);
    const near = unwrap(object);
    // `self.build()` and `MyModel.from_config(…)`: methods of a class of the file.
    const definitions = near.type === "identifier" ? (this.names.resolveIn(near.text, path)?.definitions ?? []) : [];
    for (const definition of definitions) {
      const ofSelf = definition.kind === "parameter" && isSelf(definition.path) ? classAround(definition.path) : null;
      const owner = definition.kind === "class" ? definition.statement : ofSelf;
      const method = owner && methodOf(owner, name);
      if (method) return this.returned(method, depth, element);
      if (definition.kind === "class" && name.startsWith("from_"))
        return instanceOf(this, definition.statement, call, depth);
    }
    const on = this.of(object, depth);
    if (on.kind === "dataset" && DATASET_METHODS.has(name)) return on;
    const maker = on.origins[0];
    const callee = on.origins.length === 1 && maker?.type === "call" ? maker.childForFieldName("function") : null;
    const made =
      callee?.type === "identifier" ? this.names.resolve(callee.text, callee.startIndex)?.definitions[0] : undefined;
    const method = made?.kind === "class" ? methodOf(made.statement, name) : null;
    return method ? this.returned(method, depth, element) : UNKNOWN;
  }

  /** `self.model`: what the class assigns to it, anywhere. */
  private ofAttribute(node: Node, depth: number): Value {
    if (meaningOf(this.names, node)) return other(node);
    const object = unwrap(attributeObject(node)!);
    if (object.type !== "identifier") return UNKNOWN;
    const path = pathAt(this.names.source, object.startIndex);
    const definition = this.names.resolveIn(object.text, path)?.definitions[0];
    const owner = definition?.kind === "parameter" && isSelf(definition.path) ? classAround(definition.path) : null;
    const body = owner?.childForFieldName("body");
    if (!body) return UNKNOWN;
    const name = attributeName(node);
    const assigned = body.descendantsOfType("assignment").filter((one) => {
      const left = one.childForFieldName("left")?.text;
      return left === `${object.text}.${name}` || (left === name && one.parent?.parent?.id === body.id);
    });
    return this.eitherOf(
      assigned.flatMap((one) => {
        const value = one.childForFieldName("right");
        if (value?.type === "none") return [];
        return [this.annotated(one.childForFieldName("type"), one, () => (value ? this.of(value, depth) : UNKNOWN))];
      }),
    );
  }

  private returned(fn: Node, depth: number, element: readonly number[]): Value {
    const body = fn.childForFieldName("body");
    if (!body) return UNKNOWN;
    if (fn.type === "lambda") return this.of(body, depth + 1, element);
    if (inBody(body, YIELDS).length > 0) return UNKNOWN;
    const results = inBody(body, RETURNS).map((one) => one.namedChildren.find(isCode));
    const type = element.length === 0 ? fn.childForFieldName("return_type") : null;
    return this.annotated(type, fn, () => this.either(results, depth + 1, element));
  }
}

const isNone = ({ value, unpacked }: Definition) =>
  unpacked.length === 0 && value !== null && unwrap(value).type === "none";

/** The function that a name stands for: by `def`, or a lambda that is assigned. */
function functionOf({ kind, statement, value }: Definition): Node | null {
  if (kind === "function") return statement;
  const inner = kind === "assignment" && value ? unwrap(value) : null;
  return inner?.type === "lambda" ? inner : null;
}
