// Convert to Estimator in Python: offered where the selected Python's Keras has Estimators, shown as a diff, undone in one step.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, closeAll, lensTitles, open, output, reaches, train, until, write } from "../helpers";
import { estimatorPython, kerasScript, newestPython, usePython } from "../python";

const TF_KERAS = `import numpy as np
import tensorflow as tf

x = np.linspace(0, 1, 64, dtype="float32").reshape(64, 1)
y = 2 * x + 1
model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
model.fit(x, y, epochs=2, batch_size=16)
`;

const diffTab = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find(({ input }) => input instanceof vscode.TabInputTextDiff);

const lensesOf = (uri: vscode.Uri, what: string, fits: (titles: string[]) => boolean) =>
  until(what, async () => {
    const titles = await lensTitles(uri);
    return fits(titles) ? titles : undefined;
  });

describe("conversion of Python", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
  });
  after(async () => {
    await usePython(undefined);
    await closeAll();
  });

  it("is offered under TensorFlow 2.15, shown, applied, and trains as an Estimator", async () => {
    await usePython(estimatorPython());
    const uri = write("converted_python.py", TF_KERAS);
    const { document } = await open(uri);
    await lensesOf(uri, "the lens", (titles) => titles.some((title) => title.startsWith("Convert to Estimator")));
    await vscode.commands.executeCommand("fitlens.convertToEstimator", uri);
    const tab = await until("the diff", diffTab);
    assert.equal((tab.input as vscode.TabInputTextDiff).modified.path, uri.path);
    assert.equal(document.getText(), TF_KERAS);
    await vscode.commands.executeCommand("fitlens.applyConversion");
    await until("the diff to close", () => !diffTab());
    assert.match(document.getText(), /model_to_estimator\(/);
    await document.save();
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
    assert.match(run.status.framework ?? "", /^tf\.estimator/);
    assert.equal(run.status.step, 8);
  });

  it("is not offered under Keras 3, where the backend is instead", async () => {
    await usePython(newestPython());
    const uri = write("not_converted.py", kerasScript());
    await open(uri);
    const titles = await lensesOf(uri, "the backend", (now) => now.some((title) => title.startsWith("Backend:")));
    assert.equal(
      titles.some((title) => title.startsWith("Convert")),
      false,
      titles.join(" · "),
    );
  });
});
