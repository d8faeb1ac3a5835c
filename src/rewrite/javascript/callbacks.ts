// What is lost with the callbacks of fit: nothing that trains, or a reason not to convert. Reads their code, runs nothing.
import { FUNCTIONS, membersOf, type Node, unwrap } from "../../read/javascript/nodes";
import type { Script } from "../../read/javascript/training";
import type { Refusal } from "../result";
import { refuse } from "./refusals";

const STOPS = /\bearlyStopping\b|\bEarlyStopping\b|\bstopTraining\b/;
const CHANGES =
  /\bsetWeights\b|\blearningRate\s*=[^=]|\bsetLearningRate\b|\.compile\s*\(|\.loadWeights\s*\(|\btrainable\s*=[^=]/;
const MAX_FOLLOWED = 20;

/** Notes on what is left out, or why the conversion would change the numbers. */
export function callbackProblem(script: Script, callbacks: Node, line: number): Refusal | string[] {
  const { code, unknown } = follow(script, callbacks);
  for (const node of code) {
    if (STOPS.test(node.text)) return refuse("early-stopping", line);
    const change = CHANGES.exec(node.text);
    if (change) return refuse("callback-changes-training", line, { what: change[0].replace(/\s*=.$|\s*\($/, "") });
  }
  const names = handlerNames(callbacks);
  const which = names.length > 0 ? ` (${names.join(", ")})` : "";
  const doubt =
    unknown.length > 0
      ? ` Fitlens can't see what ${unknown.join(", ")} does; if it stops or changes the training, the numbers will differ.`
      : "";
  return [
    `The callbacks${which} are left out: an Estimator does not run them. Hooks take their place: estimator.train(inputFn, { hooks: [{ afterRun(context, { loss }) { … } }] }).${doubt}`,
    ...setOutside(script, callbacks),
    ...leftOver(script, callbacks),
  ];
}

/** The code of the callbacks: what is written there, and the functions, classes and objects of the file that it names. */
function follow(script: Script, callbacks: Node): { code: Node[]; unknown: string[] } {
  const code: Node[] = [callbacks];
  const unknown = new Set<string>();
  for (let at = 0; at < code.length && code.length < MAX_FOLLOWED; at++) {
    const shallow = code[at]!.childForFieldName("value")?.type;
    // What a call gives is judged by the call; the code that makes a model, say, is no part of a callback that mentions it.
    if (shallow === "call_expression" || shallow === "await_expression") continue;
    for (const name of namesIn(code[at]!)) {
      const binding = script.names.resolve(name.text, name.startIndex);
      if (binding?.kind === "import" || binding?.kind === "parameter") {
        if (at === 0 && !isInFunction(name, callbacks)) unknown.add(name.text);
      } else if (binding && (binding.kind === "function" || binding.kind === "class" || binding.kind === "variable")) {
        if (!code.some((node) => node.id === binding.declaration.id)) code.push(binding.declaration);
      }
    }
  }
  // tf.callbacks is known, and what it gives is recognised by name.
  return {
    code,
    unknown: [...unknown].filter(
      (name) =>
        !script.imports.some(
          ({ statement, library }) => library === "tfjs" && new RegExp(`\\b${name}\\b`).test(statement.text),
        ),
    ),
  };
}

function namesIn(node: Node): Node[] {
  return node.type === "identifier" || node.type === "shorthand_property_identifier"
    ? [node]
    : node.descendantsOfType(["identifier", "shorthand_property_identifier"]);
}

function isInFunction(name: Node, callbacks: Node): boolean {
  for (let at = name.parent; at && at.id !== callbacks.id; at = at.parent) if (FUNCTIONS.has(at.type)) return true;
  return FUNCTIONS.has(callbacks.type);
}

const ASSIGNMENTS = ["assignment_expression", "augmented_assignment_expression", "update_expression"];

/** Variables that the callbacks set for code after the training: they keep their first values. */
function setOutside(script: Script, callbacks: Node): string[] {
  const within = ({ startIndex }: Node) => callbacks.startIndex <= startIndex && startIndex < callbacks.endIndex;
  const notes = new Map<number, string>();
  for (const assignment of callbacks.descendantsOfType(ASSIGNMENTS)) {
    const left = assignment.childForFieldName("left") ?? assignment.childForFieldName("argument");
    const binding = left?.type === "identifier" ? script.names.resolve(left.text, left.startIndex) : undefined;
    if (!binding || within(binding.node)) continue;
    const used = script.names.uses(binding).find(({ node }) => node.startIndex >= callbacks.endIndex)?.node;
    if (!used) continue;
    notes.set(
      binding.node.id,
      `${binding.name} was set by the callbacks and is used in line ${used.startPosition.row + 1} of the script; it keeps the value that it has before the training.`,
    );
  }
  return [...notes.values()];
}

/** Names that only the callbacks used. */
function leftOver(script: Script, callbacks: Node): string[] {
  const within = ({ startIndex }: Node) => callbacks.startIndex <= startIndex && startIndex < callbacks.endIndex;
  const names = new Set<string>();
  for (const { text, startIndex } of namesIn(callbacks)) {
    const binding = script.names.resolve(text, startIndex);
    if (binding && !within(binding.node) && script.names.uses(binding).every(({ node }) => within(node)))
      names.add(text);
  }
  if (names.size === 0) return [];
  return [`Not used any more: ${[...names].join(", ")}.`];
}

function handlerNames(callbacks: Node): string[] {
  const node = unwrap(callbacks);
  const objects =
    node.type === "object"
      ? [node]
      : node.type === "array"
        ? node.namedChildren.filter((child) => child.type === "object")
        : [];
  return objects.flatMap((object) => membersOf(object).flatMap(({ name }) => name ?? []));
}
