// Which call a conversion means, and what its modelDir is called.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import { convertDocument } from "../../../src/features/convert";
import { modelDirFor } from "../../../src/rewrite/modelDir";
import { scriptOf } from "../read/script";

describe("the folder of the model", () => {
  const CASES: [file: string, text: string, folder: string][] = [
    ["/work/iris.ts", "", "model_dir/iris"],
    ["C:\\work\\my model.v2.mts", "", "model_dir/my_model.v2"],
    ['/a b/Modèle (neu) "x".ts', "", "model_dir/Modèle_neu_x_"],
    ["/work/.ts", "", "model_dir/model"],
    ["/work/$(rm -rf).js", "", "model_dir/_rm_-rf_"],
    ["iris.js", 'a("model_dir/iris")', "model_dir/iris_2"],
    ["iris.js", "a('model_dir/iris', `model_dir/iris_2`)", "model_dir/iris_3"],
  ];
  for (const [file, text, folder] of CASES) test(file + text, () => assert.equal(modelDirFor(file, text), folder));
});

describe("several calls", () => {
  const TEXT = `import * as tf from "@tensorflow/tfjs";
const a = tf.sequential();
const b = tf.sequential();
a.compile({ optimizer: "sgd", loss: "meanSquaredError" });
b.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await a.fit(x, y);
await b.fit(x, y);
`;
  const converted = async (line?: number, uri = "file:///w/two%20models.ts") => {
    const { source } = await scriptOf(TEXT);
    const result = convertDocument(analyse(uri, source), 1, line === undefined ? {} : { line });
    return result.ok ? /kerasModel: (\w+), modelDir: "([^"]*)"/.exec(result.newText)?.slice(1) : result.code;
  };
  test("without a line it is not clear which is meant", async () => assert.equal(await converted(), "several-calls"));
  test("the line of a call", async () => assert.deepEqual(await converted(6), ["b", "model_dir/two_models"]));
  test("the line of a model", async () => assert.deepEqual(await converted(1), ["a", "model_dir/two_models"]));
  test("the line of a compile", async () => assert.deepEqual(await converted(4), ["b", "model_dir/two_models"]));
  test("another line", async () => assert.equal(await converted(0), "several-calls"));
  test("a file name that is no proper URI", async () =>
    assert.deepEqual(await converted(6, "untitled:50%"), ["b", "model_dir/50_"]));
});
