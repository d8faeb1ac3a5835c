// Finds a fit that runs before its model is compiled: only in straight-line code, where there is no doubt about the order.
import { PROBLEMS, type Problem } from "../../model/problem";
import { importedBy } from "./imports";
import type { Occurrence } from "./names";
import { memberName, memberObject, type Node, STATEMENT_LISTS, unwrap } from "./nodes";
import type { Script, TrainingCall } from "./training";

/** Methods of a model that cannot compile it. */
const HARMLESS = new Set(["add", "summary", "fit", "fitDataset", "evaluate", "predict", "getLayer", "countParams"]);
const MAKES = new Set(["sequential", "model"]);

export function fitBeforeCompile(script: Script): Problem[] {
  return script.calls.flatMap((call) => problemOf(script, call) ?? []);
}

function problemOf(script: Script, { binding, call, path, method, receiver }: TrainingCall): Problem | null {
  if (method !== "fit" && method !== "fitDataset") return null;
  if (binding?.kind !== "variable" || binding.declaration.childForFieldName("name")?.id !== binding.node.id)
    return null;
  const value = binding.declaration.childForFieldName("value");
  const maker = value && unwrap(value);
  const callee = maker?.type === "call_expression" ? maker.childForFieldName("function") : null;
  const imported = callee && importedBy(script.names, callee);
  if (imported?.library !== "tfjs" || !MAKES.has(imported.member)) return null;
  const list = path.findLast((node) => STATEMENT_LISTS.has(node.type));
  if (!list || list.hasError || !runsOnceIn(list, binding.path)) return null;

  const uses = script.names.uses(binding);
  const before = uses.filter(({ node }) => node.startIndex < call.startIndex);
  if (!before.every((use) => isHarmless(use, list))) return null;
  // Written after the fit, but in a function that is called before it: not straight-line any more.
  const after = uses.filter(({ node }) => node.startIndex >= call.endIndex);
  if (after.some((use) => !isIn(use, list) || isAssigned(use))) return null;
  const later = after.map(methodOf).find((used) => used?.name === "compile");
  return {
    code: "fit-before-compile",
    severity: "error",
    message: PROBLEMS["fit-before-compile"]({
      model: receiver.text,
      call: `${receiver.text}.${method}`,
      compile: `${receiver.text}.compile({ optimizer, loss })`,
    }),
    span: { start: receiver.startIndex, end: (call.childForFieldName("function") ?? call).endIndex },
    related: later
      ? [{ span: { start: later.call.startIndex, end: later.call.endIndex }, message: "It is compiled only here." }]
      : [],
  };
}

/** Is the declaration one of the statements of the list itself? */
function runsOnceIn(list: Node, path: readonly Node[]): boolean {
  const nearest = path.findLast((node) => STATEMENT_LISTS.has(node.type));
  return nearest?.id === list.id;
}

/** Does this use stand in a statement of the list, not in a function or a block inside it? */
function isIn({ path }: Occurrence, list: Node): boolean {
  return (
    path.findLast((node) => STATEMENT_LISTS.has(node.type) || /function|class_body|switch_body/.test(node.type))?.id ===
    list.id
  );
}

function isHarmless(use: Occurrence, list: Node): boolean {
  const used = methodOf(use);
  return isIn(use, list) && used !== null && HARMLESS.has(used.name);
}

function isAssigned({ node, path }: Occurrence): boolean {
  return path.at(-2)?.childForFieldName("left")?.id === node.id;
}

function methodOf({ node, path }: Occurrence): { name: string; call: Node } | null {
  const member = path.at(-2);
  const call = path.at(-3);
  if (!member || call?.type !== "call_expression" || memberObject(member)?.id !== node.id) return null;
  const name = memberName(member);
  return name === null ? null : { name, call };
}
