// Data sets: what is read of a CSV file, what is said when it does not fit, and how the file that loads it looks.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { type Answers, scaffold } from "../../../src/scaffold/scaffold";
import { imageSize, readTable } from "../../../src/scaffold/table";

const iris = readTable("data/iris.csv", fs.readFileSync("resources/sample/data/iris.csv", "utf8"));
const digits = readTable("data/digits.csv", fs.readFileSync("resources/sample/data/digits.csv", "utf8"));

const text = (answers: Partial<Answers>) =>
  scaffold({ kind: "sequential", task: "multiclass", language: "typescript", ...answers }).text;

test("columns are numbers or classes", () => {
  assert.deepEqual(
    iris.columns.map(({ name, numeric }) => [name, numeric]),
    [
      ["sepal_length", true],
      ["sepal_width", true],
      ["petal_length", true],
      ["petal_width", true],
      ["species", false],
    ],
  );
  assert.deepEqual(iris.columns.at(-1)?.values, ["setosa", "versicolor", "virginica"]);
});

test("numbers sort as numbers", () => {
  assert.deepEqual(readTable("t.csv", "n\n10\n9\n1\n").columns[0]?.values, ["1", "9", "10"]);
});

test("semicolons, tabs, a byte order mark and Windows line ends are read", () => {
  assert.equal(readTable("t.csv", "\uFEFFa;b\r\n1;2\r\n").separator, ";");
  assert.equal(readTable("t.csv", "a\tb\n1\t2").separator, "\t");
  assert.deepEqual(
    readTable("t.csv", "\uFEFFa;b\r\n1;2\r\n").columns.map(({ name }) => name),
    ["a", "b"],
  );
});

test("a separator in quotes belongs to its cell", () => {
  const table = readTable("t.csv", 'name,"size, cm",kind\n"a ""b""",1.5,x\nc,2,y');
  assert.deepEqual(
    table.columns.map(({ name, numeric }) => [name, numeric]),
    [
      ["name", false],
      ["size, cm", true],
      ["kind", false],
    ],
  );
  assert.deepEqual(table.columns[0]?.values, ['a "b"', "c"]);
  assert.match(text({ data: table }), /function cells\(line: string\)/);
});

test("more values than can be classes are not listed", () => {
  const many = Array.from({ length: 101 }, (_, index) => `row ${index}`).join("\n");
  assert.equal(readTable("t.csv", `name\n${many}`).columns[0]?.values, undefined);
});

test("the columns, the label and the classes stand at the top", () => {
  const code = text({ data: iris });
  assert.match(code, /const FEATURES = \["sepal_length", "sepal_width", "petal_length", "petal_width"\];/);
  assert.match(code, /const LABEL = "species";/);
  assert.match(code, /const CLASSES = \["setosa", "versicolor", "virginica"\];/);
  assert.match(code, /units: CLASSES\.length, activation: "softmax"/);
});

test("columns of text are left out, and named", () => {
  const table = readTable("t.csv", "id,size,kind\na1,1,x\na2,2,y");
  assert.match(text({ data: table }), /\/\/ Not used, because they are not numbers: id\./);
});

test("another label than the last column", () => {
  const code = text({ task: "regression", data: { ...iris, label: "petal_width" } });
  assert.match(code, /const LABEL = "petal_width";/);
  assert.match(code, /not numbers: species\./);
});

test("64 pixels are written as a rule, not as 64 names", () => {
  const code = text({ task: "images", data: digits });
  assert.match(code, /const PIXELS = Array\.from\(\{ length: 64 \}/);
  assert.match(code, /const SIZE = 8;/);
  assert.match(code, /const CLASSES = \["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"\];/);
});

test("pixels that are counted through, and pixels with names of no rule", () => {
  const counted = readTable(
    "t.csv",
    `${Array.from({ length: 9 }, (_, i) => `p${i + 1}`).join()},y\n${"1,".repeat(9)}a\n${"2,".repeat(9)}b`,
  );
  assert.match(text({ task: "images", data: counted }), /`p\$\{i \+ 1\}`/);
  const named = readTable("t.csv", `a,b,c,d,e,f,g,h,i,y\n${"1,".repeat(9)}a\n${"2,".repeat(9)}b`);
  assert.match(text({ task: "images", data: named }), /const PIXELS = \["a", "b", "c"/);
});

test("characters that a URL would take for its own are escaped", () => {
  const code = text({ data: { ...iris, path: "my data #1 100%.csv" } });
  assert.match(code, /new URL\("my data %231 100%25\.csv", import\.meta\.url\)/);
});

test("square images only", () => {
  assert.equal(imageSize(64), 8);
  assert.equal(imageSize(63), undefined);
  assert.equal(imageSize(1), undefined);
});

const refused: [string, Partial<Answers>, RegExp][] = [
  ["regression on text", { task: "regression", data: iris }, /column species holds text\. Choose a numeric column/],
  [
    "yes or no with three values",
    { task: "binary", data: iris },
    /two values in column species, which has 3 different/,
  ],
  ["images of four columns", { task: "images", data: iris }, /a square.*has 4 numeric columns beside species/],
  ["a label that is not there", { data: { ...iris, label: "colour" } }, /no column colour\. It has: sepal_length/],
  ["no numbers", { data: readTable("t.csv", "a,b\nx,y\nz,w") }, /no column of numbers beside b/],
  ["an empty file", { data: readTable("t.csv", "") }, /no column/],
  [
    "one class only",
    { data: readTable("t.csv", "a,b\n1,y\n2,y") },
    /2 to 100 values in column b, which has 1 different/,
  ],
];
for (const [name, answers, message] of refused) {
  test(`refused, with what was found: ${name}`, () => {
    assert.throws(() => text(answers), message);
  });
}
