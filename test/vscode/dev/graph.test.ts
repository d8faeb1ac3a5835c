// The graph view: opens beside its document, follows edits, goes to the source, knows notebooks, and closes cleanly.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";
import type { ModelGraph } from "../../../src/protocol/graph";
import type { GraphPanel } from "../../../src/ui/graph/panel";
import { activate, closeAll, open, until, write } from "../helpers";

const MODEL = `import keras
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3),
    layers.Flatten(),
    layers.Dense(10),
])
`;

const tabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("fitlens.graph"),
    ),
  );

/** Shows the graph of a document, and waits until its page has been told of the models. */
async function shown(uri: vscode.Uri): Promise<GraphPanel> {
  const { graphs } = await activate();
  await vscode.commands.executeCommand("fitlens.showGraph", uri);
  const panel = await until("the graph's panel", () => graphs.of(uri));
  await until("the models", () => panel.models);
  return panel;
}

const labels = ({ models }: GraphPanel): string[] =>
  (models?.models ?? []).flatMap(({ nodes }: ModelGraph) => nodes.map(({ label }) => label));

describe("the graph view", () => {
  afterEach(closeAll);

  it("opens beside the document, once", async () => {
    const uri = write("graph/model.py", MODEL);
    await open(uri);
    const panel = await shown(uri);
    assert.deepEqual(labels(panel), ["Input", "Conv2D", "Flatten", "Dense", "Output"]);
    assert.equal(panel.webview.title, "model.py model");
    assert.equal(panel.webview.viewColumn, vscode.ViewColumn.Two);
    await vscode.commands.executeCommand("fitlens.showGraph", uri);
    assert.equal(tabs().length, 1);
  });

  it("follows edits", async () => {
    const uri = write("graph/edited.py", MODEL);
    const editor = await open(uri);
    const panel = await shown(uri);
    const line = MODEL.split("\n").findIndex((text) => text.includes("Flatten"));
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    await vscode.window.activeTextEditor!.edit((edit) =>
      edit.insert(new vscode.Position(line, 0), "    layers.MaxPooling2D(),\n"),
    );
    await until("the new layer", () => labels(panel).includes("MaxPooling2D"));
  });

  it("goes to the source beside it", async () => {
    const uri = write("graph/source.py", MODEL);
    await open(uri);
    const panel = await shown(uri);
    const dense = panel.models!.models[0]!.nodes.find(({ label }) => label === "Dense")!;
    panel.receive({ kind: "open-source", at: dense.place });
    await until("the cursor at the layer", () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.uri.toString() === uri.toString() && editor.selection.active.line === 7;
    });
    assert.equal(vscode.window.activeTextEditor!.viewColumn, vscode.ViewColumn.One);
    assert.equal(tabs().length, 1);
  });

  it("takes the cells of a notebook for one program, and goes to the cell", async () => {
    const cell = (source: string) => ({ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source });
    const text = {
      cells: [cell("import keras\nfrom keras import layers\n"), cell(MODEL.split("\n").slice(3).join("\n"))],
      metadata: { language_info: { name: "python" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    const uri = write("graph/cells.ipynb", JSON.stringify(text));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const panel = await shown(uri);
    await until("the model", () => labels(panel).includes("Conv2D"));
    const conv = panel.models!.models[0]!.nodes.find(({ label }) => label === "Conv2D")!;
    assert.equal(conv.place!.uri, notebook.cellAt(1).document.uri.toString());
    panel.receive({ kind: "open-source", at: conv.place });
    await until("the cell", () => vscode.window.activeTextEditor?.document.uri.toString() === conv.place!.uri);
    assert.equal(vscode.window.activeTextEditor!.selection.active.line, conv.place!.start.line);
  });

  it("is gone from memory when its tab is closed", async () => {
    const uri = write("graph/closed.py", MODEL);
    await open(uri);
    const { graphs } = await activate();
    await shown(uri);
    await vscode.window.tabGroups.close(tabs());
    await until("the panel to go", () => graphs.of(uri) === undefined);
  });

  it("says what is no document of its own", async () => {
    const { graphs } = await activate();
    const uri = write("graph/notes.txt", "nothing");
    await vscode.commands.executeCommand("fitlens.showGraph", uri);
    assert.equal(graphs.of(uri), undefined);
    assert.equal(tabs().length, 0);
  });
});
