// What the rules about training are given: a model's end, its loss and metrics, the data, as plain data. Types and small questions;
// collects nothing itself.
import type { Library } from "../../../model/layers/catalog.types";
import { shapeInWords } from "../../../model/layers/tensors";
import type { AnyShape } from "../../../model/shape";
import type { Fix, Found, Spot, Within } from "../found";
import type { Place } from "../value";

/** Which function the values of a tensor come from last. */
export interface ActivationFacts {
  /** `softmax`, `linear`. */
  readonly name: string;
  /** The layer that applies it. */
  readonly place: Place;
  readonly layer: string;
  /** The layer has it as an argument, or would take it as one: `Dense(10)`. */
  readonly isArgument: boolean;
  readonly isGiven: boolean;
}

export interface OutputFacts {
  readonly shape: AnyShape;
  /** Null: not known. */
  readonly activation: ActivationFacts | null;
  /** The layer whose units the last size is, where that is certain. */
  readonly units: { readonly place: Place; readonly layer: string } | null;
}

export interface LossFacts {
  /** As Keras's function is called: `binary_crossentropy`. */
  readonly name: string;
  readonly fromLogits: boolean | "?";
  /** How it is given: "mse", a function, an object made with arguments. */
  readonly how: "text" | "function" | "made";
  /** As it is written: `categoricalCrossentropy`. */
  readonly written: string;
  /** Where the object is made. */
  readonly made: Place | null;
}

export interface MetricFacts {
  readonly name: string;
  readonly how: "text" | "function" | "made";
}

export interface CompileFacts {
  readonly library: Library;
  readonly place: Place;
  /** Of a model with several outputs: which entry of its losses is meant. */
  readonly within?: Within;
  /** Null: nothing is known of it. */
  readonly output: OutputFacts | null;
  readonly loss: LossFacts | null;
  /** Null: not all known. */
  readonly metrics: readonly MetricFacts[] | null;
}

export interface LabelFacts {
  readonly shape: AnyShape;
  readonly classes: number | null;
  readonly dtype: string;
}

export interface DataFacts {
  readonly library: Library;
  /** The call of fit. */
  readonly place: Place;
  readonly method: string;
  readonly form: "sequential" | "functional" | "other";
  readonly input: AnyShape;
  /** The layer that sees the data first. */
  readonly first: { readonly layer: string; readonly place: Place } | null;
  readonly x: AnyShape;
  readonly y: LabelFacts | null;
  readonly isDataset: boolean;
  readonly compile: CompileFacts | null;
}

export const last = (shape: AnyShape): number | null => {
  const size = shape === "?" ? null : shape.at(-1);
  return typeof size === "number" ? size : null;
};

/** In words: `(None, 10)`, with the batch as None. */
export const words = (shape: AnyShape): string =>
  shapeInWords(shape === "?" || shape.length === 0 ? shape : [null, ...shape.slice(1)]);

export const CATEGORICAL = new Set([
  "categorical_crossentropy",
  "sparse_categorical_crossentropy",
  "categorical_focal_crossentropy",
]);
export const BINARY = new Set(["binary_crossentropy", "binary_focal_crossentropy"]);
export const REGRESSION = new Set([
  "mean_squared_error",
  "mean_absolute_error",
  "mean_absolute_percentage_error",
  "mean_squared_logarithmic_error",
  "huber",
  "log_cosh",
]);

/** The name of a loss as a text of its library. */
export const lossText = (library: Library, name: string): string =>
  library === "tfjs" ? name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) : name;

const CLASSES: Readonly<Record<string, string>> = {
  binary_crossentropy: "BinaryCrossentropy",
  categorical_crossentropy: "CategoricalCrossentropy",
  sparse_categorical_crossentropy: "SparseCategoricalCrossentropy",
};

/** Where the loss is chosen. */
export const lossSpot = ({ within }: CompileFacts): Spot => ({
  argument: "loss",
  position: 1,
  ...(within !== undefined && { within }),
});

/** The loss is replaced by another one, as it is written. */
export function lossInstead(facts: CompileFacts, name: string): Fix[] {
  const { library, place, loss } = facts;
  if (!loss) return [];
  const text = lossText(library, name);
  if (loss.how === "text") {
    return [
      {
        title: `Use "${text}"`,
        place,
        at: lossSpot(facts),
        edit: { kind: "set-text", to: text },
      },
    ];
  }
  const className = CLASSES[name];
  return loss.how === "made" && loss.made && className
    ? [{ title: `Use ${className}`, place: loss.made, at: "callee", edit: { kind: "rename", to: className } }]
    : [];
}

/** The last layer gets another activation, where it has one as an argument. */
export function activationInstead(activation: ActivationFacts, name: string): Fix[] {
  if (!activation.isArgument) return [];
  const { place } = activation;
  return activation.isGiven
    ? [
        {
          title: `Use activation "${name}"`,
          place,
          at: { argument: "activation", position: 1 },
          edit: { kind: "set-text", to: name },
        },
      ]
    : [
        {
          title: `Add activation "${name}"`,
          place,
          at: { argument: "activation", position: 1 },
          edit: { kind: "add-argument", text: name },
        },
      ];
}

export type Check<Facts> = (facts: Facts) => readonly Found[];
