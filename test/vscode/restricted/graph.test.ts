// Restricted Mode: a graph is read, and reading starts nothing.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, open, until, write } from "../helpers";

describe("the graph view in an untrusted workspace", () => {
  it("shows the models", async () => {
    const { graphs } = await activate();
    const uri = write(
      "graph.py",
      "import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\n",
    );
    await open(uri);
    await vscode.commands.executeCommand("fitlens.showGraph", uri);
    const panel = await until("the graph's panel", () => graphs.of(uri));
    const { models } = await until("the models", () => panel.models);
    assert.equal(models[0]?.parameters, 10);
    await closeAll();
  });
});
