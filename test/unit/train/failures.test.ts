// How a run ends badly, and what it says then: the message, and the line of the source as the user wrote it.
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { ended, isRunning, MLP, node24, outputOf, statusWhere, until, workspace } from "./trainer";

interface Case {
  text: string;
  name?: string;
  says: RegExp;
  /** Line, and file where it is not the script. */
  line?: number;
  file?: string;
  exitCode?: number;
  helpers?: Record<string, string>;
}

const TYPES = "interface Row {\n  x: number;\n}\nconst rows: Row[] = [{ x: 1 }];\n";

const CASES: Record<string, Case> = {
  "a syntax error in TypeScript": {
    text: `${TYPES}const broken = (1 + ;\n`,
    says: /^SyntaxError: Unexpected token/,
    line: 5,
  },
  "a syntax error in JavaScript": {
    text: "const a = 1;\nconst b = ;\n",
    name: "train.mjs",
    says: /^SyntaxError: /,
    line: 2,
  },
  "a package that is not there": {
    text: `${TYPES}import { a } from "no-such-package";\nconsole.log(a);\n`,
    says: /Cannot find package 'no-such-package'/,
    line: 5,
  },
  "a file that is not there": {
    text: `import "./model";\nimport { a } from "./nowhere";\nconsole.log(a);\n`,
    helpers: { "model.ts": "export const a = 1;\n" },
    says: /Cannot find module/,
    line: 2,
  },
  "an exception": {
    text: `${TYPES}function load(): never {\n  throw new RangeError("no rows");\n}\nload();\n`,
    says: /^RangeError: no rows$/,
    line: 6,
  },
  "an exception in a file of the script's": {
    text: `import { load } from "./data";\nload();\n`,
    helpers: { "data.ts": `${TYPES}export function load(): void {\n  throw new Error(\`no \${rows.length}\`);\n}\n` },
    says: /^no 1$/,
    line: 6,
    file: "data.ts",
  },
  "an error of TensorFlow.js, at the user's call": {
    text: `${TYPES}import * as tf from "@tensorflow/tfjs";\ntf.tensor2d([1, 2, 3], [2, 2]);\n`,
    says: /Based on the provided shape, \[2,2\]/,
    line: 6,
  },
  "a promise that nobody looks after": {
    text: `${TYPES}Promise.reject(new TypeError("late"));\nawait new Promise((resolve) => setTimeout(resolve, 50));\n`,
    says: /^TypeError: late$/,
    line: 5,
  },
  "something thrown that is no error": { text: "throw 'plain words';\n", name: "train.mjs", says: /plain words/ },
  "process.exit": { text: "process.exit(7);\n", says: /ended itself with exit code 7/, exitCode: 7 },
  "a top-level await that never ends": {
    text: "await new Promise(() => {});\n",
    name: "train.mts",
    says: /top-level await/,
    exitCode: 13,
  },
  "CommonJS TypeScript": {
    text: `import fs = require("node:fs");\nconst file: string = "nowhere.csv";\nfs.readFileSync(file);\n`,
    name: "train.cts",
    says: /ENOENT/,
    line: 3,
  },
};

for (const version of ["this Node", "Node 24"] as const) {
  describe(`on ${version}`, () => {
    for (const [what, { text, name = "train.ts", says, line, file, exitCode = 1, helpers = {} }] of Object.entries(
      CASES,
    )) {
      test(what, async (t) => {
        const place = workspace(t);
        for (const [helper, content] of Object.entries(helpers)) place.write(helper, content);
        const nodePath = version === "Node 24" ? node24() : process.execPath;
        const { status, output } = await place.run(text, { name, nodePath });
        assert.equal(status.state, "failed", output);
        assert.match(status.error?.message ?? "", says);
        assert.equal(status.exitCode, exitCode);
        assert.equal(status.error?.at?.line, line, JSON.stringify(status.error));
        if (line !== undefined) assert.equal(status.error?.at?.file, path.join(place.folder, file ?? name));
      });
    }
  });
}

test("the JavaScript heap runs full", async (t) => {
  const place = workspace(t);
  const { status } = await place.run(
    `const all: number[][] = [];\nfor (;;) all.push(Array.from({ length: 10000 }, (_, i) => i / 3));\n`,
    { env: { NODE_OPTIONS: "--max-old-space-size=64" } },
  );
  assert.equal(status.state, "failed");
  assert.match(status.error?.message ?? "", /Out of memory: the JavaScript heap is full/);
});

test("killed from outside", async (t) => {
  const place = workspace(t);
  const { folder, pid } = await place.start(place.write("wait.ts", `console.log("on"); setInterval(() => {}, 1000);`));
  await until(
    () => outputOf(folder).includes("on"),
    () => "the script's first line",
  );
  process.kill(pid, "SIGKILL");
  const { status } = await ended(folder);
  assert.match(status.error?.message ?? "", /killed from outside \(SIGKILL\)/);
});

test("a failure after the training keeps the metrics and says where", async (t) => {
  const place = workspace(t);
  place.write("model.ts", MLP);
  const { status } = await place.run(`import { build, xs, ys } from "./model";
await build().fit(xs, ys, { epochs: 2, verbose: 0 });
throw new Error("after all");
`);
  assert.equal(status.state, "failed");
  assert.equal(status.epoch, 2);
  assert.equal(status.error?.at?.line, 3);
});

test("a Node.js that is not there", async (t) => {
  const place = workspace(t);
  const script = place.write("train.ts", "console.log(1);");
  await assert.rejects(place.start(script, { nodePath: "/no/such/node" }), (error: Error & { folder: string }) => {
    assert.match(error.message, /\/no\/such\/node could not be started/);
    assert.match(error.message, /fitlens\.nodePath/);
    return true;
  });
});

test("a program that is no Node.js", async (t) => {
  const place = workspace(t);
  const { folder } = await place.start(place.write("train.ts", "1;"), { nodePath: "/bin/false" });
  const status = await statusWhere(folder, "the end", ({ endedAt }) => endedAt !== undefined);
  assert.equal(status.state, "failed");
  assert.match(status.error?.message ?? "", /exit code 1 before the script began/);
});

test("a script that is gone", async (t) => {
  const place = workspace(t);
  await assert.rejects(place.start(path.join(place.folder, "gone.ts")), /gone\.ts is not a file any more/);
});

test("nothing of a failed run lives on", async (t) => {
  const place = workspace(t);
  const { status } = await place.run("setInterval(() => {}, 1000);\nthrow new Error('x');\n");
  await until(
    () => !isRunning(status.pid!),
    () => "the end of the process",
  );
});
