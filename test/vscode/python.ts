// What the specs on Python share: the two environments of the tests, scripts, and choosing an interpreter.
import assert from "node:assert/strict";
import type { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

/** The newest TensorFlow and Keras 3 with JAX and PyTorch. */
export const newestPython = (): string => named("FITLENS_TEST_PYTHON");
/** TensorFlow 2.15, the last that has tf.estimator. */
export const estimatorPython = (): string => named("FITLENS_TEST_PYTHON_ESTIMATOR");

function named(variable: string): string {
  const found = process.env[variable];
  assert.ok(found, `${variable} names a Python`);
  return found;
}

/** Through the setting, which counts where nothing is selected in the Python extension. */
export async function usePython(program: string | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration("fitlens");
  await settings.update("pythonPath", program, vscode.ConfigurationTarget.Workspace);
}

/** In what stands for the Python extension (test/vscode/pythonExtension); undefined: nothing is selected. */
export async function selectInPythonExtension(program: string | undefined): Promise<void> {
  await (await environments()).updateActiveEnvironmentPath(program ?? "python");
}

export async function selectedInPythonExtension(): Promise<string> {
  return (await environments()).getActiveEnvironmentPath().path;
}

async function environments(): Promise<PythonExtension["environments"]> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  assert.ok(extension, "the tests' Python extension is not there");
  return (await extension.activate()).environments;
}

/** Learns `y = 2x + 1` in Keras 3. Each batch takes `delay` milliseconds, so that there is time to look at it. */
export const kerasScript = ({ epochs = 3, delay = 0, before = "" } = {}): string => `import time

import keras
import numpy as np
${before}
x = np.linspace(0, 1, 64).reshape(64, 1)
y = 2 * x + 1


class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(${delay / 1000})


model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(x, y, epochs=${epochs}, batch_size=16, verbose=0, validation_split=0.25, callbacks=[Slow()])
print("done")
`;

/** The same by a pre-made Estimator. */
export const estimatorScript = ({ steps = 60, delay = 0 } = {}): string => `import time

import tensorflow as tf


def input_fn():
    data = tf.data.Dataset.from_tensor_slices(({"x": [[0.0], [1.0]]}, [[1.0], [3.0]]))
    return data.repeat().batch(2)


class Slow(tf.estimator.SessionRunHook):
    def after_run(self, run_context, run_values):
        time.sleep(${delay / 1000})


columns = [tf.feature_column.numeric_column("x")]
config = tf.estimator.RunConfig(save_checkpoints_steps=20)
estimator = tf.estimator.LinearRegressor(columns, model_dir="model_of_estimator", config=config)
estimator.train(input_fn, max_steps=${steps}, hooks=[Slow()])
print("done")
`;

/** A notebook's file: code cells, with Markdown before the first. */
export function notebook(...cells: string[]): string {
  const source = (text: string) => text.split(/(?<=\n)/);
  const code = cells.map((text) => ({
    cell_type: "code",
    execution_count: null,
    metadata: {},
    outputs: [],
    source: source(text),
  }));
  const title = { cell_type: "markdown", metadata: {}, source: ["# A line\n"] };
  const metadata = { language_info: { name: "python" } };
  return JSON.stringify({ cells: [title, ...code], metadata, nbformat: 4, nbformat_minor: 2 }, null, 1);
}
