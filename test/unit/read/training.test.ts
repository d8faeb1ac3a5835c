// Which calls train: `▶` marks each that must be found; what is not marked must not be.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scriptOf } from "./script";

const TF = `import * as tf from "@tensorflow/tfjs";\n`;
const EST = `import { Estimator, modelToEstimator, trainAndEvaluate } from "@fitlens/estimator";\n`;

/** `▶` stands right before the name of each method that trains. */
async function check(marked: string, file = "a.ts"): Promise<void> {
  const text = marked.replaceAll("▶", "");
  const expected: number[] = [];
  for (let at = marked.indexOf("▶"); at >= 0; at = marked.indexOf("▶", at + 1)) expected.push(at - expected.length);
  const { calls, source } = await scriptOf(text, file);
  const found = calls.map(({ call }) => {
    const callee = call.childForFieldName("function")!;
    return (callee.childForFieldName("property") ?? callee).startIndex;
  });
  const show = (offsets: number[]) =>
    offsets.map((at) => JSON.stringify(text.slice(at, at + 30)) + source.positionAt(at).line);
  assert.deepEqual(show(found), show(expected));
}

const cases = (title: string, list: Record<string, string>, file?: string) =>
  describe(title, () => {
    for (const [name, text] of Object.entries(list)) test(name, () => check(text, file));
  });

cases("TensorFlow.js under any name", {
  namespace: `${TF}const m = tf.sequential(); await m.▶fit(x, y);`,
  "another namespace": `import * as T from '@tensorflow/tfjs-node'; T.sequential().▶fit(x, y);`,
  "default import": `import tf from "@tensorflow/tfjs"; const m = tf.model({ inputs, outputs }); m.▶fit(x);`,
  names: `import { sequential as make } from "@tensorflow/tfjs-layers"; const m = make(); m.▶fit(x);`,
  require: `const tf = require("@tensorflow/tfjs"); const m = tf.sequential(); m.▶fit(x);`,
  "require, names": `const { sequential: s } = require("@tensorflow/tfjs"); s().▶fit(x);`,
  "import … = require": `import tf = require("@tensorflow/tfjs"); tf.sequential().▶fit(x);`,
  "dynamic import": `const tf = await import("@tensorflow/tfjs"); const m = tf.sequential(); m.▶fit(x);`,
  "dynamic import, names": `const { sequential } = await import("@tensorflow/tfjs"); sequential().▶fit(x);`,
  "native engine": `import "@tensorflow/tfjs-node-gpu"; async function f(model) { await model.▶fit(x, y); }`,
  "from a web address": `import * as tf from "https://esm.sh/@tensorflow/tfjs@4.22.0"; tf.sequential().▶fit(x);`,
});

cases("where models come from", {
  "assigned later": `${TF}let model; model = tf.sequential(); model.add(a); await model.▶fit(x);`,
  "by a function": `${TF}function make() { const m = tf.sequential(); m.compile({}); return m; } const m = make(); m.▶fit(x);`,
  "by a function written below": `${TF}make().▶fit(x); function make() { return tf.sequential(); }`,
  "by an async arrow": `${TF}const make = async () => tf.sequential(); const m = await make(); m.▶fit(x);`,
  loaded: `${TF}const m = await tf.loadLayersModel("file://m.json"); m.▶fit(x);`,
  "a parameter": `${TF}export const train = (model: tf.LayersModel) => model.▶fit(x);`,
  "a parameter without type": `${TF}export const train = (model) => model.▶fit(x, y);`,
  "from another file": `${TF}import { model } from "./model"; await model.▶fit(x, y, {});`,
  "a class field": `${TF}class T { m = tf.sequential(); async go() { await this.m.▶fit(x); } }`,
  "a class field by its type": `${TF}class T { private m?: tf.Sequential; go() { return this.m!.▶fit(x); } }`,
  "a class field set in the constructor": `${TF}class T { constructor() { this.m = tf.sequential(); } go() { this.m.▶fit(x); } }`,
  "a method of the class": `${TF}class T { make() { return tf.sequential(); } go() { this.make().▶fit(x); } }`,
  "a member of an object": `${TF}const net = { model: tf.sequential() }; net.model.▶fit(x);`,
  "one of two": `${TF}const m = big ? tf.sequential() : tf.model({}); m.▶fit(x);`,
  "null at first": `${TF}let m: tf.LayersModel | null = null; m = tf.sequential(); m.▶fit(x);`,
  "a name that is made of itself": `${TF}let m = m; m.▶fit(x, y);`,
});

