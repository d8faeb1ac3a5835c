// The same network by model.fit and by an Estimator: same batches, same losses step by step, same weights, same evaluation.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, type SessionRunHook, type Tensors, tensorInputFn } from "../../../src/estimator/index";
import { captureLog, data, difference, folder, labelsFor, seeded } from "./help";

captureLog();

interface Case {
  build(): tf.LayersModel;
  optimizer?: () => tf.Optimizer | string;
  loss?: string | Record<string, string>;
  metrics?: string[] | Record<string, string>;
  x: () => Tensors;
  y: (x: Tensors) => Tensors;
}

const dense = (units: number, seed: number, rest: object = {}) =>
  tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotUniform({ seed }), ...rest });
const softmax = (seed: number) => dense(3, seed, { activation: "softmax" });
const classes = (x: Tensors) => labelsFor(x as tf.Tensor, 3);

const mlp = () => tf.sequential({ layers: [dense(8, 1, { inputShape: [4], activation: "relu" }), softmax(2)] });
const table = { x: () => data(3, [70, 4]), y: classes };

const cases: Record<string, Case> = {
  "mlp with sgd": { ...table, build: mlp, optimizer: () => "sgd" },
  "mlp with momentum": { ...table, build: mlp, optimizer: () => tf.train.momentum(0.1, 0.9, true) },
  "mlp with rmsprop": { ...table, build: mlp, optimizer: () => tf.train.rmsprop(0.01, 0.9, 0.5) },
  "mlp with adagrad": { ...table, build: mlp, optimizer: () => "adagrad" },
  "mlp with adadelta": { ...table, build: mlp, optimizer: () => "adadelta" },
  "mlp with adamax": { ...table, build: mlp, optimizer: () => "adamax" },
  "mlp with regularisers": {
    ...table,
    build: () =>
      tf.sequential({
        layers: [
          dense(8, 1, { inputShape: [4], kernelRegularizer: tf.regularizers.l1l2({ l1: 0.01, l2: 0.02 }) }),
          dense(3, 2, { activation: "softmax", biasRegularizer: "l1l2" }),
        ],
      }),
  },
  cnn: {
    build: () =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({
            filters: 4,
            kernelSize: 3,
            inputShape: [8, 8, 1],
            activation: "relu",
            kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
          }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          softmax(2),
        ],
      }),
    x: () => data(5, [70, 8, 8, 1]),
    y: classes,
  },
  lstm: {
    build: () => {
      const initializer = (seed: number) => tf.initializers.glorotUniform({ seed });
      const lstm = { units: 5, kernelInitializer: initializer(1), recurrentInitializer: initializer(2) };
      return tf.sequential({ layers: [tf.layers.lstm({ ...lstm, inputShape: [6, 3] }), softmax(3)] });
    },
    x: () => data(6, [70, 6, 3]),
    y: classes,
  },
  "batch normalization and dropout": {
    ...table,
    build: () =>
      tf.sequential({
        layers: [
          dense(8, 1, { inputShape: [4], activation: "relu" }),
          tf.layers.batchNormalization(),
          tf.layers.dropout({ rate: 0.4, seed: 7 }),
          softmax(2),
        ],
      }),
  },
  "one number to predict, labels of rank 1": {
    build: () => tf.sequential({ layers: [dense(1, 1, { inputShape: [4] })] }),
    loss: "meanSquaredError",
    metrics: ["mae"],
    x: () => data(3, [70, 4]),
    y: (x) => tf.tidy(() => (x as tf.Tensor).sum(1)),
  },
  "sparse labels": {
    build: mlp,
    loss: "sparseCategoricalCrossentropy",
    x: () => data(3, [70, 4]),
    y: (x) => tf.tidy(() => classes(x).argMax(1).toFloat()),
  },
  "two inputs and two outputs by name": {
    build: () => {
      const [a, b] = [tf.input({ shape: [4], name: "a" }), tf.input({ shape: [2], name: "b" })];
      const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
      const kind = dense(3, 1, { activation: "softmax", name: "kind" }).apply(both) as tf.SymbolicTensor;
      const size = dense(1, 2, { name: "size" }).apply(both) as tf.SymbolicTensor;
      return tf.model({ inputs: [a, b], outputs: [kind, size] });
    },
    loss: { kind: "categoricalCrossentropy", size: "meanSquaredError" },
    metrics: { kind: "accuracy", size: "mae" },
    x: () => ({ a: data(3, [70, 4]), b: data(4, [70, 2]) }),
    y: (x) => {
      const { a, b } = x as { a: tf.Tensor; b: tf.Tensor };
      return { kind: labelsFor(a, 3), size: tf.tidy(() => b.sum(1, true)) };
    },
  },
};

function compiled({ build, optimizer = () => "adam", loss = "categoricalCrossentropy", metrics = ["accuracy"] }: Case) {
  const model = build();
  model.compile({ optimizer: optimizer(), loss, metrics });
  return model;
}

const plan = { batchSize: 32, epochs: 3, shuffle: true };

