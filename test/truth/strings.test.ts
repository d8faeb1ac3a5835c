// The strings that completion offers are those that the libraries take.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { type StringKind, stringsOf } from "../../src/model/strings";

const KINDS: readonly StringKind[] = [
  "activation",
  "loss",
  "metric",
  "optimizer",
  "initializer",
  "regularizer",
  "constraint",
  "padding",
  "data_format",
];

/** Functions beside them that are none, and second names of those that are listed. */
const OTHERS =
  /^(get|serialize|deserialize|\w*_keras_object|kld|kl_divergence|bce|logcosh|huber_loss|kullback_leibler_divergence|categorical_generalized_cross_entropy|constant|normal|uniform|one|zero|stft)$/;

for (const [library, variable] of [
  ["keras3", "FITLENS_TEST_PYTHON"],
  ["keras2", "FITLENS_TEST_PYTHON_ESTIMATOR"],
] as const) {
  const python = process.env[variable];
  test(`strings of ${library}`, { skip: !python && `no ${variable}` }, () => {
    const ours = Object.fromEntries(KINDS.map((kind) => [kind, stringsOf(kind, library).map(({ name }) => name)]));
    const { stdout, stderr } = spawnSync(python!, [path.resolve("test/truth/strings.py")], {
      input: JSON.stringify(ours),
      encoding: "utf8",
    });
    const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
    assert.ok(line, stderr);
    const { refused, listed } = JSON.parse(line.slice("RESULT".length)) as {
      refused: string[];
      listed: Record<string, string[]>;
    };
    assert.deepEqual(refused, []);
    const missing = Object.entries(listed).flatMap(([kind, names]) =>
      names.filter((name) => !OTHERS.test(name) && !ours[kind]!.includes(name)).map((name) => `${kind} ${name}`),
    );
    assert.deepEqual(missing, []);
  });
}

describe("strings of TensorFlow.js", async () => {
  const tf = await import("@tensorflow/tfjs");
  const dense = (args: object) =>
    tf.layers.dense({ units: 2, inputShape: [2], ...args }).apply(tf.input({ shape: [2] }));
  const compiled = (args: object) =>
    tf
      .sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })
      .compile({ loss: "meanSquaredError", optimizer: "sgd", ...args });
  const takes: Readonly<Record<StringKind, (name: string) => unknown>> = {
    activation: (name) => dense({ activation: name }),
    loss: (name) => compiled({ loss: name }),
    metric: (name) => compiled({ metrics: [name] }),
    optimizer: (name) => compiled({ optimizer: name }),
    initializer: (name) => dense({ kernelInitializer: name }),
    regularizer: (name) => dense({ kernelRegularizer: name }),
    constraint: (name) => dense({ kernelConstraint: name }),
    padding: (name) =>
      tf.layers.conv1d({ filters: 1, kernelSize: 2, padding: name as "same" }).apply(tf.input({ shape: [4, 1] })),
    data_format: (name) =>
      tf.layers
        .conv2d({ filters: 1, kernelSize: 1, dataFormat: name as "channelsLast" })
        .apply(tf.input({ shape: [4, 4, 4] })),
  };
  for (const kind of KINDS)
    test(kind, () => {
      for (const { name } of stringsOf(kind, "tfjs")) assert.doesNotThrow(() => takes[kind](name), name);
    });
});
