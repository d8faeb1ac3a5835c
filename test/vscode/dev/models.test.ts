// What a person sees of a model while typing: hints, hovers, problems with their quick fixes, in files and in notebook cells.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, open, until, write } from "../helpers";

const MODEL = `import keras
from keras import layers

model = keras.Sequential()
model.add(keras.Input((28, 28, 1)))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Flatten())
model.add(layers.Dense(1, activation="softmax"))
model.compile(optimizer="adam", loss="binary_crossentropy")
`;

async function hints(uri: vscode.Uri): Promise<string[]> {
  const range = new vscode.Range(0, 0, 100, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>("vscode.executeInlayHintProvider", uri, range);
  const ours = found.filter(({ label }) => typeof label === "string" && label.startsWith("→"));
  return ours.sort((a, b) => a.position.compareTo(b.position)).map(({ label }) => label as string);
}

const codes = (uri: vscode.Uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === "fitlens")
    .map(({ code }) => (typeof code === "object" ? code.value : code));

describe("models while typing", () => {
  afterEach(closeAll);

  it("have hints that follow the text, and a hover with the summary", async () => {
    await activate();
    const uri = write("models/cnn.py", MODEL);
    const editor = await open(uri);
    const expected = ["→ 1 · 21,953 parameters", "→ 28 × 28 × 1", "→ 26 × 26 × 32 · 320", "→ 21632", "→ 1 · 21,633"];
    await until("the hints", async () => (await hints(uri)).length === expected.length);
    assert.deepEqual(await hints(uri), expected);
    const at = editor.document.positionAt(MODEL.indexOf("32, 3") + 4);
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 1)), "5"));
    await until("hints of the new text", async () => (await hints(uri))[2] === "→ 24 × 24 × 32 · 832");
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      editor.document.positionAt(MODEL.lastIndexOf("model.compile") + 2),
    );
    const text = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]).map(({ value }) => value);
    assert.match(text.join("\n"), /Total parameters: 19,265[\s\S]*\| Conv2D \|/);
  });

  it("have problems with a page, a related place or a fix, which mends them", async () => {
    await activate();
    const uri = write("models/softmax.py", MODEL);
    const editor = await open(uri);
    await until("the problem", () => codes(uri).includes("softmax-one-unit"));
    const problem = vscode.languages.getDiagnostics(uri).find(({ source }) => source === "fitlens")!;
    const { target } = problem.code as { target: vscode.Uri };
    assert.match(Buffer.from(await vscode.workspace.fs.readFile(target)).toString(), /^# /);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      problem.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ edit }) => edit?.has(uri));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(editor.document.getText(), /Dense\(1, activation="sigmoid"\)/);
    await until("no problem", () => codes(uri).length === 0);
  });

  it("can have their hints turned off", async () => {
    await activate();
    const uri = write("models/off.py", MODEL);
    await open(uri);
    await until("the hints", async () => (await hints(uri)).length > 0);
    const settings = vscode.workspace.getConfiguration("fitlens");
    try {
      await settings.update("inlayHints.enabled", false, vscode.ConfigurationTarget.Global);
      await until("no hints", async () => (await hints(uri)).length === 0);
    } finally {
      await settings.update("inlayHints.enabled", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("know in a cell what earlier cells have made", async () => {
    await activate();
    const cell = (source: string) => ({ cell_type: "code", source: [source], metadata: {}, outputs: [] });
    const cells = [cell("import keras\nx = keras.Input((4,))\n"), cell("y = keras.layers.Dense(3)(x)\n")];
    const metadata = { language_info: { name: "python" } };
    const file = write("models/cells.ipynb", JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    const { uri } = notebook.cellAt(1).document;
    await until("the hint of the second cell", async () => (await hints(uri))[0] === "→ 3 · 15");
  });
});
