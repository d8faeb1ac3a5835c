// Arguments typed in the input box: a shell's quotes, no shell.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { joinArguments, parseArguments, shortened } from "../../../src/ui/commandLine";

const parsed = (text: string, windows = false) => {
  const result = parseArguments(text, windows);
  return result.ok ? result.args : result.problem;
};

for (const [text, args] of [
  ["", []],
  ["   ", []],
  ["--epochs 5", ["--epochs", "5"]],
  ["  --epochs\t5  ", ["--epochs", "5"]],
  ["--name 'a b' \"c d\"", ["--name", "a b", "c d"]],
  [`--name="my run"`, ["--name=my run"]],
  [`"it's"`, ["it's"]],
  [`'say "no"'`, ['say "no"']],
  [`"say \\"no\\""`, ['say "no"']],
  ["a\\ b", ["a b"]],
  ["'' \"\"", ["", ""]],
  ["'a\\b'", ["a\\b"]],
  ["C:\\data", ["C:\\data"]],
  ["$HOME *.csv > out | cat & `ls`", ["$HOME", "*.csv", ">", "out", "|", "cat", "&", "`ls`"]],
  ["漢字 'ä ö'", ["漢字", "ä ö"]],
] as const) {
  test(`${JSON.stringify(text)} is ${JSON.stringify(args)}`, () => assert.deepEqual(parsed(text), args));
}

test("an open quote is told with its place", () => {
  assert.equal(parsed("--name 'a b"), "The quote ' at character 8 is not closed.");
  assert.equal(parsed('"'), 'The quote " at character 1 is not closed.');
});

test("a null character is refused", () => assert.match(String(parsed("a\0b")), /null character/));

test("a path of Windows keeps its backslashes there", () => {
  assert.deepEqual(parsed('--data \\\\server\\my\\ "C:\\Program Files\\x"', true), [
    "--data",
    "\\\\server\\my\\",
    "C:\\Program Files\\x",
  ]);
});

const hard = ["", " ", "a b", "C:\\my dir\\", "it's", '"', "\\", "a\\", "\\\\", "a\\ b", '--x="1 2"', "漢字", "'\"\\"];

for (const windows of [false, true]) {
  test(`what is joined is parsed as the same arguments (${windows ? "Windows" : "elsewhere"})`, () => {
    assert.deepEqual(parsed(joinArguments(hard, windows), windows), hard);
  });
}

test("a POSIX shell reads what is joined alike", { skip: process.platform === "win32" }, () => {
  const program = `${process.execPath} -e 'console.log(JSON.stringify(process.argv.slice(1)))' --`;
  const said = execFileSync("sh", ["-c", `${program} ${joinArguments(hard, false)}`], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(said), hard);
});

test("a lens shows the beginning", () => {
  assert.equal(shortened("--epochs 5"), "--epochs 5");
  assert.equal(shortened("--epochs 5 --learning-rate 0.001 --batch-size 32"), "--epochs 5 --learning-rate 0.001 …");
  assert.equal(shortened("x".repeat(40)), `${"x".repeat(32)} …`);
});
