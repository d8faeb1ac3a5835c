// Every file that New Model… makes, and what lies around it in a workspace. Shared by the tests that train and check them.
import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { type Answers, scaffold } from "../../src/scaffold/scaffold";
import { readTable } from "../../src/scaffold/table";
import { COMBINATIONS, nameOf } from "../unit/scaffold/combinations";

export interface Case {
  name: string;
  /** Path relative to the folder. */
  file: string;
  answers: Answers;
}

const sampleData = path.resolve("resources/sample/data");
export const sampleTable = (name: string) =>
  readTable(`data/${name}`, fs.readFileSync(path.join(sampleData, name), "utf8"));
/** With quotes, semicolons and an empty cell, as spreadsheets write them. */
export const QUOTED = `"petal; cm";"width";"is ""setosa"""
${fs
  .readFileSync(path.join(sampleData, "iris.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","))
  .map(([, , length, width, species]) => `"${length}";${width};"${species === "setosa" ? "yes" : "no"}"`)
  .join("\n")}
"";1;"no"
`;

const TABLES: readonly { name: string; answers: Answers }[] = [
  {
    name: "iris",
    answers: { kind: "sequential", task: "multiclass", language: "typescript", data: sampleTable("iris.csv") },
  },
  {
    name: "petal width",
    answers: {
      kind: "estimator",
      task: "regression",
      language: "typescript",
      data: { ...sampleTable("iris.csv"), label: "petal_width" },
    },
  },
  {
    name: "digits",
    answers: { kind: "functional", task: "images", language: "typescript", data: sampleTable("digits.csv") },
  },
  {
    name: "setosa, from a spreadsheet",
    answers: {
      kind: "functional",
      task: "binary",
      language: "typescript",
      data: readTable("data/quoted #1.csv", QUOTED),
    },
  },
];

export const CASES: readonly Case[] = [
  ...COMBINATIONS.map((answers) => caseOf(nameOf(answers), answers)),
  ...TABLES.map(({ name, answers }) => caseOf(`table: ${name}`, answers)),
];

export function caseOf(name: string, answers: Answers): Case {
  const folder = name.replace(/[^a-z\d.]+/gi, "-");
  return { name, file: `${folder}/${scaffold(answers).fileName}`, answers };
}

/** Writes a case below a folder, with its data beside it; gives the file's path. */
export function writeCase({ file, answers }: Case, folder: string): string {
  const full = path.join(folder, file);
  fs.mkdirSync(path.join(path.dirname(full), "data"), { recursive: true });
  fs.writeFileSync(full, scaffold(answers).text);
  if (answers.data) {
    fs.cpSync(sampleData, path.join(path.dirname(full), "data"), { recursive: true });
    fs.writeFileSync(path.join(path.dirname(full), "data", "quoted #1.csv"), QUOTED);
  }
  return full;
}

/** Makes the folder one where the project's packages are installed. */
export function linkPackages(folder: string): void {
  fs.symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"), "junction");
}

/**
 * The script as plain Node runs it: types stripped and `@fitlens/estimator` taken from the source; TensorFlow.js stays the installed
 * one. Gives the path of the copy, which lies beside the script, so that it finds its data.
 */
export async function runnable(file: string): Promise<string> {
  const outfile = file.replace(/\.[jt]s$/, ".run.mjs");
  await esbuild.build({
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@tensorflow/*"],
    alias: { "@fitlens/estimator": path.resolve("src/estimator/index.ts") },
    define: { FITLENS_VERSION: '"test"' },
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  return outfile;
}
