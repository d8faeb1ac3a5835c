// The network of a Python file: the same layers written one after another, as a graph, or inside a model_fn.
import { hole, pick } from "../markup";

export interface NetworkParts {
  /** The package, as the file names it: `keras`, `tf.keras`. */
  keras: string;
  /** The input's shape, as written: `(FEATURES,)`. */
  shape: string;
  images: boolean;
  /** Units of the last layer, as written. */
  units: string;
  /** Activation of the last layer; absent: it gives logits, or a number. */
  activation?: string | undefined;
  /** What the model is called. */
  name: string;
}

/** What a Keras model is called in the file. */
export const MODEL = hole("model", "model");

const relu = `activation="${pick("activation", ["relu", "elu", "tanh"])}"`;
const first = `Dense(${hole("units", 32)}, ${relu})`;
const second = `Dense(${hole("units2", 16)}, ${relu})`;
const conv = (filters: string) => `Conv2D(${filters}, 3, padding="same", ${relu})`;
const filters = hole("filters", 8);
const filters2 = hole("filters2", 8);
const pooling = "MaxPooling2D(2)";

export function sequential(parts: NetworkParts): string {
  const { keras, shape, images, name } = parts;
  const layers = images
    ? [conv(filters), pooling, conv(filters2), "Flatten()", last(parts)]
    : [first, second, last(parts)];
  return `${name} = ${keras}.Sequential(
    [
        ${keras}.Input(shape=${shape}),
${layers.map((layer) => `        ${keras}.layers.${layer},`).join("\n")}
    ]
)`;
}

export function functional(parts: NetworkParts): string {
  const { keras, shape, images, name } = parts;
  const layers = `${keras}.layers`;
  const lines = images
    ? [
        `seen = ${layers}.${conv(filters)}(inputs)`,
        `smaller = ${layers}.${pooling}(seen)`,
        `again = ${layers}.${conv(filters)}(smaller)`,
        "# The second convolution adds to what the first has seen, which a sequential",
        "# model cannot say.",
        `both = ${layers}.Add()([smaller, again])`,
        `flat = ${layers}.Flatten()(both)`,
        `outputs = ${layers}.${last(parts)}(flat)`,
      ]
    : [
        `hidden = ${layers}.${first}(inputs)`,
        `deep = ${layers}.${second}(hidden)`,
        "# The last layer sees the numbers themselves too, which a sequential model",
        "# cannot say.",
        `both = ${layers}.Concatenate()([inputs, deep])`,
        `outputs = ${layers}.${last(parts)}(both)`,
      ];
  return `inputs = ${keras}.Input(shape=${shape})
${lines.join("\n")}
${name} = ${keras}.Model(inputs, outputs)`;
}

function last({ units, activation }: NetworkParts): string {
  return `Dense(${units}${activation ? `, activation="${activation}"` : ""})`;
}
