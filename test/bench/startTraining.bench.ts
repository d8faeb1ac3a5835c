// From the start of the process to the end of the first step: under Fitlens against the bare script.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { type Bench, figure, type Row } from "./bench";
import { bareScript, fitlensScript, nativeEngine, runBare, runFitlens, runHookedPython } from "./trainers";

const RUNS = 7;
// Here a start takes 4 to 6 s, and one differs from the next by more than what is to be found.
const PYTHON_RUNS = 20;
const GOAL = "≤ 1.0× the bare script, then ≤ 0.6×";

/** A small MLP that ends with its first step. */
function script(engine: "tfjs-node" | "wasm" | "brought"): string {
  const imports = {
    "tfjs-node": `import * as tf from "@tensorflow/tfjs-node";`,
    wasm: `import * as tf from "@tensorflow/tfjs"; import "@tensorflow/tfjs-backend-wasm"; await tf.setBackend("wasm");`,
    brought: `import * as tf from "@tensorflow/tfjs";`,
  };
  return `${imports[engine]}
const xs = tf.randomNormal([64, 4]);
const ys = tf.oneHot(tf.randomUniform([64], 0, 3, "int32"), 3);
const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, activation: "relu", inputShape: [4] }), tf.layers.dense({ units: 3, activation: "softmax" })] });
model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
await model.fit(xs, ys, { epochs: 1, batchSize: 32, verbose: 0, callbacks: { onBatchEnd: () => process.exit(0) } });
`;
}

/** The same in Python. */
const PYTHON_SCRIPT = `import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
from tensorflow import keras

class FirstStep(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        os._exit(0)

model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
x = np.random.normal(size=(64, 4)).astype("float32")
model.fit(x, np.arange(64) % 3, batch_size=32, verbose=0, callbacks=[FirstStep()])
`;

export const benches: Bench[] = [
  {
    rows: ["start.firstStep.python"],
    async run(note) {
      const python = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];
      if (!python) {
        note("FITLENS_TEST_PYTHON_ESTIMATOR names no Python with TensorFlow 2.15");
        return [];
      }
      const script = fitlensScript("first.py", PYTHON_SCRIPT);
      const [value, peer]: [number[], number[]] = [[], []];
      for (let run = 0; run <= PYTHON_RUNS; run++) {
        const kinds: [number[], () => void][] = [
          [value, () => runHookedPython(python, script)],
          [peer, () => execFileSync(python, [script], { cwd: path.dirname(script), stdio: "ignore" })],
        ];
        // Each is the first of its pair as often as the other.
        for (const [samples, start] of run % 2 === 0 ? kinds : kinds.reverse()) {
          const took = millis(start);
          if (run > 0) samples.push(took);
        }
      }
      fs.rmSync(path.dirname(script), { recursive: true, force: true });
      const [ofOurs, ofPeer] = [figure(value), figure(peer)];
      return [
        {
          row: "start.firstStep.python",
          value: ofOurs,
          unit: "ms",
          peer: "bare script, TensorFlow 2.15",
          peerValue: ofPeer,
          ratio: ofOurs.median / ofPeer.median,
          goal: "≤ 1.03× the bare script",
          runs: PYTHON_RUNS,
        },
      ];
    },
  },
  {
    rows: ["start.firstStep.node.wasm", "start.firstStep.node.native"],
    async run(note) {
      const native = await nativeEngine(note);
      const rows: Row[] = [measure("wasm", "wasm")];
      if (native) rows.push(measure("native", "tfjs-node"));
      return rows;

      function measure(name: string, engine: "wasm" | "tfjs-node"): Row {
        const ours = fitlensScript("first.mjs", script(engine === "wasm" ? "brought" : "tfjs-node"));
        const bare = bareScript(native, `first-${engine}.mjs`, script(engine));
        const [value, peer]: [number[], number[]] = [[], []];
        for (let run = 0; run <= RUNS; run++) {
          const times = [millis(() => runFitlens(ours, engine, native)), millis(() => runBare(bare))];
          // The first of each fills caches.
          if (run > 0) [value, peer].forEach((samples, i) => void samples.push(times[i]!));
        }
        fs.rmSync(path.dirname(ours), { recursive: true, force: true });
        const [ofOurs, ofPeer] = [figure(value), figure(peer)];
        return {
          row: `start.firstStep.node.${name}`,
          value: ofOurs,
          unit: "ms",
          peer: `bare script, ${engine}`,
          peerValue: ofPeer,
          ratio: ofOurs.median / ofPeer.median,
          goal: GOAL,
          runs: RUNS,
        };
      }
    },
  },
];

function millis(run: () => unknown): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}
