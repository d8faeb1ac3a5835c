// Classes of a Python text: which class a method's `self` is of, and what an instance is as far as training is concerned.
import type { Node } from "../tree";
import { unwrap } from "./nodes";
import { isBaseClass, made } from "./packages";
import type { Value, Values } from "./values";

const MAX_DEPTH = 12;

/** The class whose method a parameter belongs to; null outside of methods. */
export function classAround(path: readonly Node[]): Node | null {
  const at = path.findLastIndex((node) => node.type === "function_definition");
  const block = path[path[at - 1]?.type === "decorated_definition" ? at - 2 : at - 1];
  const owner = block && path[path.indexOf(block) - 1];
  return block?.type === "block" && owner?.type === "class_definition" ? owner : null;
}

/** Is it the first parameter of a method? Not of a static one, where it is like any other. */
export function isSelf(path: readonly Node[]): boolean {
  const node = path.at(-1)!;
  const list = path.at(-2);
  if (list?.type !== "parameters" || list.firstNamedChild?.id !== node.id || !classAround(path)) return false;
  const at = path.findLastIndex((one) => one.type === "function_definition");
  const decorated = path[at - 1]?.type === "decorated_definition" ? path[at - 1]! : null;
  return !decorated?.namedChildren.some((child) => child.type === "decorator" && child.text.includes("staticmethod"));
}

/** The method of that name that a class defines itself. */
export function methodOf(owner: Node, name: string): Node | null {
  const body = owner.childForFieldName("body");
  const methods = body?.namedChildren.map((child) =>
    child.type === "decorated_definition" ? child.childForFieldName("definition") : child,
  );
  return (
    methods?.find((one) => one?.type === "function_definition" && one.childForFieldName("name")?.text === name) ?? null
  );
}

/** What an instance of a class is. A class without bases is something else; one whose bases are not known may be anything. */
export function instanceOf(values: Values, owner: Node, origin: Node, depth: number): Value {
  const bases = baseClasses(owner);
  const kinds = bases.map((base) => ofBase(values, base, origin, depth + 1));
  const plain: Value = { kind: "other", flavour: null, origins: [origin] };
  if (
    kinds.some(({ kind }) => kind === "unknown") &&
    !kinds.some(({ kind }) => kind === "model" || kind === "estimator")
  ) {
    return { kind: "unknown", flavour: null, origins: [origin] };
  }
  return kinds.length === 0 ? plain : { ...values.eitherOf(kinds), origins: [origin] };
}

function ofBase(values: Values, base: Node, origin: Node, depth: number): Value {
  const unknown: Value = { kind: "unknown", flavour: null, origins: [origin] };
  const meaning = values.meaningOf(base);
  if (meaning)
    return { kind: isBaseClass(meaning) ? made(meaning) : "other", flavour: meaning.flavour, origins: [origin] };
  if (base.type !== "identifier" || depth > MAX_DEPTH) return unknown;
  const binding = values.names.resolve(base.text, base.startIndex);
  if (!binding) return { ...unknown, kind: base.text === "object" ? "other" : "unknown" };
  const [definition] = binding.definitions;
  return definition?.kind === "class" ? instanceOf(values, definition.statement, origin, depth) : unknown;
}

/** The base classes, without keywords such as `metaclass`. */
function baseClasses(owner: Node): Node[] {
  const list = owner.childForFieldName("superclasses");
  return (list?.namedChildren ?? [])
    .filter((node) => node.type === "identifier" || node.type === "attribute")
    .map(unwrap);
}
