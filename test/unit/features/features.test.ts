// What the editor shows: lenses, code actions and diagnostics. `|` is the caret; the call to fit is named by its line.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codeActions } from "../../../src/features/actions";
import { type Analysis, analyse } from "../../../src/features/analysis";
import { diagnostics } from "../../../src/features/diagnostics";
import { trainingLenses } from "../../../src/features/lenses";
import { trainTargets } from "../../../src/features/targets";
import { scriptOf } from "../read/script";

const TF = `import * as tf from "@tensorflow/tfjs";\n`;

async function read(text: string, file = "a.ts"): Promise<Analysis> {
  const { source } = await scriptOf(text, file);
  return analyse(`file:///${file}`, source);
}

describe("lenses", () => {
  const titles = async (text: string) => trainingLenses(await read(text)).map(({ command }) => command?.title);
  test("four at a Keras model", async () => {
    assert.deepEqual(await titles(`${TF}tf.sequential().fit(x, y);`), [
      "▶ Train",
      "Debug",
      "Metrics",
      "Convert to Estimator",
    ]);
  });
  test("three at an Estimator", async () => {
    const text = 'import { Estimator } from "@fitlens/estimator";\nnew Estimator({ modelFn }).train(inputFn);';
    assert.deepEqual(await titles(text), ["▶ Train", "Debug", "Metrics"]);
  });
  test("none in a file that trains nothing", async () =>
    assert.deepEqual(await titles(`${TF}tf.ones([1]).print();`), []));
  test("stand at the method's name, in a chain too", async () => {
    const analysis = await read(`${TF}const model = tf.sequential();\nawait model\n  .fit(x, y);`);
    assert.deepEqual(trainTargets(analysis), [
      { uri: "file:///a.ts", line: 3, character: 3, call: "fit", receiver: "model" },
    ]);
    assert.ok(trainingLenses(analysis).every(({ range }) => range.start.line === 3 && range.end.character === 6));
  });
});

describe("Convert to Estimator is offered", () => {
  const SCRIPT = `${TF}function build() {
  const net = tf.sequential({ layers: [
    tf.layers.dense({ units: 1 }),
  ] });
  return net;
}
const model = build();
model.add(tf.layers.dropout({ rate: 0.5 }));
model.compile({
  optimizer: "sgd",
});
const x = tf.ones([1, 1]);
await model.fit(x, x, {
  epochs: 3,
});
model.predict(x);
`;
  const at = async (marked: string) => {
    const offset = marked.indexOf("|");
    const analysis = await read(marked.replace("|", ""));
    const place = analysis.source.positionAt(offset);
    return codeActions(analysis, { start: place, end: place }).map(({ title }) => title);
  };
  const offered = [
    "tf.sequ|ential",
    "layers.den|se",
    "mo|del = build",
    "model.ad|d(",
    'optimizer: "s|gd"',
    "model.f|it",
    "epochs|: 3",
  ];
  for (const place of offered) {
    test(`at ${place}`, async () =>
      assert.deepEqual(await at(SCRIPT.replace(place.replace("|", ""), place)), ["Convert to Estimator"]));
  }
  for (const place of ["import| * as", "const x| =", "model.pre|dict", "retu|rn net"]) {
    test(`not at ${place}`, async () => assert.deepEqual(await at(SCRIPT.replace(place.replace("|", ""), place)), []));
  }
  test("for each call where a model is trained twice", async () => {
    const text = `${TF}const m = tf.seq|uential();\nawait m.fit(x, y);\nawait m.fit(a, b);\n`;
    assert.deepEqual(await at(text), ["Convert to Estimator (line 3)", "Convert to Estimator (line 4)"]);
  });
  test("not at an Estimator", async () => {
    const text = 'import { Estimator } from "@fitlens/estimator";\nnew Estimator({ modelFn }).tr|ain(inputFn);';
    assert.deepEqual(await at(text), []);
  });
});

describe("fit before compile", () => {
  const warned = async (text: string) => diagnostics(await read(TF + text)).map(({ message }) => message);
  const warns = (name: string, text: string) =>
    test(name, async () => {
      const [message] = await warned(text);
      assert.match(String(message), /^`m` is not compiled when `m\.fit` runs\. Call `m\.compile/);
    });
  const silent = (name: string, text: string) => test(name, async () => assert.deepEqual(await warned(text), []));

  warns("never compiled", "const m = tf.sequential(); await m.fit(x, y);");
  warns("layers added in between", "const m = tf.sequential(); m.add(a); m.summary(); await m.fit(x, y);");
  warns("compiled afterwards", "const m = tf.sequential(); await m.fit(x, y); m.compile({});");
  warns("in a function", "async function f() { const m = tf.model({}); await m.fit(x, y); }");
  test("the later compile is named", async () => {
    const [found] = diagnostics(await read(`${TF}const m = tf.sequential();\nawait m.fit(x, y);\nm.compile({});`));
    assert.equal(found?.relatedInformation?.[0]?.location.range.start.line, 3);
  });

  silent("compiled", "const m = tf.sequential(); m.compile({}); await m.fit(x, y);");
  silent("compiled by a function that is given the model", "const m = tf.sequential(); prepare(m); await m.fit(x, y);");
  silent("compiled under another name", "const m = tf.sequential(); const n = m; n.compile({}); await m.fit(x, y);");
  silent("compiled in a branch", "const m = tf.sequential(); if (a) { m.compile({}); } await m.fit(x, y);");
  silent(
    "compiled by a function that sees the model",
    "const m = tf.sequential(); function c() { m.compile({}); } c(); await m.fit(x, y);",
  );
  silent(
    "compiled by a function written below",
    "const m = tf.sequential(); c(); await m.fit(x, y); function c() { m.compile({}); }",
  );
  silent(
    "fit in a function, compiled outside",
    "const m = tf.sequential(); async function f() { await m.fit(x, y); } m.compile({}); f();",
  );
  silent("made by a function", "const m = make(); await m.fit(x, y);");
  silent("loaded, with what it was compiled with", 'const m = await tf.loadLayersModel("f"); await m.fit(x, y);');
  silent("in a chain", "const m = tf.sequential().compile({}); await m.fit(x, y);");
  silent("in an object", "const m = tf.sequential(); const all = { m }; go(all); await m.fit(x, y);");
  silent(
    "a function that waits before the model is compiled below",
    "const m = tf.sequential(); async function f() { await g(); await m.fit(x, y); } f(); m.compile({});",
  );
  silent(
    "seen by a function that is given away",
    "const m = tf.sequential(); go(() => m.compile({})); await m.fit(x, y);",
  );
  silent("an error in the code around", "const m = tf.sequential(); m.compile({; await m.fit(x, y);");
  silent("assigned again", "let m = tf.sequential(); m = other(); await m.fit(x, y);");
});
