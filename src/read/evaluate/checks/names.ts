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

export function checkNames({ library, place }: CompileFacts, given: NamesGiven, isKnown: boolean): Found[] {
  const at = library === "keras3" ? 3 : 2;
  const found = [
    ...checkName("optimizer", given.optimizer, library, isKnown, place, { argument: "optimizer", position: 0 }),
    ...checkName("loss", given.loss, library, isKnown, place, { argument: "loss", position: 1 }),
    ...given.metrics.flatMap((name) => [
      // A metric may be a loss by its name.
      ...(isAny("loss", library, isKnown, name)
        ? []
        : checkName("metric", name, library, isKnown, place, { item: name, of: "metrics", position: at })),
    ]),
  ];
  if (given.metricsAreOneText && library === "keras3") {
    const spot: Spot = { argument: "metrics", position: at };
    found.push({
      place,
      at: spot,
      failure: problem("metrics-list"),
      severity: isKnown ? "error" : "information",
      fixes: [{ title: "Put it into a list", place, at: spot, edit: { kind: "set-code", to: "[{}]" } }],
    });
  }
  return found;
}

/** What there is in every library that it may be. */
const librariesOf = (library: Library, isKnown: boolean): readonly Library[] =>
  isKnown || library === "tfjs" ? [library] : ["keras3", "keras2"];

const isAny = (kind: Kind, library: Library, isKnown: boolean, name: string) =>
  librariesOf(library, isKnown).some((one) => isNameOf(kind, one, name));

export function checkName(
  kind: Kind,
  name: string | null,
  library: Library,
  isKnown: boolean,
  place: Place,
  at: Spot,
): Found[] {
  if (name === null || isAny(kind, library, isKnown, name)) return [];
  // Of two that are as near, the one in small letters: classes have names too.
  const names = [...namesOf(kind, library)].sort((a, b) => Number(/^[A-Z]/.test(a)) - Number(/^[A-Z]/.test(b)));
  const nearest = nearestOf(name, names) ?? SHORT[library]?.[name];
  // A name that is like none may be one of the user's own, which Keras was told of elsewhere.
  if (nearest === undefined) return [];
  return [
    {
      place,
      at,
      failure: problem("unknown-name", { what: kind, name, nearest }),
      severity: "error",
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
