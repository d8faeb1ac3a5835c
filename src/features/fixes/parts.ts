// The parts of a call in a tree: its name, its arguments and where they stand, in Python and in JavaScript. Knows no problem.
import { scriptName } from "../../model/layers/bind";
import type { Span } from "../../model/span";
import type { Spot, Within } from "../../read/evaluate/found";
import { membersOf, argumentsOf as scriptArguments, stringValue as scriptString } from "../../read/javascript/nodes";
import { isCode, argumentsOf as pythonArguments, stringValue as pythonString } from "../../read/python/nodes";
import type { Source } from "../../read/source";
import { type Node, spanOf } from "../../read/tree";
import { callAt } from "../place";

export const isPythonNode = (source: Source): boolean => source.dialect === "python";

/** The name of what is called: `fit` of `model.fit`. */
export function calleeName(call: Node): Node {
  const callee = call.childForFieldName("function") ?? call.childForFieldName("constructor") ?? call;
  return callee.childForFieldName("attribute") ?? callee.childForFieldName("property") ?? callee;
}

/** One argument: all of it (`lr=0.1`), its name where it is given by name, its value. */
export interface Part {
  readonly node: Node;
  readonly name: Node | null;
  readonly value: Node;
}

export function partOf(source: Source, call: Node, spot: Exclude<Spot, "callee" | "method">): Part | null {
  const { argument, item } = "item" in spot ? { argument: spot.of, item: spot.item } : { ...spot, item: null };
  const whole = isPythonNode(source)
    ? pythonPart(call, argument, spot.position)
    : scriptPart(call, argument, spot.position);
  const part = whole && spot.within !== undefined ? entryOf(source, whole.value, spot.within) : whole;
  if (!part || item === null) return part;
  const text = isPythonNode(source) ? pythonString : scriptString;
  const items = [part.value, ...part.value.namedChildren].filter((node) => text(node) === item);
  return items[0] ? { node: items[0], name: null, value: items[0] } : null;
}

/** An entry of a dictionary or a list that is written out. */
function entryOf(source: Source, value: Node, within: Within): Part | null {
  const entries = value.namedChildren.filter(isCode);
  if (typeof within === "number") {
    const entry = /^(list|tuple|array)$/.test(value.type) ? entries[within] : undefined;
    return entry ? { node: entry, name: null, value: entry } : null;
  }
  for (const node of entries) {
    const [key, entry] = [node.childForFieldName("key"), node.childForFieldName("value")];
    const text = key && (isPythonNode(source) ? pythonString(key) : (scriptString(key) ?? key.text));
    if (key && entry && text === within) return { node, name: key, value: entry };
  }
  return null;
}

function pythonPart(call: Node, argument: string, position?: number): Part | null {
  const given = pythonArguments(call);
  const named = given.find(({ name }) => name === argument);
  if (named) return { node: named.node, name: named.node.childForFieldName("name"), value: named.value };
  if (position === undefined) return null;
  const before = given.slice(0, position + 1);
  const isPlain = before.length > position && before.every(({ name, spread }) => name === null && spread === null);
  const one = before[position];
  return isPlain && one ? { node: one.node, name: null, value: one.value } : null;
}

function scriptPart(call: Node, argument: string, position?: number): Part | null {
  const given = scriptArguments(call);
  const names = new Set([argument, scriptName(argument)]);
  for (const one of given) {
    if (one.type !== "object") continue;
    const member = membersOf(one).find(({ name }) => name !== null && names.has(name));
    if (member) return { node: member.node, name: member.node.childForFieldName("key"), value: member.value };
  }
  // Only data is given by place.
  const one = argument === "x" || argument === "y" ? given[position ?? -1] : undefined;
  return one ? { node: one, name: null, value: one } : null;
}

const TAKES_DATA = /^(fit|evaluate|predict|(train|test|predict)_on_batch)$/;

/** Where a part of a call stands: the value of an argument, the name of one that should not be there. */
export function spanOfSpot(source: Source, place: Span, spot: Spot | undefined, byName: boolean): Span {
  const call = callAt(source, place);
  if (!call) return place;
  if (spot === undefined) {
    // What fails within a model that is given data: it is the data that is shown.
    const data = TAKES_DATA.test(calleeName(call).text) ? partOf(source, call, { argument: "x", position: 0 }) : null;
    return data ? spanOf(data.value) : place;
  }
  if (spot === "callee") return spanOf(calleeName(call));
  if (spot === "method") return spanOf(call.childForFieldName("function") ?? call);
  const part = partOf(source, call, spot);
  if (part) return spanOf(byName && part.name ? part.name : part.value);
  const { within, ...whole } = spot;
  if (within !== undefined) return spanOfSpot(source, place, whole, byName);
  // It comes from elsewhere: a dictionary, a default.
  return spanOf(calleeName(call));
}

/** The arguments' brackets, or the object that stands for them. */
export function listOfArguments(source: Source, call: Node): Node | null {
  const list = call.childForFieldName("arguments");
  if (isPythonNode(source)) return list?.type === "argument_list" ? list : null;
  return scriptArguments(call).find(({ type }) => type === "object") ?? null;
}

/** `{keras}` is what the file calls Keras; null where it has no name for it. */
export function withKeras({ text }: Source, code: string): string | null {
  if (!code.includes("{keras}")) return code;
  const name =
    /^\s*(?:import keras|from tensorflow import keras|import tensorflow\.keras as keras|import tf_keras as keras)\s*(?:#.*)?$/m.test(
      text,
    )
      ? "keras"
      : /^\s*import tensorflow as tf\s*(?:#.*)?$/m.test(text)
        ? "tf.keras"
        : null;
  return name && code.replace("{keras}", name);
}
