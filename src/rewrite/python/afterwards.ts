// What a script does with its Keras model after the training. The model cannot be used any more, so evaluate and predict go to
// the Estimator; anything else is a reason not to convert.
import type { TextEdit } from "../../model/span";
import { argumentsOf, attributeName, FUNCTIONS, unwrap } from "../../read/python/nodes";
import type { PythonScript, PythonTrainingCall } from "../../read/python/training";
import { type Node, pathAt } from "../../read/tree";
import { isRefusal, type Refusal } from "../result";
import type { Helper } from "./data";
import { measuredInputFn } from "./data";
import { type Given, givenTo } from "./fitArguments";
import { lineOf } from "./lookup";
import { refuse } from "./refusals";

/** Harmless wherever they stand: they describe the model or belong to its making. */
const BEFORE = /^(add|build|compile|summary|get_config|to_json)$/;

export interface Afterwards {
  edits: TextEdit[];
  helpers: Set<Helper>;
  itemgetter: boolean;
  numpy: boolean;
  evaluates: boolean;
}

interface Parts {
  script: PythonScript;
  training: PythonTrainingCall;
  estimator: string;
  np: string;
  /** Names of what evaluate's list holds; null where it cannot be read. */
  results: readonly string[] | null;
}

export function afterwards(parts: Parts): Afterwards | Refusal {
  const found: Afterwards = {
    edits: [],
    helpers: new Set(),
    itemgetter: false,
    numpy: false,
    evaluates: false,
  };
  for (const use of usesAfter(parts)) {
    const edit = rewritten(parts, use, found);
    if (isRefusal(edit)) return edit;
    if (edit) found.edits.push(edit);
  }
  return found;
}

/** The places that name the model after the call in the same function, and all in functions that may run later. */
function usesAfter({ script, training }: Parts): Node[] {
  const { call, receiver, binding } = training;
  const home = functionOf(training.path);
  if (!binding) {
    return script.source.tree.rootNode
      .descendantsOfType(receiver.type)
      .filter((node) => node.text === receiver.text && isLater(script, node, call, home));
  }
  return script.names
    .uses(binding)
    .filter(({ node, path }) => isLater(script, node, call, home) && reachesFrom(script, training, path))
    .map(({ node }) => node);
}

const functionOf = (path: readonly Node[]): Node | undefined => path.findLast(({ type }) => FUNCTIONS.has(type));

function isLater(script: PythonScript, node: Node, call: Node, home: Node | undefined): boolean {
  if (call.startIndex <= node.startIndex && node.endIndex <= call.endIndex) return false;
  const own = functionOf(pathAt(script.source, node.startIndex));
  if (own?.id === home?.id) return node.startIndex > call.endIndex;
  const parent = node.parent;
  return !(parent?.type === "attribute" && BEFORE.test(attributeName(parent) ?? ""));
}

/** Does the place see the value that was trained, not one that the variable is given later? */
function reachesFrom(script: PythonScript, { call, binding, path }: PythonTrainingCall, use: readonly Node[]): boolean {
  const before = script.names.reaching(binding!, path).map(({ node }) => node.id);
  const reaching = script.names.reaching(binding!, use);
  return reaching.some(({ node }) => before.includes(node.id) && node.startIndex < call.startIndex);
}

function rewritten(parts: Parts, use: Node, found: Afterwards): TextEdit | Refusal | null {
  const attribute = use.parent;
  const call = attribute?.parent;
  const method = attribute?.type === "attribute" ? attributeName(attribute) : null;
  const isCall = call?.type === "call" && call.childForFieldName("function")?.id === attribute?.id;
  const model = parts.training.receiver.text;
  const line = parts.script.source.text.split("\n")[lineOf(use)]!.trim();
  const said = isCall ? `${model}.${method}(…)` : attribute?.type === "attribute" ? attribute.text : line;
  const refused = () => refuse("used-afterwards", lineOf(use), { use: `${said} in line ${lineOf(use) + 1}`, model });
  if (!isCall || (method !== "evaluate" && method !== "predict")) return refused();
  const given = givenTo(call, method, said);
  if (isRefusal(given)) return given;
  if (given["sample_weight"]) return refuse("weights", lineOf(call), { option: "sample_weight" });
  const input = measuredInputFn(parts.script, given);
  if (isRefusal(input)) return input;
  if (!input) return refused();
  found.helpers.add(input.helper);
  const data = `${input.helper}(${input.args.join(", ")})`;
  if (method === "predict") {
    if (given["steps"]) return refused();
    found.numpy = true;
    // One output: its array, as Keras gives it.
    const text = `${parts.np}.array([row for one in ${parts.estimator}.predict(${data}) for row in one.values()])`;
    return { start: call.startIndex, end: call.endIndex, text };
  }
  found.evaluates = true;
  const steps = given["steps"] ? `, steps=${given["steps"].text}` : "";
  const measured = `${parts.estimator}.evaluate(${data}${steps})`;
  return evaluated(parts, call, given, measured, found, said);
}

/** The call of evaluate in its place: alone it prints what it measured; where a list is expected, there is one in the same order. */
function evaluated(
  { results }: Parts,
  call: Node,
  given: Given,
  measured: string,
  found: Afterwards,
  said: string,
): TextEdit | Refusal {
  const place = { start: call.startIndex, end: call.endIndex };
  const silent = given["verbose"] && unwrap(given["verbose"]).text === "0";
  if (call.parent?.type === "expression_statement") return { ...place, text: silent ? measured : `print(${measured})` };
  if (argumentsOf(call).some(({ name, value }) => name === "return_dict" && value.text === "True")) {
    return { ...place, text: measured };
  }
  if (results === null) return refuse("metrics-unknown", lineOf(call), { use: said });
  found.itemgetter = true;
  const names = results.map((name) => JSON.stringify(name)).join(", ");
  return { ...place, text: `itemgetter(${names})(${measured})` };
}
