// How results are counted: what passes, fails, crashes, hangs, is skipped or has no tests at all.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runProgram } from "../../harness/children.mjs";

/** Runs a file of tests with our reporter; gives `name: outcome` of each line that it reports. */
async function outcomes(text, seconds = 60) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-report-"));
  try {
    const report = path.join(folder, "report.jsonl");
    const file = path.join(folder, "some.test.mjs");
    fs.writeFileSync(
      file,
      `import assert from "node:assert/strict";\nimport { describe, test } from "node:test";\n${text}`,
    );
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const reporter = pathToFileURL(path.resolve("test/harness/reporter.mjs"));
    const args = ["--test", `--test-reporter=${reporter}`, "--test-reporter-destination=stdout", file];
    const ran = await runProgram(process.execPath, args, {
      env: { ...env, FITLENS_REPORT: report },
      seconds,
      print() {},
    });
    const lines = fs.existsSync(report)
      ? fs
          .readFileSync(report, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : [];
    return { ...ran, lines, short: lines.map(({ name, outcome }) => `${name}: ${outcome}`) };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test("each test counts once, in groups too", async () => {
  const { short, status } = await outcomes(`
    test("a", () => {});
    describe("group", () => { test("b", () => {}); test("c", { skip: true }, () => {}); });
  `);
  assert.deepEqual(short.sort(), ["a: passed", "b: passed", "c: skipped"]);
  assert.equal(status, 0);
});

test("a failure carries its message, and its group is not counted again", async () => {
  const { lines, status, tail } = await outcomes(`
    describe("group", () => { test("sum", () => assert.equal(1 + 1, 3)); });
    test("outer", async (t) => { await t.test("inner", () => assert.ok(false, "why")); });
  `);
  assert.deepEqual(
    lines.map(({ name, outcome }) => `${name}: ${outcome}`),
    ["sum: failed", "inner: failed"],
  );
  assert.match(lines[0].message, /2 !== 3/);
  assert.match(tail, /FAILED .*some\.test\.mjs: inner\n {2}.*why/);
  assert.equal(status, 1);
});

test("a file that throws at its top has failed, with what it said", async () => {
  const { lines } = await outcomes(`console.log("about to go"); throw new Error("gone");`);
  assert.deepEqual(
    lines.map(({ name, outcome }) => `${name}: ${outcome}`),
    ["the file as a whole: failed"],
  );
  assert.match(lines[0].message, /gone/);
});

test("a process that ends in the middle has failed", async () => {
  const { short, status } = await outcomes(`test("a", () => {}); test("b", () => process.exit(7));`);
  assert.ok(short.includes("the file as a whole: failed"), short.join(", "));
  assert.notEqual(status, 0);
});

test("a file without tests reports nothing", async () => {
  assert.deepEqual((await outcomes("")).short, []);
});

test("a program whose time is up is ended with all that it started", async () => {
  const program = `
    const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    console.log("child " + child.pid);
    setInterval(() => {}, 1000);`;
  const { timedOut, tail } = await runProgram(process.execPath, ["-e", program], { seconds: 1, print() {} });
  assert.equal(timedOut, true);
  const pid = Number(/child (\d+)/.exec(tail)[1]);
  // A process that has ended but was not collected yet by its parent is a zombie: ended all the same.
  const stat = fs.existsSync(`/proc/${pid}/stat`) ? fs.readFileSync(`/proc/${pid}/stat`, "utf8") : ") Z";
  if (process.platform === "linux") assert.match(stat, /\) Z/);
});

test("a program that cannot be started is a status, not a throw", async () => {
  const { status, tail } = await runProgram("no-such-program", [], { print() {} });
  assert.equal(status, 127);
  assert.match(tail, /ENOENT/);
});
