// The language server as other editors run it: a process that speaks the protocol over its standard streams.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { Client, inTime } from "./client";

const IRIS = `import * as tf from "@tensorflow/tfjs";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(tf.ones([4, 1]), tf.ones([4, 1]), { epochs: 2 });
`;

interface Lens {
  range: { start: { line: number; character: number } };
  command: { title: string; command: string; arguments: { line: number; receiver: string }[] };
}

const lensesOf = (client: Client, uri: string) =>
  client.request<Lens[]>("textDocument/codeLens", { textDocument: { uri } });

describe("language server over stdio", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(async () => assert.equal(await client.stop(), 0));

  test("gives four lenses at a fit", async () => {
    const lenses = await lensesOf(client, await client.open("lenses.ts", IRIS));
    assert.deepEqual(
      lenses.map(({ command }) => command.title),
      ["▶ Train", "Debug", "Metrics", "Convert to Estimator"],
    );
    assert.ok(lenses.every(({ range }) => range.start.line === 3));
    assert.equal(lenses[0]!.command.arguments[0]!.receiver, "model");
  });

  test("lists the training calls", async () => {
    const uri = await client.open("targets.ts", IRIS);
    assert.deepEqual(await client.request("fitlens/targets", { uri }), [
      { uri, line: 3, character: 12, call: "fit", receiver: "model" },
    ]);
  });

  test("follows edits", async () => {
    const uri = await client.open("edited.ts", IRIS);
    const at = { line: 3, character: 12 };
    await client.change(uri, 2, [
      { range: { start: at, end: { line: 3, character: 15 } }, text: "fi" },
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "// ü😀\n\n" },
    ]);
    assert.deepEqual(await lensesOf(client, uri), []);
    await client.change(uri, 3, [
      { range: { start: { line: 5, character: 14 }, end: { line: 5, character: 14 } }, text: "t" },
    ]);
    assert.equal((await lensesOf(client, uri))[0]!.range.start.line, 5);
    await client.change(uri, 4, [{ text: IRIS }]);
    assert.equal((await lensesOf(client, uri))[0]!.range.start.line, 3);
  });

  test("offers the conversion on the model, its compile and its fit, and nowhere else", async () => {
    const uri = await client.open("actions.ts", IRIS);
    const actionsAt = (line: number, only?: string[]) => {
      const place = { line, character: 2 };
      return client.request<{ title: string; kind: string }[]>("textDocument/codeAction", {
        textDocument: { uri },
        range: { start: place, end: place },
        context: { diagnostics: [], only },
      });
    };
    for (const line of [2, 3])
      assert.deepEqual(
        (await actionsAt(line)).map(({ title }) => title),
        ["Convert to Estimator"],
      );
    assert.deepEqual(await actionsAt(0), []);
    assert.deepEqual(await actionsAt(3, ["quickfix"]), []);
    assert.equal((await actionsAt(3, ["refactor"]))[0]!.kind, "refactor.rewrite");
  });

  test("converts, and says for which version", async () => {
    const uri = await client.open("convert me.ts", IRIS);
    await client.change(uri, 7, [
      { range: { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } }, text: "// end\n" },
    ]);
    const result = await client.request<{ ok: boolean; version: number; newText: string }>("fitlens/convert", {
      uri,
      line: 3,
      to: "estimator",
    });
    assert.equal(result.ok, true);
    assert.equal(result.version, 7);
    assert.match(result.newText, /await estimator\.train\(trainInputFn\)/);
    assert.match(result.newText, /\/\/ end\n$/);
  });

  test("says why it does not convert", async () => {
    const uri = await client.open("nothing.ts", "const a = 1;\n");
    const result = await client.request<{ ok: boolean; code: string }>("fitlens/convert", { uri, to: "estimator" });
    assert.deepEqual([result.ok, result.code], [false, "no-model"]);
    const closed = await client.request<{ code: string }>("fitlens/convert", {
      uri: "file:///none.ts",
      to: "estimator",
    });
    assert.equal(closed.code, "not-readable");
  });

  test("pulls diagnostics", async () => {
    const text = IRIS.replace(/^model\.compile.*\n/m, "");
    const uri = await client.open("diagnostics.ts", text);
    const { items } = await client.request<{ items: { code: string; severity: number; message: string }[] }>(
      "textDocument/diagnostic",
      { textDocument: { uri } },
    );
    assert.deepEqual(
      items.map(({ code, severity }) => [code, severity]),
      [["fit-before-compile", 1]],
    );
  });

  test("shows layers' shapes and parameters, and follows edits", async () => {
    const uri = await client.open("hints.ts", IRIS);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const labels = async () =>
      (await client.request<{ label: string }[]>("textDocument/inlayHint", { textDocument: { uri }, range })).map(
        ({ label }) => label,
      );
    assert.deepEqual(await labels(), ["→ 1 · 2", "→ 1 · 2 parameters"]);
    const at = IRIS.split("\n")[1]!.indexOf("units: 1") + "units: ".length;
    await client.change(uri, 2, [
      { range: { start: { line: 1, character: at }, end: { line: 1, character: at + 1 } }, text: "30" },
    ]);
    assert.deepEqual(await labels(), ["→ 30 · 60", "→ 30 · 60 parameters"]);
    const hovered = await client.request<{ contents: { value: string } }>("textDocument/hover", {
      textDocument: { uri },
      position: { line: 2, character: 1 },
    });
    assert.match(hovered.contents.value, /Total parameters: 60/);
  });

  test("completes what Keras takes as text, within strings alone", async () => {
    const text = 'import keras\nx = keras.layers.Dense(3, activation="re")(keras.Input((2,)))\n';
    const uri = await client.open("completion.py", text, "python");
    const labels = async (character: number) => {
      const position = { line: 1, character };
      const found = await client.request<{ label: string }[]>("textDocument/completion", {
        textDocument: { uri },
        position,
      });
      return found.map(({ label }) => label);
    };
    const at = text.split("\n")[1]!.indexOf('re")') + 2;
    assert.ok((await labels(at)).includes("relu"));
    assert.deepEqual(await labels(at - 10), []);
  });

  test("knows what a file imports from its workspace, and follows it", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-"));
    fs.writeFileSync(path.join(folder, "sizes.py"), "UNITS = 3\n");
    const client = await Client.start();
    const text =
      "import keras\nfrom sizes import UNITS\nkeras.Sequential([keras.Input((2,)), keras.layers.Dense(UNITS)])\n";
    const uri = await client.open(path.join(folder, "train.py"), text, "python");
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const dense = async () =>
      (await client.request<{ label: string }[]>("textDocument/inlayHint", { textDocument: { uri }, range }))[1]!.label;
    assert.equal(await dense(), "→ 3 · 9");
    // An editor's text comes before the disk's.
    const sizes = await client.open(path.join(folder, "sizes.py"), "UNITS = 4\n", "python");
    assert.equal(await dense(), "→ 4 · 12");
    const asked = client.isAsked("workspace/inlayHint/refresh");
    await client.change(sizes, 2, [{ text: "UNITS = 5\n" }]);
    await asked;
    assert.equal(await dense(), "→ 5 · 15");
    assert.equal(await client.stop(), 0);
    fs.rmSync(folder, { recursive: true });
  });

  test("tells what other files make of a file's functions, and follows both", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-"));
    const model =
      "import keras\ndef build(size, units):\n    x = keras.Input((size,))\n    return keras.layers.Dense(units)(x)\n";
    fs.writeFileSync(path.join(folder, "model.py"), model);
    fs.writeFileSync(path.join(folder, "train.py"), "from model import build\nbuild(4, 3)\n");
    const client = await Client.start();
    const refreshed = () => client.isAsked("workspace/inlayHint/refresh");
    const uri = await client.open(path.join(folder, "model.py"), model, "python");
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const last = async () =>
      (await client.request<{ label: string }[]>("textDocument/inlayHint", { textDocument: { uri }, range })).at(-1)
        ?.label;
    const untilLast = async (label: string) => {
      // The editor asks again when it is told to; what comes in between is what was known by then.
      for (let turn = 0; turn < 6; turn++) {
        const next = refreshed();
        next.catch(() => {});
        if ((await last()) === label) return;
        await next;
      }
      assert.equal(await last(), label);
    };
    // The folder's files are looked at when the first hints are asked for, and read after that.
    await untilLast("→ 3 · 15");
    const position = { line: 3, character: 20 };
    const hover = await client.request<{ contents: { value: string } }>("textDocument/hover", {
      textDocument: { uri },
      position,
    });
    assert.match(hover.contents.value, /As called from train\.py, line 2/);
    const train = await client.open(
      path.join(folder, "train.py"),
      "from model import build\n\nbuild(4, 3)\n",
      "python",
    );
    const next = refreshed();
    await client.change(train, 2, [{ text: "from model import build\nbuild(5, 3)\n" }]);
    await next;
    await untilLast("→ 3 · 18");
    await client.change(uri, 2, [{ text: model.replace("Dense(units)", "Dense(2 * units)") }]);
    await untilLast("→ 6 · 36");
    assert.equal(await client.stop(), 0);
    fs.rmSync(folder, { recursive: true });
  });

  test("keeps few documents read, and answers for all that are open", async () => {
    const uris: string[] = [];
    for (let n = 1; n <= 40; n++)
      uris.push(await client.open(`many/${n}.ts`, IRIS.replace("units: 1,", `units: ${n},`)));
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    for (const [at, uri] of [...uris.entries(), [0, uris[0]!] as const]) {
      const hints = await client.request<{ label: string }[]>("textDocument/inlayHint", {
        textDocument: { uri },
        range,
      });
      assert.equal(hints[0]!.label, `→ ${at + 1} · ${2 * (at + 1)}`);
    }
    await client.change(uris[3]!, 2, [{ text: IRIS }]);
    const [hint] = await client.request<{ label: string }[]>("textDocument/inlayHint", {
      textDocument: { uri: uris[3] },
      range,
    });
    assert.equal(hint!.label, "→ 1 · 2");
  });

  test("answers nothing for other languages, and for documents that it was not told of", async () => {
    const ruby = await client.open("iris.rb", "model.fit(x, y, epochs=3)\n", "ruby");
    assert.deepEqual(await lensesOf(client, ruby), []);
    assert.deepEqual(await lensesOf(client, "file:///elsewhere.ts"), []);
  });

  test("forgets a document that is closed", async () => {
    const uri = await client.open("closed.ts", IRIS);
    await client.notify("textDocument/didClose", { textDocument: { uri } });
    assert.deepEqual(await lensesOf(client, uri), []);
  });

  test("stands ranges that are the wrong way round or outside the text", async () => {
    const uri = await client.open("ranges.ts", IRIS);
    await client.change(uri, 2, [
      { range: { start: { line: 3, character: 15 }, end: { line: 3, character: 12 } }, text: "fit" },
      { range: { start: { line: 99, character: 9 }, end: { line: 120, character: 0 } }, text: "// end" },
    ]);
    const { newText } = await client.request<{ newText: string }>("fitlens/convert", { uri, to: "estimator" });
    assert.match(newText, /train\(trainInputFn\);[\s\S]*\/\/ end$/);
  });

  test("stands malformed messages and text", async () => {
    await client.change("file:///never/opened.ts", 3, [{ text: "x" }]);
    const uri = await client.open("broken.ts", `${IRIS}\u0000\ud800 ((({{{ \`\${`);
    assert.equal((await lensesOf(client, uri)).length, 4);
    await assert.rejects(client.request("fitlens/unknown", {}), /Unhandled method|not found/i);
    assert.equal((await lensesOf(client, uri)).length, 4);
  });
});

