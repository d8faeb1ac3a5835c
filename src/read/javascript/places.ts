// Which training call a place in the text belongs to: its own statement, or where its model is made, changed or compiled.
import { overlaps, type Span } from "../../model/span";
import { memberName, memberObject, type Node, STATEMENT_LISTS, spanOf, unwrap } from "./nodes";
import type { Script, TrainingCall } from "./training";

const MODEL_METHODS = new Set(["compile", "add", "summary"]);

/** Everything in the text that a call's model is built with, each with the call itself first. */
export function placesOf(script: Script, call: TrainingCall): Span[] {
  const places = [spanOf(statementAround(call.path))];
  for (const origin of call.value.origins) places.push(spanOf(origin));
  if (!call.binding) return places;
  places.push(spanOf(call.binding.node));
  for (const { path } of script.names.uses(call.binding)) {
    const used = methodCall(path);
    if (used) places.push(spanOf(used));
  }
  return places;
}

/** The calls whose places touch a span: those that lie in it before those that only build what is trained. */
export function callsAt(script: Script, span: Span): TrainingCall[] {
  const own = script.calls.filter((call) => overlaps(spanOf(statementAround(call.path)), span));
  return own.length > 0
    ? own
    : script.calls.filter((call) => placesOf(script, call).some((place) => overlaps(place, span)));
}

/** `model.compile(…)` around the name `model`, where the method is one that builds. */
function methodCall(path: readonly Node[]): Node | null {
  const member = path.at(-2);
  const call = path.at(-3);
  if (!member || call?.type !== "call_expression" || memberObject(member)?.id !== path.at(-1)?.id) return null;
  return MODEL_METHODS.has(memberName(unwrap(member)) ?? "") ? call : null;
}

export function statementAround(path: readonly Node[]): Node {
  const list = path.findLastIndex((node) => STATEMENT_LISTS.has(node.type));
  return path[list + 1] ?? path.at(-1)!;
}

/** The calls that a line belongs to; `line` counts from 0. */
export function callsInLine(script: Script, line: number): TrainingCall[] {
  const { source } = script;
  const start = source.offsetAt({ line, character: 0 });
  return callsAt(script, { start, end: source.offsetAt({ line, character: Number.MAX_SAFE_INTEGER }) });
}
