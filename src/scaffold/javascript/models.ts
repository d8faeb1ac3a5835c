// The network of a script for TensorFlow.js: the same layers written one after another, as a graph, or inside a modelFn.
import { hole, pick } from "../markup";

export interface NetworkParts {
  /** The input's shape, as written: `[FEATURES]`. */
  shape: string;
  images: boolean;
  /** Units of the last layer, as written. */
  units: string;
  /** Activation of the last layer; absent: it gives logits, or a number. */
  activation?: string | undefined;
  /** What the model is called. */
  name: string;
  type: (text: string) => string;
}

/** What a Keras model is called in the file. */
export const MODEL = hole("model", "model");

const relu = `activation: "${pick("activation", ["relu", "elu", "tanh"])}"`;
const first = `units: ${hole("units", 32)}, ${relu}`;
const second = `units: ${hole("units2", 16)}, ${relu}`;
const conv = (filters: string) => `filters: ${filters}, kernelSize: 3, padding: "same", ${relu}`;
const filters = hole("filters", 8);
const filters2 = hole("filters2", 8);

export function sequential(parts: NetworkParts): string {
  const { shape, images, name } = parts;
  const layers = images
    ? [
        `conv2d({ inputShape: ${shape}, ${conv(filters)} })`,
        "maxPooling2d({ poolSize: 2 })",
        `conv2d({ ${conv(filters2)} })`,
        "flatten()",
        last(parts),
      ]
    : [`dense({ inputShape: ${shape}, ${first} })`, `dense({ ${second} })`, last(parts)];
  return `const ${name} = tf.sequential({
  layers: [
${layers.map((layer) => `    tf.layers.${layer},`).join("\n")}
  ],
});`;
}

export function functional(parts: NetworkParts): string {
  const { shape, images, type, name } = parts;
  const symbol = type(" as tf.SymbolicTensor");
  const symbols = type(" as tf.SymbolicTensor[]");
  const lines = images
    ? [
        `const seen = tf.layers.conv2d({ ${conv(filters)} }).apply(inputs);`,
        "const smaller = tf.layers.maxPooling2d({ poolSize: 2 }).apply(seen);",
        `const again = tf.layers.conv2d({ ${conv(filters)} }).apply(smaller);`,
        "// The second convolution adds to what the first has seen, which a sequential model cannot say.",
        `const both = tf.layers.add().apply([smaller, again]${symbols});`,
        "const flat = tf.layers.flatten().apply(both);",
        `const outputs = tf.layers.${last(parts)}.apply(flat)${symbol};`,
      ]
    : [
        `const hidden = tf.layers.dense({ ${first} }).apply(inputs);`,
        `const deep = tf.layers.dense({ ${second} }).apply(hidden);`,
        "// The last layer sees the numbers themselves too, which a sequential model cannot say.",
        `const both = tf.layers.concatenate().apply([inputs, deep]${symbols});`,
        `const outputs = tf.layers.${last(parts)}.apply(both)${symbol};`,
      ];
  return `const inputs = tf.input({ shape: ${shape} });
${lines.join("\n")}
const ${name} = tf.model({ inputs, outputs });`;
}

function last({ units, activation }: NetworkParts): string {
  return `dense({ units: ${units}${activation ? `, activation: "${activation}"` : ""} })`;
}