describe("settings of the language server", () => {
  test("lenses are off by initializationOptions, for editors without configuration", async () => {
    const client = await Client.start({ initializationOptions: { codeLens: { enabled: false } } });
    assert.deepEqual(await lensesOf(client, await client.open("a.ts", IRIS)), []);
    assert.equal(await client.stop(), 0);
  });

  test("parts of the hints are off by settings", async () => {
    const client = await Client.start({ initializationOptions: { inlayHints: { parameters: false, models: false } } });
    const uri = await client.open("hints.ts", IRIS);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await client.request<{ label: string }[]>("textDocument/inlayHint", { textDocument: { uri }, range });
    assert.deepEqual(
      hints.map(({ label }) => label),
      ["→ 1"],
    );
    assert.equal(await client.stop(), 0);
  });

  test("a change of the configuration is obeyed, and the editor is told to ask again", async () => {
    const client = await Client.start({ configuration: { codeLens: { enabled: true } } });
    const uri = await client.open("a.ts", IRIS);
    assert.equal((await lensesOf(client, uri)).length, 4);
    client.configuration = { codeLens: { enabled: false } };
    const refreshed = client.isAsked("workspace/codeLens/refresh");
    await client.notify("workspace/didChangeConfiguration", { settings: null });
    await refreshed;
    assert.deepEqual(await lensesOf(client, uri), []);
    assert.equal(await client.stop(), 0);
  });
});

describe("the end of the language server", () => {
  test("comes when the client's streams close", async () => {
    const client = await Client.start();
    const exit = once(client.process, "exit");
    client.process.stdin!.end();
    client.process.stdout!.destroy();
    await inTime(exit, "the server's end");
  });

  test("comes when the client's process is gone", async () => {
    // A parent that starts the server, tells it its own id and is killed; the streams stay open in this process.
    const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const client = await Client.start({}, parent.pid);
    const exit = once(client.process, "exit");
    parent.kill("SIGKILL");
    await inTime(exit, "the server's end");
  });
});
