// What is lost with the Keras callbacks of a fit: nothing that trains, or a reason not to convert. Reads their code, runs nothing.
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import type { Refusal } from "../result";
import { calledName, definitionOf, isMethodCall, valuesOf } from "./lookup";
import { refuse } from "./refusals";

/** Keras's own that only look on. What takes their place where there is something. */
const WATCHING: Readonly<Record<string, string>> = {
  ModelCheckpoint: "the Estimator keeps checkpoints in model_dir",
  BackupAndRestore: "the Estimator goes on from model_dir by itself",
  TensorBoard: "the Estimator writes event files into model_dir",
  CSVLogger: "",
  ProgbarLogger: "",
  History: "",
  BaseLogger: "",
  RemoteMonitor: "",
  TerminateOnNaN: "the Estimator ends with an error when the loss is NaN",
};

/** What code of a callback says that changes the training. */
const CHANGES =
  /\bstop_training\b|\bset_weights\b|\bset_value\b|\.assign\w*\(|\blearning_rate\s*=[^=]|\.lr\s*=[^=]|\btrainable\s*=[^=]/;

/** Notes on what is left out, or why the conversion would change the numbers. */
export function callbackProblem(script: PythonScript, callbacks: Node, line: number): Refusal | string[] {
  const all = listed(script, callbacks);
  if (!all) return refuse("callbacks-unknown", line, { callbacks: callbacks.text });
  const notes: string[] = [];
  for (const callback of all) {
    const values = valuesOf(script, callback);
    if (!values) return refuse("callbacks-unknown", line, { callbacks: callback.text });
    for (const value of values) {
      const name = calledName(value);
      if (name === null) return refuse("callbacks-unknown", line, { callbacks: value.text });
      const own = definitionOf(script, value, "class_definition");
      const code = own?.text ?? (name === "LambdaCallback" ? value.text : undefined);
      if (own ? CHANGES.test(own.text) : code !== undefined && changesByName(script, value)) {
        return refuse("early-stopping", line, { callback: name });
      }
      if (code === undefined && !(name in WATCHING)) return refuse("early-stopping", line, { callback: name });
      const instead = WATCHING[name] ?? "a SessionRunHook can take its place: estimator.train(input_fn, hooks=[…])";
      notes.push(`${name} is left out: an Estimator runs no Keras callbacks${instead ? `; ${instead}` : ""}.`);
    }
  }
  return notes;
}

/** LambdaCallback: its code, and that of the functions of this file which it names. */
function changesByName(script: PythonScript, callback: Node): boolean {
  if (CHANGES.test(callback.text)) return true;
  return callback.descendantsOfType("identifier").some((name) => {
    const binding = script.names.resolve(name.text, name.startIndex);
    return binding?.definitions.some(({ kind, statement }) => kind === "function" && CHANGES.test(statement.text));
  });
}

/** The callbacks of a list, also of one that is made before and only grows; null where it is not written here. */
function listed(script: PythonScript, callbacks: Node): Node[] | null {
  const values = valuesOf(script, callbacks);
  if (!values) return null;
  const found: Node[] = [];
  for (const value of values) {
    if (value.type === "call") found.push(value);
    else if (value.type !== "list" && value.type !== "tuple") return null;
    else if (value.namedChildren.some(({ type }) => type === "list_splat")) return null;
    else found.push(...value.namedChildren.filter(({ type }) => type !== "comment"));
  }
  if (callbacks.type !== "identifier") return found;
  const appended = script.source.tree.rootNode
    .descendantsOfType("call")
    .filter((call) => ["append", "extend", "insert"].some((method) => isMethodCall(call, callbacks.text, method)));
  for (const call of appended) {
    const [one] = call.childForFieldName("arguments")?.namedChildren ?? [];
    if (!one || !isMethodCall(call, callbacks.text, "append")) return null;
    found.push(one);
  }
  return found;
}
