// Finds the calls that train in Python: fit and its kin of a Keras model, train and train_and_evaluate of an Estimator. Rewrites nothing.
import type { Source } from "../source";
import { type Node, pathAt } from "../tree";
import { type BackendSetting, backendIn } from "./backend";
import { estimatorPlaces, firstNeeded, kerasIn } from "./estimators";
import { importsOf, type LibraryUse } from "./libraries";
import { type Binding, Names } from "./names";
import { argumentFor, attributeName, attributeObject, unwrap } from "./nodes";
import type { KerasFlavour } from "./packages";
import { trains } from "./trains";
import { type Value, Values } from "./values";

export const PYTHON_METHODS = ["fit", "fit_generator", "train_on_batch", "train", "train_and_evaluate"] as const;
export type PythonTrainingMethod = (typeof PYTHON_METHODS)[number];

/** A call that trains. The same shape as in JavaScript. */
export interface PythonTrainingCall {
  method: PythonTrainingMethod;
  call: Node;
  /** The nodes around the call, the module first, the call last. */
  path: readonly Node[];
  /** What is trained: the expression before `.fit`; the estimator given to `train_and_evaluate`. */
  receiver: Node;
  value: Value;
  /** What the receiver's name means where it is a plain name. */
  binding: Binding | undefined;
}

/** Everything that is read of a Python script, or of a notebook's cells in order, at once. Nodes live as long as the source. */
export interface PythonScript {
  language: "python";
  source: Source;
  names: Names;
  values: Values;
  /** Every statement that brings in Keras, TensorFlow or tf.estimator, in the order of the text. */
  imports: readonly LibraryUse[];
  /** The Keras variants that the script names, by import or as `tf.keras`. Empty where it names none. */
  keras: ReadonlySet<KerasFlavour>;
  /** The first place that needs tf.estimator; null where none does. */
  estimator: Node | null;
  /** The Keras backend that the script sets itself; null where it sets none. */
  backend: BackendSetting | null;
  calls: readonly PythonTrainingCall[];
}

const CANDIDATE = new RegExp(`\\b(${PYTHON_METHODS.join("|")})\\b(?=\\s*(?:\\\\\\r?\\n\\s*)?\\()`, "g");

export function readPythonScript(source: Source): PythonScript {
  const names = new Names(source);
  const imports = importsOf(names);
  const values = new Values(names, imports);
  const places = estimatorPlaces(names, imports);
  const found = source.text.matchAll(CANDIDATE);
  const calls = [...found].flatMap(
    ({ index, 1: method }) => callAt(values, places.length > 0, index, method as PythonTrainingMethod) ?? [],
  );
  return {
    language: "python",
    source,
    names,
    values,
    imports: imports.libraries,
    keras: kerasIn(names, imports),
    estimator: firstNeeded(places),
    backend: backendIn(names),
    calls,
  };
}

/** The call whose function ends in the name at an offset, if it trains. */
function callAt(
  values: Values,
  usesEstimator: boolean,
  offset: number,
  method: PythonTrainingMethod,
): PythonTrainingCall | null {
  const around = pathAt(values.names.source, offset);
  const at = around.findLastIndex((node) => node.type === "call");
  const call = around[at];
  const callee = call?.childForFieldName("function");
  if (!call || !callee || callee.endIndex <= offset || call.childForFieldName("arguments")?.type !== "argument_list")
    return null;
  const path = around.slice(0, at + 1);
  const target = unwrap(callee);
  if (method === "train_and_evaluate") {
    const meaning = values.meaningOf(target);
    const receiver = argumentFor(call, "estimator", 0);
    const isIt = meaning?.library === "estimator" && /(?:^|\.)train_and_evaluate$/.test(meaning.member);
    return isIt && receiver ? { method, call, path, ...receiverOf(values, receiver) } : null;
  }
  const object = attributeObject(target);
  if (!object || attributeName(target) !== method) return null;
  const read = receiverOf(values, object);
  return trains(values.imports, usesEstimator, method, { ...read, call }) ? { method, call, path, ...read } : null;
}

function receiverOf(values: Values, receiver: Node): Pick<PythonTrainingCall, "receiver" | "value" | "binding"> {
  const inner = unwrap(receiver);
  const binding = inner.type === "identifier" ? values.names.resolve(inner.text, inner.startIndex) : undefined;
  return { receiver, value: values.of(receiver), binding };
}
