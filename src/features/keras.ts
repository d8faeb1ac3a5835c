// Which Keras a Python call trains with, from the names in the text and from what the selected Python has. What neither tells is unknown.
import { compareVersions, hasEstimator } from "../model/versions";
import type { PythonParams } from "../protocol/server";
import type { KerasFlavour } from "../read/python/packages";
import type { PythonScript } from "../read/python/training";
import type { Analysis, AnyCall } from "./analysis";
import type { KerasDefault } from "./reading";

/** What the editor has told of Python; null before it has. */
export type KnownPython = PythonParams | null;

/** The Keras that a script has where it does not say so: the selected Python's, else the newest. */
export function kerasDefault(python: KnownPython): KerasDefault {
  const { keras, tensorflow } = python?.packages ?? {};
  if (keras) return compareVersions(keras, "3") < 0 ? "keras2" : "keras3";
  return tensorflow && hasEstimator(tensorflow) ? "keras2" : "keras3";
}

/** Whether it is known that all of Keras in a script is the one of `kerasDefault`. */
export function isKerasKnown({ source }: Analysis, python: KnownPython): boolean {
  const { keras, tensorflow } = python?.packages ?? {};
  // A script that asks for the other Keras itself runs with it.
  if ((!keras && !tensorflow) || source.text.includes("TF_USE_LEGACY_KERAS")) return false;
  if (keras && !/^\d/.test(keras)) return false;
  const isOld = keras ? compareVersions(keras, "3") < 0 : hasEstimator(tensorflow!);
  // Optimizers took other arguments before.
  if (isOld && compareVersions(keras ?? tensorflow!, "2.11") < 0) return false;
  // Where the two do not go together, `keras` and `tf.keras` are different ones.
  return !keras || !tensorflow || hasEstimator(tensorflow) === isOld;
}

/** `estimators`: tf.keras or Keras 2, whose models tf.estimator takes. `backends`: Keras 3, which runs on several backends. */
export type KerasKind = "estimators" | "backends" | "unknown";

export function kerasOf(script: PythonScript, call: AnyCall, python: KnownPython): KerasKind {
  switch (flavourOf(script, call)) {
    case "tf.keras":
      return "estimators";
    case "keras_core":
      return "backends";
    case "keras": {
      const version = python?.packages?.["keras"];
      if (version) return compareVersions(version, "3") < 0 ? "estimators" : "backends";
      // Only Keras 3 has a backend to choose.
      return script.backend ? "backends" : "unknown";
    }
    default:
      return "unknown";
  }
}

/** The Keras of what is trained; where that is not known, the first that the script names. */
function flavourOf(script: PythonScript, { value }: AnyCall): KerasFlavour | null {
  const flavour = "flavour" in value ? value.flavour : null;
  return flavour ?? [...script.keras][0] ?? null;
}

/** The backend that a run of a script takes, as far as it is known: what the script sets comes before what was chosen for it. */
export function backendOf({ uri, script, parts }: Analysis<PythonScript>, python: KnownPython): string | null {
  const own = script.backend;
  if (own && !own.isDefault) return own.name;
  const chosen = [uri, ...parts.map((part) => part.uri)]
    .map((one) => python?.backends[one])
    .find((name) => name !== undefined);
  return chosen ?? own?.name ?? python?.backends.default ?? null;
}
