// One layer alone, and on what it stands on: a softmax over one value, a softmax after a softmax, an activation that no library has.
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import type { AnyShape, Dim } from "../../../model/shape";
import type { Found } from "../found";
import type { Place } from "../value";
import type { ActivationFacts } from "./facts";
import { checkName } from "./names";

export interface MadeFacts {
  readonly library: Library;
  readonly place: Place;
  readonly layer: string;
  /** Null: not known, or it has none. */
  readonly activation: string | null;
  readonly units: Dim;
}

export function checkMade({ library, place, layer, activation, units }: MadeFacts): readonly Found[] {
  if (activation === null) return [];
  const at = { argument: "activation", position: layer === "Activation" ? 0 : 1 };
  const unknown = checkName("activation", activation, library, place, at);
  if (unknown.length > 0 || layer !== "Dense" || units !== 1 || activation !== "softmax") return unknown;
  return [
    {
      place,
      at,
      failure: problem("softmax-one-unit", { layer }),
      severity: "warning",
      fixes: [{ title: 'Use activation "sigmoid"', place, at, edit: { kind: "set-text", to: "sigmoid" } }],
    },
  ];
}

export interface CalledFacts {
  readonly layer: string;
  /** Where the layer is made. */
  readonly made: Place;
  readonly place: Place;
  /** `softmax` where the layer is nothing else. */
  readonly alone: string | null;
  readonly input: AnyShape;
  readonly before: ActivationFacts | null;
}

export function checkCalled({ layer, made, place, alone, input, before }: CalledFacts): readonly Found[] {
  if (alone !== "softmax") return [];
  if (before?.name === "softmax") {
    return [
      {
        place: made,
        failure: problem("double-softmax", { before: before.layer }),
        severity: "warning",
        related: [{ place: before.place, message: "The first softmax is here." }],
        fixes: [{ title: "Remove this softmax", place: made, edit: { kind: "remove-layer" } }],
      },
    ];
  }
  const isOne = input !== "?" && input.length > 1 && input.at(-1) === 1;
  return isOne
    ? [
        {
          place: made,
          failure: problem("softmax-one-unit", { layer }),
          severity: "warning",
          related:
            before && before.place !== place
              ? [{ place: before.place, message: "The one value comes from here." }]
              : [],
        },
      ]
    : [];
}
