// The language server on Python: scripts, what the editor tells of the selected Python, and notebooks, over a real process.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client } from "./client";

const KERAS = `import keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
model.fit(x, y, epochs=3)
`;
const ESTIMATOR = `import tensorflow as tf
classifier = tf.estimator.DNNClassifier([8], columns)
classifier.train(input_fn)
`;

interface Lens {
  range: { start: { line: number; character: number } };
  command: { title: string; command: string; arguments: unknown[] };
}

describe("language server on Python", () => {
  let client: Client;
  const lensesOf = (uri: string) => client.request<Lens[]>("textDocument/codeLens", { textDocument: { uri } });
  const titlesOf = async (uri: string) => (await lensesOf(uri)).map(({ command }) => command.title);
  const diagnosticsOf = async (uri: string) => {
    const answer = await client.request<{ items: { code: string; range: { start: { line: number } } }[] }>(
      "textDocument/diagnostic",
      { textDocument: { uri } },
    );
    return answer.items.map(({ code, range }) => [code, range.start.line]);
  };
  const targetsOf = async (uri: string) =>
    (await client.request<{ uri: string; line: number }[]>("fitlens/targets", { uri })).map((one) => [
      one.uri,
      one.line,
    ]);
  /** Tells of a Python with that TensorFlow and Keras; resolves when the editor was asked to look again. */
  const tell = async (tensorflow: string, keras: string, backends: Record<string, string> = {}) => {
    const refreshed = client.isAsked("workspace/codeLens/refresh");
    const packages = { tensorflow, keras };
    await client.notify("fitlens/python", { packages, backends: { default: "tensorflow", ...backends } });
    await refreshed;
  };

  before(async () => {
    client = await Client.start();
  });
  after(async () => assert.equal(await client.stop(), 0));

  test("before it knows of a Python it offers what holds for all", async () => {
    const uri = await client.open("before.py", KERAS, "python");
    assert.deepEqual(await titlesOf(uri), ["▶ Train", "Debug", "Metrics"]);
    assert.deepEqual(await diagnosticsOf(await client.open("beforeEstimator.py", ESTIMATOR, "python")), []);
  });

  test("follows edits", async () => {
    const uri = await client.open("edited.py", KERAS, "python");
    const at = (line: number, character: number) => ({ line, character });
    await client.change(uri, 2, [{ range: { start: at(3, 9), end: at(3, 9) }, text: "ting" }]);
    assert.deepEqual(await lensesOf(uri), []);
    await client.change(uri, 3, [
      { range: { start: at(3, 9), end: at(3, 13) }, text: "" },
      { range: { start: at(0, 0), end: at(0, 0) }, text: '"""\nü😀\n"""\n' },
    ]);
    assert.deepEqual((await lensesOf(uri))[0]?.range.start, at(6, 6));
  });

  test("shows the backend of a Keras 3 file, and the one chosen for it", async () => {
    const uri = await client.open("backend.py", KERAS, "python");
    await tell("2.21.0", "3.15.0");
    assert.equal((await titlesOf(uri)).at(-1), "Backend: tensorflow ▾");
    await tell("2.21.0", "3.15.0", { [uri]: "jax" });
    const lens = (await lensesOf(uri)).at(-1);
    assert.equal(lens?.command.title, "Backend: jax ▾");
    assert.deepEqual([lens?.command.command, lens?.command.arguments], ["fitlens.selectBackend", [uri]]);
  });

  test("says that tf.estimator is gone, with the environment as quick fix, until it is not", async () => {
    const uri = await client.open("estimator.py", ESTIMATOR, "python");
    await tell("2.21.0", "3.15.0");
    assert.deepEqual(await diagnosticsOf(uri), [["estimator-removed", 1]]);
    const place = { line: 1, character: 16 };
    const actions = await client.request<{ title: string; command: { command: string; arguments: unknown[] } }[]>(
      "textDocument/codeAction",
      { textDocument: { uri }, range: { start: place, end: place }, context: { diagnostics: [], only: ["quickfix"] } },
    );
    assert.deepEqual(
      actions.map(({ title, command }) => [title, command.command, command.arguments]),
      [["Create an Environment with TensorFlow 2.15…", "fitlens.createEnvironment", ["estimator"]]],
    );
    await tell("2.15.1", "2.15.0");
    assert.deepEqual(await diagnosticsOf(uri), []);
  });

  test("stands what is told wrongly", async () => {
    const uri = await client.open("told.py", KERAS, "python");
    for (const told of [
      null,
      3,
      [],
      {},
      { packages: 3 },
      { packages: { keras: 3 }, backends: { a: 1 } },
      { backends: null },
    ])
      await client.notify("fitlens/python", told);
    assert.deepEqual(await titlesOf(uri), ["▶ Train", "Debug", "Metrics"]);
  });

  test("converts a script", async () => {
    const text = `import numpy as np\nimport tensorflow as tf\nx = np.ones((8, 1))\n${KERAS.replace("import keras\n", "").replaceAll("keras", "tf.keras")}`;
    const uri = await client.open("convert.py", text, "python");
    const result = await client.request<{ ok: boolean; newText?: string; message?: string }>("fitlens/convert", {
      uri,
      line: 5,
      to: "estimator",
    });
    assert.match(result.newText ?? result.message ?? "", /model_to_estimator\(/);
  });

  describe("notebooks", () => {
    const NOTEBOOK = "file:///work/a.ipynb";
    const cell = (name: string) => `vscode-notebook-cell:/work/a.ipynb#${name}`;
    const document = (name: string, text: string, languageId = "python") => ({
      uri: cell(name),
      languageId,
      version: 1,
      text,
    });
    const code = (name: string) => ({ kind: 2, document: cell(name) });
    const open = (cells: { [name: string]: string }) =>
      client.notify("notebookDocument/didOpen", {
        notebookDocument: {
          uri: NOTEBOOK,
          notebookType: "jupyter-notebook",
          version: 1,
          cells: Object.keys(cells).map(code),
        },
        cellTextDocuments: Object.entries(cells).map(([name, text]) => document(name, text)),
      });
    const change = (version: number, cells: unknown) =>
      client.notify("notebookDocument/didChange", {
        notebookDocument: { uri: NOTEBOOK, version },
        change: { cells },
      });
    const textOf = (name: string, version: number, text: string) => ({
      textContent: [{ document: { uri: cell(name), version }, changes: [{ text }] }],
    });
    const close = (...names: string[]) =>
      client.notify("notebookDocument/didClose", {
        notebookDocument: { uri: NOTEBOOK },
        cellTextDocuments: names.map((name) => ({ uri: cell(name) })),
      });

    test("are one program", async () => {
      await open({
        a: "%pip install keras\nfrom tensorflow import keras",
        b: "m = keras.Sequential()",
        c: "!ls\nm.fit(x)",
      });
      assert.deepEqual(await targetsOf(cell("c")), [[cell("c"), 1]]);
      assert.deepEqual(await targetsOf(cell("a")), []);
      assert.deepEqual(await targetsOf(NOTEBOOK), [[cell("c"), 1]]);
      const lenses = await lensesOf(cell("c"));
      assert.deepEqual(
        lenses.map(({ command, range }) => [command.title, range.start.line]),
        ["▶ Train", "Debug", "Metrics", "Convert to Estimator"].map((title) => [title, 1]),
      );
      await close("a", "b", "c");
      assert.deepEqual(await targetsOf(cell("c")), []);
      assert.deepEqual(await targetsOf(NOTEBOOK), []);
    });

    test("an edit in one cell counts in the others, and the editor is told to look again", async () => {
      await open({ a: "from sklearn.svm import SVC", b: "m = SVC()", c: "m.fit(x)" });
      assert.deepEqual(await targetsOf(cell("c")), []);
      const refreshed = Promise.all([
        client.isAsked("workspace/codeLens/refresh"),
        client.isAsked("workspace/diagnostic/refresh"),
      ]);
      await change(2, textOf("b", 2, "import keras\nm = keras.Sequential()"));
      await refreshed;
      assert.deepEqual(await targetsOf(cell("c")), [[cell("c"), 0]]);
      await close("a", "b", "c");
    });

    test("cells come, go and move", async () => {
      await open({ a: "from tensorflow import keras", c: "m.fit(x)" });
      assert.deepEqual(await targetsOf(NOTEBOOK), []);
      await change(2, {
        structure: {
          array: { start: 1, deleteCount: 0, cells: [code("b")] },
          didOpen: [document("b", "m = keras.Sequential()\nm.fit(y)")],
        },
      });
      assert.deepEqual(await targetsOf(NOTEBOOK), [
        [cell("b"), 1],
        [cell("c"), 0],
      ]);
      await change(3, { structure: { array: { start: 1, deleteCount: 2, cells: [code("c"), code("b")] } } });
      assert.deepEqual(
        (await targetsOf(NOTEBOOK)).map(([uri]) => uri),
        [cell("c"), cell("b")],
      );
      await change(4, {
        structure: { array: { start: 2, deleteCount: 1 }, didClose: [{ uri: cell("b") }] },
      });
      assert.deepEqual(await targetsOf(NOTEBOOK), []);
      assert.deepEqual(await targetsOf(cell("b")), []);
      await close("a", "c");
    });

    test("diagnostics go to the cell they are about", async () => {
      await tell("2.21.0", "3.15.0");
      await open({ a: "import tensorflow as tf", b: "\n\ntf.estimator.RunConfig()" });
      assert.deepEqual(await diagnosticsOf(cell("a")), []);
      assert.deepEqual(await diagnosticsOf(cell("b")), [["estimator-removed", 2]]);
      await close("a", "b");
    });

    test("a cell is converted into a cell", async () => {
      await open({
        a: "import numpy as np\nimport tensorflow as tf\nx = np.ones((8, 1))",
        b: 'model = tf.keras.Sequential([tf.keras.layers.Dense(1)])\nmodel.compile(optimizer="sgd", loss="mse")\nmodel.fit(x, x)',
      });
      const result = await client.request<{ ok: boolean; version: number; newText: string }>("fitlens/convert", {
        uri: cell("b"),
        line: 2,
        to: "estimator",
      });
      assert.equal(result.ok, true, JSON.stringify(result));
      assert.equal(result.version, 1);
      assert.match(result.newText, /^def array_input_fn[\s\S]*model_to_estimator\(/);
      assert.match(result.newText, /model_dir\/a"/);
      await close("a", "b");
    });

    test("an editor that sends cells as plain documents has each read alone", async () => {
      await client.notify("textDocument/didOpen", { textDocument: document("z", KERAS) });
      assert.deepEqual(await targetsOf(cell("z")), [[cell("z"), 3]]);
    });
  });
});
