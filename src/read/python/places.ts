// Which training call a place in a Python text belongs to: its own statement, or where its model is made, changed or compiled.
import { overlaps, type Span } from "../../model/span";
import { type Node, spanOf } from "../tree";
import { attributeName, attributeObject, statementAround } from "./nodes";
import type { PythonScript, PythonTrainingCall } from "./training";

const MODEL_METHODS = new Set(["compile", "add", "summary", "build"]);

/** Everything in the text that a call's model is built with, the call itself first. */
export function placesOf(script: PythonScript, call: PythonTrainingCall): Span[] {
  const places = [spanOf(statementAround(call.path))];
  for (const origin of call.value.origins) places.push(spanOf(origin));
  if (!call.binding) return places;
  for (const { node, kind, statement } of call.binding.definitions) {
    const isWritten = kind === "assignment" || kind === "parameter" || kind === "walrus";
    if (isWritten) places.push(spanOf(kind === "assignment" && isShort(statement) ? statement : node));
  }
  for (const { path } of script.names.uses(call.binding)) {
    const used = methodCall(path);
    if (used) places.push(spanOf(used));
  }
  return places;
}

/** The calls whose places touch a span: those that lie in it before those that only build what is trained. */
export function callsAt(script: PythonScript, span: Span): PythonTrainingCall[] {
  const own = script.calls.filter((call) => overlaps(spanOf(statementAround(call.path)), span));
  return own.length > 0
    ? own
    : script.calls.filter((call) => placesOf(script, call).some((place) => overlaps(place, span)));
}

/** An assignment of one name from one line, `model = build()`, is a place as a whole. */
const isShort = (assignment: Node): boolean => assignment.startPosition.row === assignment.endPosition.row;

/** `model.compile(…)` around the name `model`, where the method is one that builds. */
function methodCall(path: readonly Node[]): Node | null {
  const attribute = path.at(-2);
  const call = path.at(-3);
  if (!attribute || call?.type !== "call" || attributeObject(attribute)?.id !== path.at(-1)?.id) return null;
  return MODEL_METHODS.has(attributeName(attribute) ?? "") ? call : null;
}
