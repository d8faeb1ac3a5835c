// What the benchmarks of training share: scripts to run bare, under Fitlens and in Python, and the native engine for both.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { installNativeEngine } from "../../src/train/nativeEngine";

const CACHE = path.resolve(".cache", "bench-train");
const DIST = path.resolve("dist");
const TENSORFLOW = path.resolve("node_modules", "@tensorflow");

export interface NativeEngine {
  /** For Fitlens: FITLENS_NATIVE. */
  folder: string;
  /** A folder whose scripts resolve a tfjs-node that works, as npm would have installed it. */
  bare: string;
}

/** Built once and kept; nothing where there is no Python with TensorFlow. */
export async function nativeEngine(note: (why: string) => void): Promise<NativeEngine | undefined> {
  const python = process.env["FITLENS_TEST_PYTHON"];
  const folder = path.join(CACHE, "native-engine");
  const bare = path.join(CACHE, "bare");
  const scope = path.join(bare, "node_modules", "@tensorflow");
  if (!fs.existsSync(scope)) {
    if (!python) {
      note("FITLENS_TEST_PYTHON names no Python with TensorFlow: rows of tfjs-node are left out");
      return undefined;
    }
    const sources = path.join(DIST, "engine", "native");
    const result = await installNativeEngine({ folder, pythonCandidates: [python], sources, skipNpm: true });
    if (!result.ok) {
      note(result.message);
      return undefined;
    }
    const target = path.join(scope, "tfjs-node");
    fs.cpSync(path.join(TENSORFLOW, "tfjs-node"), target, { recursive: true });
    fs.cpSync(path.join(folder, "node_modules", "@tensorflow", "tfjs-node", "lib"), path.join(target, "lib"), {
      recursive: true,
    });
  }
  return { folder, bare };
}

/** A script in a folder where `@tensorflow/*` is what npm installs. */
export function bareScript(native: NativeEngine | undefined, name: string, text: string): string {
  const folder = native?.bare ?? path.join(CACHE, "bare");
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** The same script where Fitlens brings everything. */
export function fitlensScript(name: string, text: string): string {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(process.env["TMPDIR"] ?? "/tmp"), "fitlens-bench-"));
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** Runs a script bare and gives its last line of output. */
export function runBare(script: string): string {
  return lastLine(
    execFileSync(process.execPath, [script], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      cwd: path.dirname(script),
    }),
  );
}

/** Runs a script with the trainer's hook, as launchRun does. */
export function runFitlens(script: string, engine: string, native: NativeEngine | undefined): string {
  const run = fs.mkdtempSync(path.join(path.dirname(script), "run-"));
  const env = {
    ...process.env,
    FITLENS_RUN: run,
    FITLENS_ENGINE: engine,
    FITLENS_CACHE: path.join(CACHE, "compile-cache"),
    ...(native && { FITLENS_NATIVE: native.folder }),
  };
  try {
    const args = ["--import", `file://${path.join(DIST, "worker.mjs")}`, script];
    const output = execFileSync(process.execPath, args, {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
      cwd: path.dirname(script),
    });
    const status = JSON.parse(fs.readFileSync(path.join(run, "status.json"), "utf8"));
    if (status.engine.name !== engine)
      throw new Error(`${engine} was to be measured, ${status.engine.name} ran: ${status.engine.note}`);
    return lastLine(output);
  } finally {
    fs.rmSync(run, { recursive: true, force: true });
  }
}

/** Runs a Python script under the hook, as launchRun does. */
export function runHookedPython(python: string, script: string): void {
  const run = fs.mkdtempSync(path.join(path.dirname(script), "run-"));
  try {
    execFileSync(python, [path.join(DIST, "python", "fitlens"), script], {
      cwd: path.dirname(script),
      env: { ...process.env, FITLENS_RUN: run, FITLENS_CACHE: path.join(CACHE, "compile-cache") },
      stdio: "ignore",
    });
    const { step } = JSON.parse(fs.readFileSync(path.join(run, "status.json"), "utf8"));
    if (!(step >= 1)) throw new Error(`The hook saw no step of ${script}.`);
  } finally {
    fs.rmSync(run, { recursive: true, force: true });
  }
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1) ?? "";
}

export type ModelName = "mlp" | "cnn" | "lstm";

const LAYERS: Record<ModelName, { input: string; layers: string; python: string; batch: number; epochs: number }> = {
  mlp: {
    input: "[64]",
    layers: `tf.layers.dense({ units: 128, activation: "relu", inputShape: [64] }), tf.layers.dense({ units: 64, activation: "relu" })`,
    python: `layers.Input((64,)), layers.Dense(128, activation="relu"), layers.Dense(64, activation="relu")`,
    batch: 32,
    epochs: 6,
  },
  cnn: {
    input: "[28, 28, 1]",
    layers: `tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }), tf.layers.maxPooling2d({ poolSize: 2 }), tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu" }), tf.layers.flatten()`,
    python: `layers.Input((28, 28, 1)), layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(2), layers.Conv2D(32, 3, activation="relu"), layers.Flatten()`,
    batch: 32,
    epochs: 3,
  },
  lstm: {
    input: "[20, 16]",
    layers: `tf.layers.lstm({ units: 32, inputShape: [20, 16] })`,
    python: `layers.Input((20, 16)), layers.LSTM(32)`,
    batch: 32,
    epochs: 3,
  },
};

/** Prints the milliseconds a step of the fastest epoch; `callback` is JavaScript for one more callback. */
export function measuringScript(model: ModelName, { node = true, callback = "" } = {}): string {
  const { input, layers, batch, epochs } = LAYERS[model];
  return `import * as tf from "@tensorflow/tfjs${node ? "-node" : ""}";
const steps = 40, batch = ${batch}, shape = ${input};
const model = tf.sequential({ layers: [${layers}, tf.layers.dense({ units: 10, activation: "softmax" })] });
model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
const xs = tf.randomNormal([steps * batch, ...shape]);
const ys = tf.oneHot(tf.randomUniform([steps * batch], 0, 10, "int32"), 10);
let began = 0;
const times = [];
const timer = { onEpochBegin: async () => { began = performance.now(); }, onEpochEnd: async () => { times.push((performance.now() - began) / steps); } };
await model.fit(xs, ys, { epochs: ${epochs}, batchSize: batch, verbose: 0, callbacks: [timer${callback ? `, ${callback}` : ""}] });
console.log(Math.min(...times.slice(1)));
`;
}

export function measuringPython(model: ModelName): string {
  const { input, python, batch, epochs } = LAYERS[model];
  return `import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import time, numpy as np, keras
from keras import layers
steps, batch = 40, ${batch}
model = keras.Sequential([${python}, layers.Dense(10, activation="softmax")])
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
x = np.random.normal(size=[steps * batch] + ${input}).astype("float32")
y = np.eye(10, dtype="float32")[np.random.randint(0, 10, steps * batch)]
times = []
class Timer(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None): self.began = time.perf_counter()
    def on_epoch_end(self, epoch, logs=None): times.append((time.perf_counter() - self.began) * 1000 / steps)
model.fit(x, y, epochs=${epochs}, batch_size=batch, verbose=0, callbacks=[Timer()])
print(min(times[1:]))
`;
}

export function runPython(script: string): number {
  const python = process.env["FITLENS_TEST_PYTHON"]!;
  return Number(
    lastLine(execFileSync(python, ["-I", "-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })),
  );
}
