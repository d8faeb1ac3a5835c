// Arguments of optimizers, losses and of the methods that train: those that have gone, those that are passed over, those that never were.
import { nearestOf } from "../../../model/layers/bind";
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import { methodArguments, optimizerArguments } from "../../../model/trainingNames";
import type { Found } from "../found";
import type { Place } from "../value";

export interface GivenFacts {
  readonly library: Library;
  readonly place: Place;
  /** `Adam`, `fit`. */
  readonly name: string;
  /** `keras.optimizers`, `keras.optimizers.legacy`; null for a method. */
  readonly module: string | null;
  readonly given: readonly string[];
}

export const checkOptimizer = (facts: GivenFacts): Found[] => {
  const known = facts.module === "keras.optimizers" ? optimizerArguments(facts.name) : undefined;
  if (!known) return [];
  return facts.given
    .filter((argument) => !known.includes(argument))
    .map((argument) => {
      if (argument === "lr") return learningRate(facts);
      if (argument === "decay") return decay(facts);
      return unknown(facts, argument, known);
    });
};

/** Keras 3 raises, Keras 2.11 to 2.15 pass over it; earlier ones took it for the learning rate. */
function learningRate({ library, place, name }: GivenFacts): Found {
  const at = { argument: "lr" };
  const code = library === "keras3" ? "removed-option" : "ignored-option";
  return {
    place,
    at,
    failure: problem(code, { call: name, name: "lr", advice: "Write `learning_rate`." }),
    severity: library === "keras3" ? "error" : "warning",
    unsure: "warning",
    fixes: [{ title: "Rename to `learning_rate`", place, at, edit: { kind: "rename", to: "learning_rate" } }],
  };
}

/** The other way round: Keras 3 passes over it with a warning, Keras 2.11 to 2.15 raise. */
function decay({ library, place, name }: GivenFacts): Found {
  const at = { argument: "decay" };
  const code = library === "keras2" ? "removed-option" : "ignored-option";
  const advice = "Give a schedule as the learning rate: InverseTimeDecay of `keras.optimizers.schedules`.";
  return {
    place,
    at,
    failure: problem(code, { call: name, name: "decay", advice }),
    severity: library === "keras2" ? "error" : "warning",
    unsure: "warning",
    fixes: [{ title: "Remove `decay`", place, at, edit: { kind: "remove-argument" } }],
  };
}

function unknown({ place, name }: GivenFacts, argument: string, known: readonly string[]): Found {
  const nearest = nearestOf(argument, known);
  const at = { argument };
  return {
    place,
    at,
    failure: problem("unknown-option", { call: name, name: argument, ...(nearest !== undefined && { nearest }) }),
    severity: "error",
    fixes:
      nearest === undefined
        ? []
        : [{ title: `Rename to \`${nearest}\``, place, at, edit: { kind: "rename", to: nearest } }],
  };
}

const OLD: Readonly<Record<string, string>> = {
  nb_epoch: "epochs",
  nb_epochs: "epochs",
  epoch: "epochs",
  samples_per_epoch: "steps_per_epoch",
  nb_val_samples: "validation_steps",
};

export function checkMethod(facts: GivenFacts): Found[] {
  const { library, place, name, given } = facts;
  const known = methodArguments(name);
  if (!known || library === "tfjs") return [];
  return given
    .filter((argument) => !known.all.includes(argument) && argument !== "auto_scale_loss")
    .flatMap((argument): Found[] => {
      const at = { argument };
      if (known.keras2?.includes(argument)) {
        if (library === "keras2") return [];
        const removed: Found = {
          place,
          at,
          failure: problem("removed-option", { call: name, name: argument, advice: "Keras 3 raises. Leave it out." }),
          severity: "error",
          unsure: "information",
          fixes: [{ title: `Remove \`${argument}\``, place, at, edit: { kind: "remove-argument" } }],
        };
        return [removed];
      }
      const instead = OLD[argument];
      const found = unknown(facts, argument, known.all);
      if (instead === undefined) return [found];
      return [
        {
          ...found,
          failure: problem("unknown-option", { call: name, name: argument, nearest: instead }),
          fixes: [{ title: `Rename to \`${instead}\``, place, at, edit: { kind: "rename", to: instead } }],
        },
      ];
    });
}
