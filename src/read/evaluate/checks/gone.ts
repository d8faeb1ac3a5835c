// Methods of models that have gone, or will go.
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import type { Found } from "../found";
import type { Place } from "../value";

interface Gone {
  readonly since: "Keras 3" | "TensorFlow 2.6";
  readonly advice: string;
  readonly instead?: string;
}

const GONE: Readonly<Record<string, Gone>> = {
  fit_generator: { since: "Keras 3", advice: "`fit` takes generators.", instead: "fit" },
  evaluate_generator: { since: "Keras 3", advice: "`evaluate` takes generators.", instead: "evaluate" },
  predict_generator: { since: "Keras 3", advice: "`predict` takes generators.", instead: "predict" },
  predict_classes: {
    since: "TensorFlow 2.6",
    advice: "Take the largest yourself: `model.predict(x).argmax(axis=-1)`, or `model.predict(x) > 0.5` for one unit.",
  },
  predict_proba: { since: "TensorFlow 2.6", advice: "`predict` gives the same.", instead: "predict" },
};

export function checkGone(method: string, library: Library, place: Place): Found[] {
  const gone = Object.hasOwn(GONE, method) ? GONE[method] : undefined;
  if (!gone || library === "tfjs") return [];
  const { since, advice, instead } = gone;
  const staysHere = since === "Keras 3" && library === "keras2";
  return [
    {
      place,
      at: "callee",
      failure: staysHere
        ? problem("deprecated-method", { name: method, advice })
        : problem("removed-method", { name: method, since, advice }),
      severity: staysHere ? "hint" : "error",
      unsure: "warning",
      fixes:
        instead === undefined
          ? []
          : [{ title: `Use \`${instead}\``, place, at: "callee", edit: { kind: "rename", to: instead } }],
    },
  ];
}
