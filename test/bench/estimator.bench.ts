// What an Estimator costs over model.fit of the same network and batches: a step, and once a call.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, setVerbosity, tensorInputFn } from "../../src/estimator/index";
import { type Bench, figure, type Row } from "./bench";

const EXAMPLES = 3200;
const BATCH = 32;
const STEPS = EXAMPLES / BATCH;
const ROUNDS = 7;

function build(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 64, activation: "relu", inputShape: [20] }),
      tf.layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function measure(): Promise<Row[]> {
  setVerbosity("silent");
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-bench-estimator-"));
  const x = tf.randomNormal([EXAMPLES, 20]);
  const y = tf.oneHot(tf.randomUniform([EXAMPLES], 0, 10, "int32"), 10);
  const fits: number[] = [];
  const trains: number[] = [];
  const fixed: number[] = [];
  const model = build();
  // Four epochs a sample: the longer the loop, the less the fixed cost of a call weighs in a step.
  const numEpochs = 4;
  for (let round = -2; round < ROUNDS; round++) {
    const fit = await timed(() => model.fit(x, y, { batchSize: BATCH, epochs: numEpochs, verbose: 0 }));
    const modelDir = path.join(root, `${round}`);
    const estimator = modelToEstimator({ kerasModel: model, modelDir });
    let [start, loop] = [0, 0];
    const hook = {
      // The first step ends what comes once: building, the first checkpoint.
      beforeRun: () => {
        if (start === 0) start = performance.now();
      },
      end: () => {
        loop = performance.now() - start;
      },
    };
    const input = tensorInputFn({ x, y, batchSize: BATCH, numEpochs });
    const all = await timed(() => estimator.train(input, { hooks: [hook] }));
    if (round < 0) continue;
    fits.push(fit / STEPS / numEpochs);
    trains.push(loop / STEPS / numEpochs);
    fixed.push(all - loop);
  }
  fs.rmSync(root, { recursive: true, force: true });
  tf.dispose([x, y]);
  const [value, peerValue] = [figure(trains), figure(fits)];
  return [
    {
      row: "estimator.loop",
      value,
      unit: "ms a step",
      peer: "model.fit, the same network and batches, the same backend",
      peerValue,
      ratio: value.median / peerValue.median,
      goal: "<= 1.05x",
      runs: ROUNDS,
    },
    {
      row: "estimator.loop.fixed",
      value: figure(fixed),
      unit: "ms a call of train, both checkpoints included",
      goal: "<= 50 ms",
      runs: ROUNDS,
    },
  ];
}

export const benches: Bench[] = [{ rows: ["estimator.loop", "estimator.loop.fixed"], run: measure }];