for (const [name, one] of Object.entries(cases)) {
  test(`${name}: the estimator takes the steps of fit`, async (t) => {
    const x = one.x();
    const y = one.y(x);
    const fitted = compiled(one);
    const fitLosses: number[] = [];
    await seeded(11, () =>
      fitted.fit(x as tf.Tensor, y as tf.Tensor, {
        ...plan,
        verbose: 0,
        callbacks: { onBatchEnd: async (_batch, logs) => void fitLosses.push(logs!["loss"]!) },
      }),
    );

    const model = compiled(one);
    const losses: number[] = [];
    const hook: SessionRunHook = { afterRun: (_context, { loss }) => void losses.push(loss!) };
    const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t) });
    const { epochs: numEpochs, ...rest } = plan;
    await seeded(11, () => estimator.train(tensorInputFn({ x, y, numEpochs, ...rest }), { hooks: [hook] }));

    assert.equal(losses.length, 9, "70 examples in batches of 32 are 3 steps an epoch");
    assert.deepEqual(losses, fitLosses);
    assert.equal(difference(fitted.getWeights(), model.getWeights()), 0);
    tf.dispose([x, y]);
  });
}

test("evaluate gives what model.evaluate gives, over uneven batches", async (t) => {
  const x = data(3, [70, 4]);
  const y = classes(x);
  const model = compiled({ ...table, build: mlp });
  const expected = (model.evaluate(x, y, { batchSize: 32 }) as tf.Scalar[]).map((value) => value.dataSync()[0]!);
  const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t) });
  const results = await estimator.evaluate(tensorInputFn({ x, y, batchSize: 32, shuffle: false }));
  assert.deepEqual(Object.keys(results).sort(), ["acc", "global_step", "loss"]);
  assert.ok(Math.abs(results["loss"]! - expected[0]!) < 1e-6, `${results["loss"]} is not ${expected[0]}`);
  assert.ok(Math.abs(results["acc"]! - expected[1]!) < 1e-6);
});

test("metrics of several outputs carry the output's name and its own value", async (t) => {
  const one = cases["two inputs and two outputs by name"]!;
  const x = one.x();
  const y = one.y(x) as Record<string, tf.Tensor>;
  const model = compiled(one);
  const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t) });
  const results = await estimator.evaluate(tensorInputFn({ x, y, batchSize: 32, shuffle: false }));
  assert.deepEqual(Object.keys(results).sort(), [
    "global_step",
    "kind_acc",
    "kind_loss",
    "loss",
    "size_loss",
    "size_mae",
  ]);
  assert.ok(Math.abs(results["loss"]! - results["kind_loss"]! - results["size_loss"]!) < 1e-6);
  const { a, b } = x as { a: tf.Tensor; b: tf.Tensor };
  const [, size] = model.predict([a, b]) as tf.Tensor[];
  const mae = size!.sub(y["size"]!).abs().mean().dataSync()[0]!;
  assert.ok(Math.abs(results["size_mae"]! - mae) < 1e-6);
});

test("predict gives what model.predict gives, example by example", async (t) => {
  const x = data(3, [70, 4]);
  const model = compiled({ ...table, build: mlp });
  const expected = (await (model.predict(x) as tf.Tensor2D).array()) as number[][];
  const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t) });
  const rows: unknown[] = [];
  for await (const row of estimator.predict(tensorInputFn({ x, shuffle: false })))
    rows.push(row[model.outputNames[0]!]);
  assert.deepEqual(rows, expected);
});

test("the model stays usable: its weights are the trained ones, and evaluate leaves them alone", async (t) => {
  const x = data(3, [70, 4]);
  const y = classes(x);
  const inputFn = tensorInputFn({ x, y, shuffle: false });
  const model = compiled({ ...table, build: mlp });
  const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t) });
  await estimator.train(inputFn);
  await model.fit(x, y, { epochs: 1, verbose: 0 });
  const weights = model.getWeights().map((weight) => weight.clone());
  await estimator.evaluate(inputFn);
  assert.equal(difference(weights, model.getWeights()), 0);
});

test("a second estimator on the same folder goes on from the first one's weights", async (t) => {
  const modelDir = folder(t);
  const x = data(3, [70, 4]);
  const inputFn = tensorInputFn({ x, y: classes(x), shuffle: false });
  const first = compiled({ ...table, build: mlp });
  await modelToEstimator({ kerasModel: first, modelDir }).train(inputFn, { maxSteps: 3 });
  const second = compiled({ ...table, build: mlp });
  const estimator = modelToEstimator({ kerasModel: second, modelDir });
  await estimator.train(inputFn, { maxSteps: 3 });
  assert.equal(difference(first.getWeights(), second.getWeights()), 0, "a skipped training still gives the weights");
  assert.equal((await estimator.evaluate(inputFn))["global_step"], 3);
});

test("features by name that do not cover the inputs are named", async (t) => {
  const one = cases["two inputs and two outputs by name"]!;
  const x = one.x();
  const y = one.y(x);
  const estimator = modelToEstimator({ kerasModel: compiled(one), modelDir: folder(t) });
  const { a } = x as { a: tf.Tensor };
  await assert.rejects(estimator.train(tensorInputFn({ x: { a, c: a }, y })), /Missed keys: b\. Received keys: a, c/);
});

test("features of a wrong shape get the message of fit", async (t) => {
  const estimator = modelToEstimator({ kerasModel: compiled({ ...table, build: mlp }), modelDir: folder(t) });
  const x = data(3, [10, 5]);
  await assert.rejects(
    estimator.train(tensorInputFn({ x, y: classes(x) })),
    /tensor shape \[\*,4\].*tensor shape \[10,5\]/,
  );
});

test("a model that is not compiled is refused", () => {
  assert.throws(() => modelToEstimator({ kerasModel: mlp() }), /has not been compiled yet/);
});
