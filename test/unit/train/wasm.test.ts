// The wasm engine against the cpu backend: every gradient kernel that Fitlens brings, and one training per family of layers.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerGradients } from "../../../src/train/wasm/index";
import { quietly } from "../../../src/train/worker/quiet";

before(async () => {
  await quietly(() => tf.setBackend("wasm"));
  registerGradients();
});

/** Values of `compute` on a backend, from the same inputs. */
async function on(
  backend: string,
  inputs: readonly Values[],
  compute: (...tensors: tf.Tensor[]) => tf.Tensor[],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const tensors = inputs.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype));
  const results = compute(...tensors);
  const values = results.map((result) => Float32Array.from(result.dataSync()));
  tf.dispose([...tensors, ...results]);
  return values;
}

interface Values {
  data: Float32Array | Int32Array;
  shape: number[];
  dtype: "float32" | "int32";
}

/** Numbers between -1 and 1, the same every time. */
function numbers(...shape: number[]): Values {
  const size = shape.reduce((a, b) => a * b, 1);
  const next = random(size + shape.length);
  return { data: Float32Array.from({ length: size }, () => next() * 2 - 1), shape, dtype: "float32" };
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function assertClose(actual: Float32Array[], expected: Float32Array[], tolerance = 2e-5): void {
  assert.equal(actual.length, expected.length);
  for (const [i, values] of expected.entries()) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    for (const [at, value] of values.entries()) {
      const off = Math.abs(actual[i]![at]! - value) / scale;
      assert.ok(off <= tolerance, `result ${i} at ${at}: expected ${value}, found ${actual[i]![at]}`);
    }
  }
}

async function checkGradients(inputs: Values[], f: (...tensors: tf.Tensor[]) => tf.Tensor): Promise<void> {
  const gradients = (...tensors: tf.Tensor[]) =>
    tf.tidy(() => tf.grads((...xs) => tf.mean(tf.square(f(...xs))))(tensors as tf.Tensor[]));
  assertClose(await on("wasm", inputs, gradients), await on("cpu", inputs, gradients));
}

describe("gradients of conv2d", () => {
  for (const [size, filter, stride, pad] of [
    [8, 3, 1, "same"],
    [8, 3, 1, "valid"],
    [9, 3, 2, "same"],
    [8, 3, 2, "same"],
    [9, 2, 2, "valid"],
    [10, 3, 3, "valid"],
    [7, 1, 1, "same"],
    [7, 1, 2, "valid"],
    [5, 5, 1, "valid"],
    [11, 4, 3, "same"],
    [6, 3, 1, 2],
  ] as const) {
    test(`${size}×${size} image, ${filter}×${filter} filter, stride ${stride}, ${pad} padding`, async () => {
      await checkGradients([numbers(3, size, size, 2), numbers(filter, filter, 2, 5)], (x, w) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
      );
    });
  }

  test("an image and a filter that are not square", async () => {
    await checkGradients([numbers(2, 9, 6, 3), numbers(2, 4, 3, 4)], (x, w) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [2, 1], "same"),
    );
  });

  test("the transposed convolution", async () => {
    await checkGradients([numbers(2, 4, 4, 3), numbers(3, 3, 5, 3)], (x, w) =>
      tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 8, 8, 5], 2, "same"),
    );
  });
});

describe("gradients of depthwise convolutions", () => {
  for (const [size, filter, stride, pad, multiplier] of [
    [8, 3, 1, "same", 1],
    [8, 3, 1, "valid", 2],
    [9, 3, 2, "same", 1],
    [8, 3, 2, "same", 3],
    [9, 2, 2, "valid", 2],
  ] as const) {
    test(`${size}×${size} image, ${filter}×${filter} filter, stride ${stride}, ${pad} padding, multiplier ${multiplier}`, async () => {
      await checkGradients([numbers(3, size, size, 4), numbers(filter, filter, 4, multiplier)], (x, w) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
      );
    });
  }
});

test("the gradient of gather adds up rows that are taken several times", async () => {
  const ids: Values = { data: Int32Array.from([0, 3, 3, 1, 0, 3]), shape: [6], dtype: "int32" };
  const gradient = (x: tf.Tensor, at: tf.Tensor) => [
    tf.tidy(() => tf.grad((v) => tf.sum(tf.square(tf.gather(v, at as tf.Tensor1D))))(x)),
  ];
  const inputs = [numbers(5, 4), ids];
  assertClose(await on("wasm", inputs, gradient as never), await on("cpu", inputs, gradient as never));
});

test("no gradient leaves a tensor behind", async () => {
  await tf.setBackend("wasm");
  const [x, w] = [tf.ones([2, 8, 8, 3]), tf.ones([3, 3, 3, 4])] as [tf.Tensor4D, tf.Tensor4D];
  const before = tf.memory().numTensors;
  const results = tf.grads((a, b) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, "same")))([x, w]);
  assert.equal(tf.memory().numTensors - before, results.length);
  tf.dispose([x, w, ...results]);
});

