// Watched terminals: what is typed there trains as ever, and is a run with metrics in this window.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, begun, EXTENSION, reaches, stopAll, until, workspace, write } from "../helpers";

const PYTHON = `
import keras, numpy
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(numpy.ones((64, 1)), numpy.ones((64, 1)), epochs=3, batch_size=16, verbose=0)
`;
const NODE = `
import * as tf from "@tensorflow/tfjs";
const x = tf.linspace(0, 1, 64).reshape([64, 1]);
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(x, x, { epochs: 3, batchSize: 16, verbose: 0 });
`;

describe("watched terminals", () => {
  let api: FitlensApi;
  const settings = () => vscode.workspace.getConfiguration("fitlens");

  before(async () => {
    api = await activate();
    await api.runs.ready;
  });
  afterEach(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await stopAll(api);
  });
  after(() => settings().update("watchTerminals", undefined, vscode.ConfigurationTarget.Workspace));

  /** A new terminal, and what a variable is in it. */
  async function terminalWith(variable: string): Promise<{ terminal: vscode.Terminal; value: string }> {
    const terminal = vscode.window.createTerminal({ cwd: workspace().uri });
    const file = path.join(workspace().uri.fsPath, "variable.txt");
    fs.rmSync(file, { force: true });
    terminal.sendText(`printf '%s.' "$${variable}" > variable.txt`);
    const value = await until("the shell", () => {
      const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
      return text.endsWith(".") ? text : undefined;
    });
    return { terminal, value: value.slice(0, -1) };
  }

  /** The window may hear of the variables a moment later than the extension tells. */
  function watched(): Promise<vscode.Terminal> {
    return until("a terminal that is watched", async () => {
      const { terminal, value } = await terminalWith("FITLENS_WATCH");
      if (value === path.join(workspace().uri.fsPath, ".fitlens", "runs")) return terminal;
      terminal.dispose();
      return undefined;
    });
  }

  async function typed(terminal: vscode.Terminal, program: string, script: vscode.Uri) {
    const command = [program, vscode.workspace.asRelativePath(script)].map(
      (word) => `'${word.replaceAll("'", `'\\''`)}'`,
    );
    terminal.sendText(command.join(" "));
    return reaches(api, await begun(api, script.fsPath), "finished", "failed");
  }

  it("are not watched unless that is wanted", async () => {
    const { value } = await terminalWith("FITLENS_WATCH$FITLENS_WATCH_DIST");
    assert.equal(value.includes("fitlens"), false, value);
  });

  it("one command turns it on and off", async () => {
    await vscode.commands.executeCommand("fitlens.toggleWatchTerminals");
    assert.equal(settings().get("watchTerminals"), true);
    const terminal = await watched();
    terminal.dispose();
    await vscode.commands.executeCommand("fitlens.toggleWatchTerminals");
    assert.equal(settings().get("watchTerminals"), false);
    await until("a terminal that is not watched", async () => (await terminalWith("FITLENS_WATCH")).value === "");
  });

  it("a Keras script that is typed is a run", async function () {
    const python = process.env["FITLENS_TEST_PYTHON"];
    if (!python) this.skip();
    await settings().update("watchTerminals", true, vscode.ConfigurationTarget.Workspace);
    const run = await typed(await watched(), python, write("typed/train.py", PYTHON));
    assert.equal(run.status.state, "finished", JSON.stringify(run.status));
    assert.equal(run.record?.origin, "terminal");
    assert.deepEqual([run.status.epoch, run.status.step], [3, 12]);
    assert.ok(fs.readdirSync(path.join(run.folder, "train")).some((name) => name.startsWith("events.out.tfevents.")));
  });

  it("a TensorFlow.js script that is typed is a run", async () => {
    await settings().update("watchTerminals", true, vscode.ConfigurationTarget.Workspace);
    const script = write("typed/train.mjs", NODE);
    const modules = vscode.extensions.getExtension(EXTENSION)!.extensionPath;
    const link = path.join(path.dirname(script.fsPath), "node_modules");
    fs.symlinkSync(path.join(modules, "node_modules"), link, "junction");
    try {
      const run = await typed(await watched(), process.env["FITLENS_TEST_NODE24"] ?? "node", script);
      assert.equal(run.status.state, "finished", JSON.stringify(run.status));
      assert.deepEqual([run.record?.origin, run.status.epoch, run.status.step], ["terminal", 3, 12]);
      assert.match(run.status.framework ?? "", /^TensorFlow\.js 4/);
    } finally {
      fs.rmSync(link);
    }
  });
});
