// What a run's charts show is what the training did: the same numbers as the user's own callback, on every engine.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { MLP, node24, points, workspace } from "./trainer";

const CNN = `
import * as tf from "@tensorflow/tfjs";
const images = Array.from({ length: 60 * 64 }, (_, i) => Math.abs(Math.sin(i)));
export const xs = tf.tensor4d(images, [60, 8, 8, 1]);
export const ys = tf.oneHot(tf.tensor1d(Array.from({ length: 60 }, (_, i) => i % 10), "int32"), 10);
export function build(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.depthwiseConv2d({ kernelSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}
`;

const FIT = `
import fs from "node:fs";
import { build, xs, ys } from "./model";
const losses: number[] = [];
const model = build();
const history = await model.fit(xs, ys, {
  epochs: 3,
  batchSize: 16,
  validationSplit: 0.2,
  verbose: 0,
  callbacks: { onBatchEnd: async (_batch, logs) => void losses.push(logs!["loss"]!) },
});
fs.writeFileSync("seen.json", JSON.stringify({ losses, history: history.history }));
`;

interface Seen {
  losses: number[];
  history: Record<"loss" | "acc" | "val_loss" | "val_acc", number[]>;
}

for (const [engine, backend] of [
  ["cpu", "cpu"],
  ["wasm", "wasm"],
] as const) {
  for (const [what, model] of [
    ["a table", MLP],
    ["images", CNN],
  ] as const) {
    for (const version of ["this Node", "Node 24"] as const) {
      test(`${engine} trains a model of ${what} on ${version}, and every point is the callback's`, async (t) => {
        const place = workspace(t);
        place.write("model.ts", model);
        const nodePath = version === "Node 24" ? node24() : process.execPath;
        const { folder, status } = await place.run(
          `${FIT}console.log(tf.getBackend()); import * as tf from "@tensorflow/tfjs";`,
          {
            engine,
            nodePath,
          },
        );
        assert.equal(status.state, "finished");
        assert.equal(status.exitCode, 0);
        assert.equal(status.engine?.name, engine);
        assert.equal(fs.readFileSync(path.join(folder, "output.log"), "utf8").trim().split("\n").at(-1), backend);
        const seen = JSON.parse(fs.readFileSync(path.join(place.folder, "seen.json"), "utf8")) as Seen;
        const batches = points(folder, "train", "batch_loss");
        assert.deepEqual(
          batches,
          seen.losses.map((loss, i) => [i + 1, loss]),
        );
        const perEpoch = batches.length / 3;
        const at = (values: number[]) => values.map((value, i) => [(i + 1) * perEpoch, value]);
        assert.deepEqual(points(folder, "train", "epoch_loss"), at(seen.history.loss));
        assert.deepEqual(points(folder, "train", "epoch_accuracy"), at(seen.history.acc));
        assert.deepEqual(points(folder, "validation", "epoch_loss"), at(seen.history.val_loss));
        assert.deepEqual(points(folder, "validation", "epoch_accuracy"), at(seen.history.val_acc));
        assert.equal(points(folder, "train", "examples_per_second").length, 3);
      });
    }
  }
}