/** A family of layers: the model's layers after an input of the given shape. */
const FAMILIES: Record<string, { input: number[]; layers: () => tf.layers.Layer[]; ids?: number; examples?: number }> =
  {
    dense: { input: [6], layers: () => [tf.layers.dense({ units: 5, activation: "relu" })] },
    conv1d: { input: [10, 3], layers: () => [tf.layers.conv1d({ filters: 4, kernelSize: 3 }), tf.layers.flatten()] },
    conv2d: {
      input: [8, 8, 2],
      layers: () => [tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu" }), tf.layers.flatten()],
    },
    "conv2d with strides": {
      input: [9, 9, 2],
      layers: () => [tf.layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }), tf.layers.flatten()],
    },
    conv2dTranspose: {
      input: [4, 4, 2],
      layers: () => [tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }), tf.layers.flatten()],
    },
    conv3d: {
      input: [5, 5, 5, 2],
      layers: () => [tf.layers.conv3d({ filters: 3, kernelSize: 2 }), tf.layers.flatten()],
    },
    depthwiseConv2d: {
      input: [8, 8, 2],
      layers: () => [tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), tf.layers.flatten()],
    },
    separableConv2d: {
      input: [8, 8, 2],
      layers: () => [tf.layers.separableConv2d({ filters: 4, kernelSize: 3 }), tf.layers.flatten()],
    },
    maxPooling1d: {
      input: [10, 3],
      layers: () => [
        tf.layers.conv1d({ filters: 4, kernelSize: 2 }),
        tf.layers.maxPooling1d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    maxPooling2d: {
      input: [8, 8, 2],
      layers: () => [
        tf.layers.conv2d({ filters: 4, kernelSize: 3 }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    averagePooling2d: {
      input: [8, 8, 2],
      layers: () => [
        tf.layers.conv2d({ filters: 4, kernelSize: 3 }),
        tf.layers.averagePooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    maxPooling3d: {
      input: [5, 5, 5, 2],
      layers: () => [
        tf.layers.conv3d({ filters: 2, kernelSize: 2 }),
        tf.layers.maxPooling3d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    averagePooling3d: {
      input: [5, 5, 5, 2],
      layers: () => [
        tf.layers.conv3d({ filters: 2, kernelSize: 2 }),
        tf.layers.averagePooling3d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    globalAveragePooling2d: {
      input: [6, 6, 2],
      layers: () => [tf.layers.conv2d({ filters: 4, kernelSize: 3 }), tf.layers.globalAveragePooling2d({})],
    },
    globalMaxPooling2d: {
      input: [6, 6, 2],
      layers: () => [tf.layers.conv2d({ filters: 4, kernelSize: 3 }), tf.layers.globalMaxPooling2d({})],
    },
    batchNormalization: {
      input: [6, 6, 2],
      layers: () => [
        tf.layers.conv2d({ filters: 3, kernelSize: 3 }),
        tf.layers.batchNormalization(),
        tf.layers.flatten(),
      ],
    },
    layerNormalization: { input: [6], layers: () => [tf.layers.dense({ units: 5 }), tf.layers.layerNormalization()] },
    upSampling2d: {
      // The cpu backend's own gradient of resizing is wrong from the second example on (tfjs 4.22).
      examples: 1,
      input: [4, 4, 2],
      layers: () => [
        tf.layers.conv2d({ filters: 2, kernelSize: 2 }),
        tf.layers.upSampling2d({ size: [2, 2] }),
        tf.layers.flatten(),
      ],
    },
    zeroPadding2d: {
      input: [4, 4, 2],
      layers: () => [
        tf.layers.zeroPadding2d({ padding: 1 }),
        tf.layers.conv2d({ filters: 2, kernelSize: 2 }),
        tf.layers.flatten(),
      ],
    },
    simpleRNN: { input: [5, 3], layers: () => [tf.layers.simpleRNN({ units: 4 })] },
    lstm: { input: [5, 3], layers: () => [tf.layers.lstm({ units: 4 })] },
    gru: { input: [5, 3], layers: () => [tf.layers.gru({ units: 4 })] },
    bidirectional: {
      input: [5, 3],
      layers: () => [tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3 }) as never, mergeMode: "concat" })],
    },
    timeDistributed: {
      input: [5, 3],
      layers: () => [tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 2 }) }), tf.layers.flatten()],
    },
    convLstm2d: {
      input: [3, 5, 5, 1],
      layers: () => [tf.layers.convLstm2d({ filters: 2, kernelSize: 2 }), tf.layers.flatten()],
    },
    embedding: {
      input: [4],
      ids: 7,
      layers: () => [tf.layers.embedding({ inputDim: 7, outputDim: 3 }), tf.layers.flatten()],
    },
    prelu: { input: [6], layers: () => [tf.layers.dense({ units: 5 }), tf.layers.prelu()] },
    activations: {
      input: [6],
      layers: () =>
        ["elu", "selu", "sigmoid", "tanh", "softplus", "softsign", "swish", "hardSigmoid", "gelu"].map((activation) =>
          tf.layers.dense({ units: 4, activation: activation as "elu" }),
        ),
    },
  };

/** Losses and final weights of three steps from weights that depend on shapes only. */
async function train(backend: string, family: string): Promise<Float32Array[]> {
  const { input, layers, ids, examples = 4 } = FAMILIES[family]!;
  await tf.setBackend(backend);
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: input }));
  for (const layer of layers()) model.add(layer);
  model.add(tf.layers.dense({ units: 2, activation: "softmax" }));
  model.setWeights(
    model.getWeights().map(({ shape }) => {
      const { data } = numbers(...(shape as number[]));
      return tf.tensor(
        (data as Float32Array).map((value) => value * 0.5 + 0.01),
        shape,
      );
    }),
  );
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "categoricalCrossentropy" });
  const raw = numbers(examples, ...input);
  const data = ids === undefined ? raw.data : raw.data.map((value) => Math.floor(((value + 1) / 2) * ids));
  const xs = tf.tensor(data, raw.shape);
  const ys = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1].slice(0, 2 * examples), [examples, 2]);
  const { history } = await model.fit(xs, ys, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
  const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  return [Float32Array.from(history["loss"] as number[]), ...weights];
}

describe("one training per family of layers", () => {
  for (const family of Object.keys(FAMILIES)) {
    test(family, async () => {
      assertClose(await train("wasm", family), await train("cpu", family), 1e-4);
    });
  }
});
