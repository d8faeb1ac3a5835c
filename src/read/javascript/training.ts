// Finds the calls that train: fit and fitDataset of a Keras model, train and trainAndEvaluate of an Estimator. Rewrites nothing.
import type { Node } from "web-tree-sitter";
import type { Source } from "../source";
import { importedBy, type LibraryImport, libraryImports } from "./imports";
import { type Binding, Names } from "./names";
import { argumentsOf, memberName, memberObject, pathAt, unwrap } from "./nodes";
import { type Value, Values } from "./values";

export type TrainingMethod = "fit" | "fitDataset" | "train" | "trainAndEvaluate";

/** A call that trains. */
export interface TrainingCall {
  method: TrainingMethod;
  call: Node;
  /** The nodes around the call, the program first, the call last. */
  path: readonly Node[];
  /** What is trained: the expression before `.fit`, the first argument of `trainAndEvaluate`. */
  receiver: Node;
  value: Value;
  /** The name's declaration where the receiver is a plain name. */
  binding: Binding | undefined;
}

/** Everything that is read of a script at once. Nodes live as long as the source. */
export interface Script {
  language: "javascript";
  source: Source;
  names: Names;
  values: Values;
  imports: readonly LibraryImport[];
  calls: readonly TrainingCall[];
}

const CANDIDATE = /\b(fit|fitDataset|train|trainAndEvaluate)\b(?=["'`]?\]?\s*(?:!\s*)?(?:\?\.\s*)?\()/g;

export function readScript(source: Source): Script {
  const names = new Names(source);
  const values = new Values(names);
  const script = { language: "javascript", source, names, values, imports: libraryImports(names) } as const;
  return { ...script, calls: findCalls(script) };
}

function findCalls(script: Omit<Script, "calls">): TrainingCall[] {
  const { source } = script;
  const found: TrainingCall[] = [];
  for (const match of source.text.matchAll(CANDIDATE)) {
    const path = pathAt(source, match.index);
    // The call whose function ends in this name: above it lie only the member access and type wrappers.
    const at = path.findLastIndex((node) => node.type === "call_expression");
    const call = path[at];
    const callee = call?.childForFieldName("function");
    if (!call || !callee || callee.endIndex <= match.index || call.childForFieldName("arguments")?.type !== "arguments")
      continue;
    const one = trainingCall(script, call, callee, match[1] as TrainingMethod);
    if (one && !found.some((other) => other.call.id === call.id))
      found.push({ ...one, call, path: path.slice(0, at + 1) });
  }
  return found;
}

function trainingCall(
  script: Omit<Script, "calls">,
  call: Node,
  callee: Node,
  method: TrainingMethod,
): Omit<TrainingCall, "call" | "path"> | null {
  const target = unwrap(callee);
  if (method === "trainAndEvaluate") {
    const imported = importedBy(script.names, target);
    const [first] = argumentsOf(call);
    const isIt = imported?.library === "estimator" && imported.member === "trainAndEvaluate";
    return isIt && first ? { method, ...receiverOf(script, first) } : null;
  }
  const object = memberObject(target);
  if (!object || memberName(target) !== method) return null;
  const read = receiverOf(script, object);
  return trains(script, method, read, argumentsOf(call).length) ? { method, ...read } : null;
}

function receiverOf({ names, values }: Omit<Script, "calls">, receiver: Node) {
  const inner = unwrap(receiver);
  const binding = inner.type === "identifier" ? names.resolve(inner.text, inner.startIndex) : undefined;
  return { receiver, value: values.of(receiver), binding };
}

/** A wrong lens is worse than a missing one: what is unknown needs the library in the file and arguments as training takes them. */
function trains(
  { imports }: Omit<Script, "calls">,
  method: TrainingMethod,
  { value, receiver }: { value: Value; receiver: Node },
  count: number,
): boolean {
  const brings = (library: LibraryImport["library"]) => imports.some((one) => one.library === library);
  if (method === "train") {
    if (value.kind === "estimator") return true;
    return value.kind === "unknown" && brings("estimator") && /estimator/i.test(receiver.text) && count >= 1;
  }
  if (value.kind === "model") return true;
  // Only models of TensorFlow.js have fitDataset; a fit with one argument or none is somebody else's.
  return value.kind === "unknown" && count >= 2 && (method === "fitDataset" || brings("tfjs"));
}
