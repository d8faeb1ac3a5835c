// New files: their names, what they share, and that they read as if written by hand.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { transform } from "sucrase";
import {
  type Answers,
  KINDS,
  kindsFor,
  LANGUAGES,
  scaffold,
  scaffoldAmong,
  suggestFileName,
  TASKS,
} from "../../../src/scaffold/scaffold";
import { readTable } from "../../../src/scaffold/table";
import { COMBINATIONS, nameOf } from "./combinations";

const files = COMBINATIONS.map((answers) => ({ answers, name: nameOf(answers), ...scaffold(answers) }));

test("there are 24 combinations, each with words of its own", () => {
  assert.equal(files.length, 24);
  for (const choices of [KINDS, kindsFor("python"), TASKS, LANGUAGES]) {
    assert.equal(new Set(choices.map(({ label }) => label)).size, choices.length);
    assert.ok(choices.every(({ description }) => description.length > 10 && !/[.!]$/.test(description)));
  }
});

test("no two combinations give the same text", () => {
  assert.equal(new Set(files.map(({ text }) => text)).size, 24);
});

test("a name tells the task, an Estimator and the language", () => {
  assert.equal(scaffold({ kind: "sequential", task: "images", language: "typescript" }).fileName, "imageClassifier.ts");
  assert.equal(scaffold({ kind: "functional", task: "regression", language: "javascript" }).fileName, "regression.js");
  assert.equal(
    scaffold({ kind: "estimator", task: "multiclass", language: "typescript" }).fileName,
    "classifierEstimator.ts",
  );
});

test("a table names the file", () => {
  const data = readTable("data/My flowers.csv", "a,kind\n1,x\n2,y\n3,x");
  const answers: Answers = { kind: "estimator", task: "binary", language: "typescript", data };
  assert.equal(scaffold(answers).fileName, "My flowersEstimator.ts");
});

for (const { name, text } of files) {
  test(`${name}: a sentence first, no holes left, no line over 120 characters`, () => {
    assert.match(text, /^\/\/ [A-Z].*\.\n/);
    assert.doesNotMatch(text, /[\uE000-\uE002]|undefined|\[object/);
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 120),
      [],
    );
    assert.ok(text.endsWith("\n") && !text.endsWith("\n\n") && !text.includes("\n\n\n"));
  });
}

test("the formatter has nothing to change", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-format-"));
  try {
    fs.writeFileSync(
      path.join(folder, "biome.json"),
      '{ "formatter": { "indentStyle": "space", "lineWidth": 120 } }\n',
    );
    for (const { answers, fileName, text } of files) {
      const place = path.join(folder, answers.kind);
      fs.mkdirSync(place, { recursive: true });
      fs.writeFileSync(path.join(place, fileName), text);
    }
    const biome = path.resolve("node_modules/@biomejs/biome/bin/biome");
    const folders = kindsFor("typescript").map(({ id }) => id);
    const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "format", ...folders], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test("TypeScript and JavaScript are the same program", () => {
  const bare = (code: string) => code.replace(/[\s(),]+/g, " ").trim();
  for (const { answers, name, text } of files.filter(({ answers }) => answers.language === "typescript")) {
    const javascript = scaffold({ ...answers, language: "javascript" }).text;
    const stripped = transform(text, { transforms: ["typescript"], disableESTransforms: true }).code;
    assert.equal(bare(stripped), bare(javascript), name);
  }
});

test("a taken name is counted up, whatever its case", () => {
  assert.equal(suggestFileName("classifier.ts", []), "classifier.ts");
  assert.equal(suggestFileName("classifier.ts", ["classifier.ts"]), "classifier2.ts");
  assert.equal(suggestFileName("classifier.ts", ["Classifier.TS", "classifier2.ts"]), "classifier3.ts");
  assert.equal(suggestFileName("classifier.ts", ["classifier.js"]), "classifier.ts");
  assert.equal(suggestFileName("README", ["readme"]), "README2");
});

test("files that are counted up keep their checkpoints apart", () => {
  const answers: Answers = { kind: "estimator", task: "multiclass", language: "typescript" };
  const second = scaffoldAmong(answers, ["classifierEstimator.ts"]);
  assert.equal(second.fileName, "classifierEstimator2.ts");
  assert.match(scaffold(answers).text, /modelDir: "model_dir\/classifier",/);
  assert.match(second.text, /modelDir: "model_dir\/classifier2",/);
});

test("what only Python has is refused elsewhere, with what to choose", () => {
  assert.throws(
    () => scaffold({ kind: "dnn", task: "binary", language: "typescript" }),
    /TypeScript has no dnn: only tf\.estimator in Python has it\. In TypeScript, choose estimator\./,
  );
});
