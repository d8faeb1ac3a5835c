// model_to_estimator of TensorFlow 2.15: what it refuses, and what it passes over without a word.
import { problem } from "../../../model/problem";
import type { Found, Related } from "../found";
import type { Place } from "../value";

export interface EstimatorFacts {
  readonly place: Place;
  readonly model: Place;
  /** Whether the model was compiled; null: not known. */
  readonly isCompiled: boolean | null;
  /** The optimizer that it was compiled with, where that is known. */
  readonly optimizer: { readonly name: string; readonly place: Place; readonly options: readonly string[] } | null;
  readonly isSubclassed: boolean;
  /** Methods of the model's class that training calls. */
  readonly own: readonly string[];
  /** "" where it is not given, null where it is not known. */
  readonly checkpointFormat: string | null;
}

export function checkEstimator(facts: EstimatorFacts): Found[] {
  const { place, model, isCompiled, optimizer, isSubclassed, own, checkpointFormat } = facts;
  const at = { argument: "keras_model", position: 0 } as const;
  const made: Related[] = [{ place: model, message: "The model is made here." }];
  const found: Found[] = [];
  if (isCompiled === false)
    found.push({ place, at, failure: problem("estimator-not-compiled"), severity: "error", related: made });
  if (isSubclassed && checkpointFormat === "") {
    found.push({
      place,
      at,
      failure: problem("estimator-subclass"),
      severity: "error",
      related: made,
      fixes: [
        {
          title: 'Add checkpoint_format="saver"',
          place,
          at: { argument: "checkpoint_format" },
          edit: { kind: "add-argument", text: "saver" },
        },
      ],
    });
  }
  const lost = own.map((name) => `the model's own \`${name}\``);
  for (const option of optimizer?.options ?? []) lost.push(`the optimizer's \`${option}\``);
  if (lost.length > 0) {
    const related = optimizer && optimizer.options.length > 0 ? [...made, chosen(optimizer.place)] : made;
    const what = lost.length === 1 ? lost[0]! : `${lost.slice(0, -1).join(", ")} and ${lost.at(-1)}`;
    found.push({ place, at, failure: problem("estimator-loses", { what }), severity: "warning", related });
  }
  if (optimizer && /^(AdamW|Lion)$/i.test(optimizer.name)) {
    const failure = problem("estimator-optimizer", { optimizer: optimizer.name });
    found.push({ place, at, failure, severity: "error", related: [chosen(optimizer.place)] });
  }
  return found;
}

const chosen = (place: Place): Related => ({ place, message: "The optimizer is chosen here." });

/** A model that was converted. */
export const checkUsed = (method: string, converted: Place, place: Place): Found[] => [
  {
    place,
    at: "callee",
    failure: problem("model-after-estimator", { call: method }),
    severity: "error",
    related: [{ place: converted, message: "It is converted here." }],
  },
];

/** What the conversion of an optimizer drops. */
export const DROPPED = new Set(["weight_decay", "use_ema"]);