cases("how it is called", {
  "in an assignment": `${TF}const m = tf.sequential(); const h = await m.▶fit(x, y);`,
  returned: `${TF}const m = tf.sequential(); async function f() { return m.▶fit(x, y); }`,
  "with then": `${TF}const m = tf.sequential(); m.▶fit(x, y).then(() => {});`,
  "over several lines": `${TF}const m = tf.sequential();\nawait m\n  .▶fit(x, {\n    y });`,
  fitDataset: `${TF}const m = tf.sequential(); await m.▶fitDataset(d, { epochs: 3 });`,
  "fitDataset of something unknown, without the library": `export const f = (m, d) => m.▶fitDataset(d, { epochs: 3 });`,
  "with a cast": `${TF}const m: any = tf.sequential(); await (m as tf.Sequential).▶fit(x, y);`,
  optional: `${TF}let m: tf.Sequential | undefined; await m?.▶fit(x, y);`,
  "twice in a line": `${TF}const m = tf.sequential(); await m.▶fit(x, y); await m.▶fit(x, y);`,
  nested: `${TF}const m = tf.sequential(); await m.▶fit(x, y, { callbacks: { onTrainEnd: () => m.▶fit(a, b) } });`,
});

cases("Estimators", {
  train: `${EST}const e = new Estimator({ modelFn }); await e.▶train(inputFn, { steps: 3 });`,
  "by modelToEstimator": `${EST}await modelToEstimator({ kerasModel }).▶train(inputFn);`,
  trainAndEvaluate: `${EST}const e = new Estimator({ modelFn }); await ▶trainAndEvaluate(e, a, b);`,
  "by a namespace": `import * as est from "@fitlens/estimator"; const e = new est.Estimator({}); await est.▶trainAndEvaluate(e, a, b); e.▶train(f);`,
  "a parameter": `${EST}const go = (e: Estimator) => e.▶train(f);`,
  "train of something else": `${EST}const dog = new Dog(); dog.train("sit"); trainer.train(x);`,
  "trainAndEvaluate of another package": `${TF}import { trainAndEvaluate } from "./mine"; trainAndEvaluate(a, b, c);`,
});

cases("false friends", {
  "no library": `import { LinearRegression } from "ml"; const m = new LinearRegression(); m.fit(x, y);`,
  "a class of another package": `${TF}import { SVC } from "libsvm"; const m = new SVC(); m.fit(x, y);`,
  "a class of the file": `${TF}class Line { fit(x, y) {} } new Line().fit(x, y);`,
  "an object of the file": `${TF}const line = { fit(x, y) {} }; line.fit(x, y);`,
  "a terminal that fits": `${TF}fitAddon.fit();`,
  "a map that fits its bounds": `${TF}map.fit(bounds);`,
  "a tensor": `${TF}const t = tf.tensor([1]); t.fit(x, y);`,
  "an optimizer": `${TF}const o = tf.train.sgd(0.1); o.fit(x, y);`,
  "a graph model": `${TF}const m = await tf.loadGraphModel("m"); m.fit(x, y);`,
  "a function": `${TF}fit(x, y); const fit = (a, b) => a; fit(1, 2);`,
  "in a string": `${TF}const s = "model.fit(x, y)"; const t = \`model.fit(x, y)\`;`,
  "in a comment": `${TF}// model.fit(x, y)\n/* model.fit(x, y) */`,
  "a method of that name": `${TF}class A { fit(x, y) {} }`,
  "not called": `${TF}const m = tf.sequential(); const f = m.fit; m.fit;`,
  "another method": `${TF}const m = tf.sequential(); m.fitting(x, y); m.refit(x, y); m.trainOnBatch(x, y);`,
  shadowed: `${TF}const m = tf.sequential(); { const m = { fit() {} }; m.fit(x, y); }`,
  "only types of the library": `import type { Tensor } from "@tensorflow/tfjs-core-extra"; m.fit(x, y);`,
});

cases("broken code takes away only what it touches", {
  "an open brace behind": `${TF}const m = tf.sequential(); await m.▶fit(x, y);\nfunction f( {`,
  "an open string before": `${TF}const a = "abc\nconst m = tf.sequential(); await m.▶fit(x, y);`,
  "half a statement before": `${TF}const m = tf.sequential();\nconst = ;\nawait m.▶fit(x, y);`,
  "half an object in the call": `${TF}const m = tf.sequential(); await m.▶fit(x, y, { epochs: });`,
});

cases(
  "JSX",
  {
    "in a component": `${TF}export function A() { const m = tf.sequential(); return <button onClick={() => m.▶fit(x, y)}>a</button>; }`,
  },
  "a.tsx",
);
cases(
  "JSX in JavaScript",
  { "in a component": `${TF}const m = tf.sequential(); const a = <b c={() => m.▶fit(x, y)} />;` },
  "a.jsx",
);
