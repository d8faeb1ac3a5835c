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
  for (const name of own) {
    found.push({
      place,
      at,
      failure: problem("estimator-loses", { what: `the model's own \`${name}\`` }),
      severity: "warning",
      related: made,
    });
  }
  if (!optimizer) return found;
  const related: Related[] = [{ place: optimizer.place, message: "The optimizer is made here." }];
  if (/^(AdamW|Lion)$/i.test(optimizer.name)) {
    const failure = problem("estimator-optimizer", { optimizer: optimizer.name });
    found.push({ place, at, failure, severity: "error", related });
  } else {
    for (const option of optimizer.options) {
      const failure = problem("estimator-loses", { what: `the optimizer's \`${option}\`` });
      found.push({ place, at, failure, severity: "warning", related });
    }
  }
  return found;
}

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