describe("what a run tells", () => {
  test("status and model.json after a fit", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const script = `import { build, xs, ys } from "./model";

const model = build();
await model.fit(xs, ys, { epochs: 2, batchSize: 50, verbose: 0 });
`;
    const { folder, status } = await place.run(script);
    assert.equal(status.step, 6);
    assert.equal(status.epoch, 2);
    assert.equal(status.epochs, 2);
    assert.equal(status.stepsPerEpoch, 3);
    assert.equal(status.batchSize, 50);
    assert.equal(status.framework, "TensorFlow.js 4.22.0");
    assert.deepEqual(
      { ...status.call, column: undefined },
      { file: path.join(place.folder, "train.ts"), line: 4, column: undefined },
    );
    assert.deepEqual(Object.keys(status.latest ?? {}).sort(), ["accuracy", "loss"]);
    const model = JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));
    assert.equal(model.parameters, 4 * 8 + 8 + 8 * 3 + 3);
    assert.equal(model.optimizer, "Adam");
    assert.equal(model.loss, "categoricalCrossentropy");
    assert.deepEqual(
      model.layers.map(({ className, outputShape }: { className: string; outputShape: unknown }) => [
        className,
        outputShape,
      ]),
      [
        ["Dense", [null, 8]],
        ["Dense", [null, 3]],
      ],
    );
  });

  test("several fits go on in the same charts", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, status } = await place.run(`import { build, xs, ys } from "./model";
const model = build();
for (let i = 0; i < 3; i++) await model.fit(xs, ys, { epochs: 2, batchSize: 60, verbose: 0 });
`);
    assert.equal(status.step, 12);
    assert.equal(status.epoch, 6);
    assert.equal(status.epochs, 6);
    assert.deepEqual(
      points(folder, "train", "epoch_loss").map(([step]) => step),
      [2, 4, 6, 8, 10, 12],
    );
  });

  test("fitDataset and evaluateDataset", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, status } = await place.run(`import * as tf from "@tensorflow/tfjs";
import { build, xs, ys } from "./model";
const data = tf.data.zip({ xs: tf.data.array(await xs.array() as number[][]), ys: tf.data.array(await ys.array() as number[][]) }).batch(40);
const model = build();
await model.fitDataset(data, { epochs: 2, validationData: data, verbose: 0 });
await model.evaluateDataset(data as never, {});
`);
    assert.equal(status.state, "finished", JSON.stringify(status.error));
    assert.deepEqual(
      points(folder, "train", "epoch_loss").map(([step]) => step),
      [3, 6],
    );
    assert.equal(points(folder, "validation", "epoch_loss").length, 2);
    assert.deepEqual(
      points(folder, "eval", "evaluation_accuracy").map(([step]) => step),
      [6],
    );
  });

  test("evaluate gives its metrics, and the ones inside fit are no evaluation", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, output } = await place.run(`import { build, xs, ys } from "./model";
const model = build();
await model.fit(xs, ys, { epochs: 1, verbose: 0, validationData: [xs, ys] });
const [loss] = model.evaluate(xs, ys, { verbose: 0 }) as { dataSync(): Float32Array }[];
console.log(loss!.dataSync()[0]);
`);
    assert.deepEqual(points(folder, "eval", "evaluation_loss"), [[4, Number(output.trim().split("\n").at(-1))]]);
  });

  test("trainOnBatch and loops of the user's own", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, status, output } = await place.run(`import * as tf from "@tensorflow/tfjs";
import { build, xs, ys } from "./model";
const model = build();
const seen: number[] = [];
for (let i = 0; i < 4; i++) seen.push(((await model.trainOnBatch(xs, ys)) as number[])[0]!);
const optimizer = tf.train.sgd(0.5);
for (let i = 0; i < 3; i++) {
  const cost = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(ys, model.predict(xs) as tf.Tensor), true)!;
  seen.push(cost.dataSync()[0]!);
}
console.log(JSON.stringify(seen));
`);
    assert.equal(status.state, "finished", JSON.stringify(status.error));
    assert.equal(status.step, 7);
    const seen = JSON.parse(output.trim().split("\n").at(-1)!) as number[];
    assert.deepEqual(
      points(folder, "train", "batch_loss"),
      seen.map((loss, i) => [i + 1, loss]),
    );
    assert.deepEqual(points(folder, "train", "learning_rate"), [
      [1, 0.01],
      [5, 0.5],
    ]);
  });

  test("NaN is noted once, with its step, and the training goes on", async (t) => {
    const place = workspace(t);
    const { status } = await place.run(`import * as tf from "@tensorflow/tfjs";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: tf.train.sgd(1e30), loss: "meanSquaredError" });
await model.fit(tf.tensor2d([[1], [2], [3], [4]]), tf.tensor2d([[1], [2], [3], [4]]), { epochs: 3, batchSize: 2, verbose: 0 });
`);
    assert.equal(status.state, "finished");
    assert.equal(status.step, 6);
    assert.equal(status.notFinite?.tag, "batch_loss");
    assert.ok(status.notFinite!.step >= 2 && status.notFinite!.step <= 3, JSON.stringify(status.notFinite));
  });

  test("output and exit code are the script's own", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { output, status } = await place.run(
      `import { build, xs, ys } from "./model";
process.stdout.write("before\\n");
await build().fit(xs, ys, { epochs: 1, verbose: 0 });
console.error("after");
process.exitCode = 3;
`,
      { engine: "wasm" },
    );
    assert.equal(output, "before\nafter\n");
    assert.equal(status.exitCode, 3);
    assert.equal(status.state, "failed");
  });
});

describe("Estimators", () => {
  test("train and evaluate are recorded, step by step", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, status, output } =
      await place.run(`import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";
import { build, xs, ys } from "./model";
const losses: number[] = [];
const estimator = modelToEstimator({ kerasModel: build(), modelDir: "model_dir" });
const hook = { afterRun: (_context: unknown, { loss }: { loss: number | null }) => void losses.push(loss!) };
await estimator.train(tensorInputFn({ x: xs, y: ys, batchSize: 40, numEpochs: 3 }), { hooks: [hook] });
const metrics = await estimator.evaluate(tensorInputFn({ x: xs, y: ys, batchSize: 40, shuffle: false }));
console.log(JSON.stringify({ losses, metrics }));
`);
    assert.equal(status.state, "finished", JSON.stringify(status.error));
    const seen = JSON.parse(output.trim().split("\n").at(-1)!) as { losses: number[]; metrics: Record<string, number> };
    assert.deepEqual(
      points(folder, "train", "batch_loss"),
      seen.losses.map((loss, i) => [i + 1, loss]),
    );
    assert.deepEqual(
      points(folder, "train", "epoch_loss").map(([step]) => step),
      [3, 6, 9],
    );
    assert.deepEqual(points(folder, "eval", "evaluation_loss"), [[9, seen.metrics["loss"]!]]);
    assert.equal(status.call?.line, 7);
  });

  test("what trainAndEvaluate measures in between is the validation of the run, and its last result", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder, status } =
      await place.run(`import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";
import { build, xs, ys } from "./model";
const estimator = modelToEstimator({ kerasModel: build(), modelDir: "model_dir", config: new RunConfig({ saveCheckpointsSteps: 3 }) });
const inputFn = tensorInputFn({ x: xs, y: ys, batchSize: 40, numEpochs: 3 });
const evalInputFn = tensorInputFn({ x: xs, y: ys, batchSize: 40, shuffle: false });
await trainAndEvaluate(estimator, { inputFn }, { inputFn: evalInputFn, throttleSecs: 0 });
`);
    assert.equal(status.state, "finished", JSON.stringify(status.error));
    const validation = points(folder, "validation", "epoch_loss");
    assert.deepEqual(
      validation.map(([step]) => step),
      [3, 6, 9],
    );
    assert.deepEqual(points(folder, "eval", "evaluation_loss"), []);
    assert.equal(status.latest?.["val_loss"], validation.at(-1)![1]);
    assert.equal(typeof status.latest?.["loss"], "number");
  });
});
