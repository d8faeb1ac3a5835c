// Models as graphs over the protocol: of scripts, of notebooks as one program, after edits, and of what is no model.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { GraphResult } from "../../src/protocol/server";
import { Client } from "./client";

const SCRIPT = `import * as tf from "@tensorflow/tfjs";
const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] }), tf.layers.dense({ units: 1 })] });
`;

const graph = (client: Client, uri: string) => client.request<GraphResult>("fitlens/graph", { uri });

describe("fitlens/graph", () => {
  let client: Client;
  before(async () => {
    client = await Client.start();
  });
  after(async () => assert.equal(await client.stop(), 0));

  test("gives the models of a script, and follows edits", async () => {
    const uri = await client.open("graph.ts", SCRIPT);
    const [model, ...others] = (await graph(client, uri)).models;
    assert.deepEqual(others, []);
    assert.deepEqual(
      model!.edges.map(({ shape }) => shape),
      ["3", "4", "1"],
    );
    assert.equal(model!.parameters, 21);
    assert.deepEqual(model!.nodes[1]!.place, {
      uri,
      start: { line: 1, character: 39 },
      end: { line: 1, character: 85 },
    });
    await client.change(uri, 2, [{ text: SCRIPT.replace("units: 4", "units: 8") }]);
    assert.equal((await graph(client, uri)).models[0]!.parameters, 41);
    await client.change(uri, 3, [{ text: "export {};\n" }]);
    assert.deepEqual(await graph(client, uri), { models: [] });
  });

  test("takes the cells of a notebook for one program, asked for by any of them", async () => {
    const cells = [
      "import keras\nlayers = keras.layers",
      "model = keras.Sequential([keras.Input((4,)),\n  layers.Dense(2)])",
    ];
    const uris = cells.map((_, at) => `vscode-notebook-cell:/space/graph.ipynb#${at}`);
    await client.notify("notebookDocument/didOpen", {
      notebookDocument: {
        uri: "file:///space/graph.ipynb",
        notebookType: "jupyter-notebook",
        version: 1,
        cells: uris.map((document) => ({ kind: 2, document })),
      },
      cellTextDocuments: cells.map((text, at) => ({ uri: uris[at], languageId: "python", version: 1, text })),
    });
    for (const uri of [...uris, "file:///space/graph.ipynb"]) {
      const [model] = (await graph(client, uri)).models;
      assert.equal(model!.parameters, 10);
      assert.equal(model!.place.uri, uris[1]);
      const dense = model!.nodes.find(({ label }) => label === "Dense")!;
      assert.deepEqual([dense.place!.uri, dense.place!.start], [uris[1], { line: 1, character: 2 }]);
    }
  });

  test("gives nothing for what it does not know", async () => {
    assert.deepEqual(await graph(client, "file:///space/never-opened.py"), { models: [] });
  });
});
