// A person's walk in Python: a Keras script and an Estimator script, from the lens to the live chart, stopped, resumed, and killed at
// moments that nobody has chosen: nothing that was on the disk is lost, and Resume goes on from the last checkpoint.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../harness/places.mjs";
import * as ui from "../harness/ui.mjs";
import { makeWorkspace, openWindow, walk } from "./walk.mjs";

const KERAS = `"""A regression that trains for as long as the walk needs."""
import time

import keras
import numpy as np

keras.utils.set_random_seed(0)
x = np.random.normal(size=(512, 4)).astype("float32")
y = x @ np.array([1, -2, 3, 0.5], dtype="float32")


class Slowly(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.01)


model = keras.Sequential(
    [
        keras.layers.Dense(8, activation="relu"),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.002), loss="mse", metrics=["mae"])
model.fit(x, y, epochs=1000, batch_size=32, validation_split=0.2, verbose=0, callbacks=[Slowly()])
print("The end of the script.")
`;

const ESTIMATOR = `"""The same through an Estimator."""
import time

import numpy as np
import tensorflow as tf

x = np.random.RandomState(0).normal(size=(512, 4)).astype("float32")
y = x @ np.array([1, -2, 3, 0.5], dtype="float32")


def input_fn():
    return tf.data.Dataset.from_tensor_slices(({"x": x}, y)).shuffle(512, seed=0).batch(32).repeat()


class Slowly(tf.estimator.SessionRunHook):
    def after_run(self, run_context, run_values):
        time.sleep(0.01)


estimator = tf.estimator.DNNRegressor(
    hidden_units=[8],
    feature_columns=[tf.feature_column.numeric_column("x", shape=(4,))],
    model_dir="model",
    config=tf.estimator.RunConfig(save_checkpoints_steps=100, tf_random_seed=0),
)
estimator.train(input_fn, steps=100_000, hooks=[Slowly()])
print("The end of the script.")
`;

const SCRIPTS = [
  { name: "keras", file: "slow_keras.py", text: KERAS, python: "FITLENS_TEST_PYTHON", theme: "light" },
  {
    name: "estimator",
    file: "slow_estimator.py",
    text: ESTIMATOR,
    python: "FITLENS_TEST_PYTHON_ESTIMATOR",
    theme: "dark",
  },
];
const KILLS = 5;

for (const { name, file, text, python, theme } of SCRIPTS) {
  test(`${file} in the editor`, { timeout: 1_200_000 }, async (t) => {
    const program = process.env[python];
    assert.ok(program, `${python} names a Python`);
    const workspace = makeWorkspace({ files: { [file]: text } });
    fs.mkdirSync(path.join(workspace.folder, ".vscode"));
    const settings = { "fitlens.pythonPath": program };
    fs.writeFileSync(path.join(workspace.folder, ".vscode/settings.json"), JSON.stringify(settings));
    const { page, shot, close } = await openWindow(workspace.folder, {
      theme,
      size: { width: 1680, height: 1000 },
    });
    const panel = ui.webview(page);
    t.after(async () => {
      await close();
      workspace.remove();
    });
    const random = generator(name.length);
    const runs = () => workspace.runs().filter(({ record }) => record);
    const step = () => workspace.runOf(file)?.status?.step ?? 0;
    const isTrained = (least) =>
      ui.until(
        () => `${least} steps; it is at ${step()}`,
        () => step() >= least && step(),
        180,
      );

    await walk(t, shot, {
      "the lens trains it, and the panel draws while it trains": async () => {
        await page.keyboard.press("Control+B");
        await ui.openFile(page, file);
        await ui.statusItem(page, "Python 3").waitFor();
        await ui.clickLens(page, "Train");
        await isTrained(60);
        await panel.getByText("Last values").waitFor();
        await panel.locator("canvas").first().waitFor();
        await ui.lens(page, "Stop").waitFor();
        await shot(`python-${name}-live-${theme}`);
      },

      "its lens stops it, and the script comes to its end": async () => {
        await ui.clickLens(page, "Stop");
        const { folder, status } = await workspace.reaches(file, "stopped");
        assert.match(fs.readFileSync(path.join(folder, "output.log"), "utf8"), /The end of the script\./);
        assert.ok(status.checkpoint, "a stop leaves a checkpoint");
        await ui.lens(page, "Resume").waitFor();
        await shot(`python-${name}-stopped-${theme}`);
      },

      [`killed ${KILLS} times, it goes on from its last checkpoint, and nothing that was written is lost`]:
        async () => {
          for (let kill = 0; kill < KILLS; kill++) {
            const before = workspace.runOf(file).status;
            await ui.clickLens(page, "Resume");
            await workspace.reaches(file, "running");
            await isTrained(before.checkpoint.step + 20 + Math.floor(random() * 150));
            const { folder, status } = workspace.runOf(file);
            assert.ok(status.attempt > before.attempt);
            process.kill(status.pid, "SIGKILL");
            const ended = await workspace.reaches(file, "failed", "lost");
            assert.ok(ended.status.checkpoint.step >= before.checkpoint.step);
            const points = pointsOf(folder);
            const first = points.findIndex((at) => at > before.checkpoint.step);
            // Each step from the first to the last that was told: the attempts meet without a gap.
            assert.deepEqual(
              points.slice(0, first),
              Array.from({ length: first }, (_, index) => index + 1),
            );
            assert.ok(
              points.at(-1) >= status.step - 100,
              `the last point is ${points.at(-1)}, the status said ${status.step}`,
            );
            await ui.lens(page, "Resume").waitFor({ timeout: 180_000 });
          }
          assert.equal(runs().length, 1, "all attempts are one run");
          await panel
            .getByText(/killed|interrupted/i)
            .first()
            .waitFor();
          await shot(`python-${name}-killed-${theme}`);
        },
    });
  });
}

/** The steps of the batches' losses in a run, as the command line gives them: in order, each once. */
function pointsOf(folder) {
  const workspace = path.resolve(folder, "../../..");
  const args = ["runs", "export", path.basename(folder), "--workspace", workspace, "--json"];
  const options = { encoding: "utf8", maxBuffer: 1 << 28 };
  const { series } = JSON.parse(execFileSync(process.execPath, [path.join(root, "dist/cli.js"), ...args], options));
  return series.find(({ tag, source }) => tag === "batch_loss" && source === "train").steps;
}

/** mulberry32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
