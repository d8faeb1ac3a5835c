// Finds a fit that runs before its model is compiled: only in straight-line code, where there is no doubt about the order.
import { PROBLEMS, type Problem } from "../../model/problem";
import { type Node, spanOf } from "../tree";
import type { Definition, Occurrence } from "./definitions";
import { attributeName, attributeObject, STATEMENT_LISTS, unwrap } from "./nodes";
import type { PythonScript, PythonTrainingCall } from "./training";

/** Methods of a model that cannot compile it. */
const HARMLESS = new Set(["add", "summary", "fit", "evaluate", "predict", "get_layer", "count_params", "build"]);
const MAKES = /(?:^|\.)(?:Sequential|Model|Functional)$/;

export interface CompileProblem extends Problem {
  /** The statement that makes the model. */
  made: Node;
}

export function fitBeforeCompile(script: PythonScript): CompileProblem[] {
  return script.calls.flatMap((call) => problemOf(script, call) ?? []);
}

function problemOf(
  script: PythonScript,
  { binding, call, path, method, receiver }: PythonTrainingCall,
): CompileProblem | null {
  const [definition] = binding?.definitions ?? [];
  if (method !== "fit" || !binding || !definition || binding.definitions.length > 1) return null;
  if (!makesModel(script, definition)) return null;
  const list = path.findLast((node) => STATEMENT_LISTS.has(node.type));
  if (!list || !isIn(definition, list) || list.hasError) return null;

  const uses = script.names.uses(binding);
  const before = uses.filter(({ node }) => node.startIndex < call.startIndex);
  if (!before.every((use) => isHarmless(use, list))) return null;
  // Written after the fit, but in a function that is called before it: not straight-line any more.
  const after = uses.filter(({ node }) => node.startIndex >= call.endIndex);
  if (!isIn({ path }, list) || after.some((use) => !isIn(use, list))) return null;
  const later = after.map(methodOf).find((used) => used?.name === "compile");
  return {
    code: "fit-before-compile",
    severity: "error",
    message: PROBLEMS["fit-before-compile"]({
      call: `${receiver.text}.${method}`,
      model: receiver.text,
      compile: `${receiver.text}.compile(optimizer=…, loss=…)`,
    }),
    span: { start: receiver.startIndex, end: (call.childForFieldName("function") ?? call).endIndex },
    related: later ? [{ span: spanOf(later.call), message: "It is compiled only here." }] : [],
    made: definition.statement,
  };
}

/** `model = keras.Sequential(…)` and no other way: a class of the file's own may compile itself. */
function makesModel(script: PythonScript, { kind, value, unpacked }: Definition): boolean {
  const maker = value && unwrap(value);
  const callee =
    kind === "assignment" && unpacked.length === 0 && maker?.type === "call"
      ? maker.childForFieldName("function")
      : null;
  const meaning = callee && script.values.meaningOf(callee);
  return meaning?.library === "keras" && MAKES.test(meaning.member);
}

/** Does this stand in a statement of the list itself, not in a function, a class or a block inside it? */
function isIn({ path }: Pick<Occurrence, "path">, list: Node): boolean {
  return (
    path.findLast((node) => STATEMENT_LISTS.has(node.type) || /^lambda$|comprehension$/.test(node.type))?.id === list.id
  );
}

function isHarmless(use: Occurrence, list: Node): boolean {
  const used = methodOf(use);
  return isIn(use, list) && used !== null && HARMLESS.has(used.name);
}

function methodOf({ node, path }: Occurrence): { name: string; call: Node } | null {
  const attribute = path.at(-2);
  const call = path.at(-3);
  if (!attribute || call?.type !== "call" || attributeObject(attribute)?.id !== node.id) return null;
  const name = attributeName(attribute);
  return name === null ? null : { name, call };
}
