// Names that compile is given as texts: losses, metrics, optimizers that no Keras has.
import { nearestOf } from "../../../model/layers/bind";
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import { isNameOf, type Kind, namesOf } from "../../../model/trainingNames";
import type { Found, Spot } from "../found";
import type { Place } from "../value";
import type { CompileFacts } from "./facts";

export interface NamesGiven {
  readonly optimizer: string | null;
  readonly loss: string | null;
  readonly metrics: readonly string[];
  readonly metricsAreOneText: boolean;
}

export function checkNames({ library, place }: CompileFacts, given: NamesGiven): Found[] {
  const at = library === "keras3" ? 3 : 2;
  const found = [
    ...checkName("optimizer", given.optimizer, library, place, { argument: "optimizer", position: 0 }),
    ...checkName("loss", given.loss, library, place, { argument: "loss", position: 1 }),
    ...given.metrics.flatMap((name) => [
      // A metric may be a loss by its name.
      ...(isNameOf("loss", library, name)
        ? []
        : checkName("metric", name, library, place, { item: name, of: "metrics", position: at })),
    ]),
  ];
  if (given.metricsAreOneText && library === "keras3") {
    const spot: Spot = { argument: "metrics", position: at };
    found.push({
      place,
      at: spot,
      failure: problem("metrics-list"),
      severity: "error",
      unsure: "information",
      fixes: [{ title: "Put it into a list", place, at: spot, edit: { kind: "set-code", to: "[{}]" } }],
    });
  }
  return found;
}

const OTHER: Partial<Record<Library, Library>> = { keras3: "keras2", keras2: "keras3" };

export function checkName(kind: Kind, name: string | null, library: Library, place: Place, at: Spot): Found[] {
  if (name === null || isNameOf(kind, library, name)) return [];
  // Of two that are as near, the one in small letters: classes have names too.
  const names = [...namesOf(kind, library)].sort((a, b) => Number(/^[A-Z]/.test(a)) - Number(/^[A-Z]/.test(b)));
  const nearest = nearestOf(name, names) ?? SHORT[library]?.[name];
  // A name that is like none may be one of the user's own, which Keras was told of elsewhere.
  if (nearest === undefined) return [];
  const other = OTHER[library];
  const isElsewhere = other !== undefined && isNameOf(kind, other, name);
  return [
    {
      place,
      at,
      failure: problem("unknown-name", { what: kind, name, nearest }),
      severity: "error",
      ...(isElsewhere && { unsure: "none" as const }),
      fixes: [{ title: `Use "${nearest}"`, place, at, edit: { kind: "set-text", to: nearest } }],
    },
  ];
}

/** What Python has a short name for. */
const SHORT: Partial<Record<Library, Readonly<Record<string, string>>>> = {
  tfjs: {
    mse: "meanSquaredError",
    mae: "meanAbsoluteError",
    mean_squared_error: "meanSquaredError",
    mean_absolute_error: "meanAbsoluteError",
    binary_crossentropy: "binaryCrossentropy",
    categorical_crossentropy: "categoricalCrossentropy",
    sparse_categorical_crossentropy: "sparseCategoricalCrossentropy",
  },
};
