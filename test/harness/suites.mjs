// The suites of `npm test`, in their order: what each needs and how it runs. Knows nothing of how results are added up.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runProgram } from "./children.mjs";
import { cache, nodeBinary, PACKAGE, PYTHONS, pythonIn, root } from "./places.mjs";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const here = (file) => path.join(root, "test/harness", file);

const reporting = [`--test-reporter=${pathToFileURL(here("reporter.mjs"))}`, "--test-reporter-destination=stdout"];

/**
 * Each suite: `needs` set-up steps, `built` whether it runs what was built, and `run({ grep, print, nice })`, which resolves to results:
 * `{ file, name, outcome: "passed" | "failed" | "skipped", seconds?, message? }` each. `print` takes the output, and others go first
 * on the processors if `nice`. Suites with `windows` wait for half of their time: they run beside the others. Those that are
 * `alone` change what the others run.
 */
export const SUITES = {
  check: {
    title: "Types, format, lint",
    needs: ["dependencies"],
    run: (options) => asOneTest("npm run check", npm, ["run", "-s", "check"], options),
  },
  build: { title: "Production build and its size budgets", needs: ["dependencies"], run: built },
  server: {
    title: "Language server",
    needs: ["dependencies"],
    built: true,
    run: (options) => nodeTests("server", options),
  },
  webview: {
    title: "Panel in Chromium",
    needs: ["dependencies", "chromium"],
    built: true,
    run: (options) => nodeTests("webview", options),
  },
  unit: {
    title: "Unit tests",
    needs: ["dependencies", "node24", "python"],
    built: true,
    run: (options) => nodeTests("unit", options),
  },
  python: {
    title: "Python scripts under the hook",
    needs: ["dependencies", "python", "python-estimator"],
    built: true,
    run: (options) => nodeTests("python", options),
  },
  truth: {
    title: "Against TensorBoard and TensorFlow",
    needs: ["dependencies", "python", "python-estimator", "python-tables"],
    built: true,
    run: (options) => nodeTests("truth", options),
  },
  slow: {
    title: "Slow ones, by name only: what takes long, and every case on every Keras",
    needs: ["dependencies", "python", "python-estimator", "python-tables"],
    built: true,
    byNameOnly: true,
    run: async (options) => [
      ...(await nodeTests("slow", options)),
      ...(await nodeTests("python", { ...options, env: { FITLENS_TEST_MORE: "1" } })),
      ...(await nodeTests("truth", { ...options, env: { FITLENS_TEST_MORE: "1" } })),
    ],
  },
  "vscode-minimum": { title: "VS Code 1.100", ...inVSCode("minimum", "plain", "restricted") },
  "vscode-newest": { title: "VS Code, newest", ...inVSCode("newest", "odd", "restricted") },
  vsix: { title: "The packaged extension, installed", ...inVSCode("newest", "vsix"), run: vsix },
  walk: {
    title: "A person's walk",
    needs: ["dependencies", "server-newest", "chromium", "node24", "python", "python-estimator"],
    built: true,
    windows: true,
    run: (options) => nodeTests("walk", options),
  },
  start: {
    title: "npm start",
    needs: ["dependencies", "server-newest", "chromium"],
    alone: true,
    run: (options) => nodeTests("start", options),
  },
};

/** Names on the command line: a suite's, or the beginning of several (`vscode`). */
export function chosen(names) {
  const all = Object.keys(SUITES);
  if (names.length === 0) return all.filter((name) => !SUITES[name].byNameOnly);
  const unknown = names.filter((name) => !all.some((suite) => suite === name || suite.startsWith(`${name}-`)));
  if (unknown.length > 0) throw new Error(`There is no suite ${unknown.join(", ")}. Suites: ${all.join(", ")}, vscode`);
  return all.filter((suite) => names.some((name) => suite === name || suite.startsWith(`${name}-`)));
}

let compiled;

/** Where JAX keeps what it has compiled, for the tests of one run: else most of the time of a small training goes into that. */
function compiledByJax() {
  if (!compiled) {
    compiled = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-jax-"));
    process.once("exit", () => fs.rmSync(compiled, { recursive: true, force: true }));
  }
  return {
    JAX_COMPILATION_CACHE_DIR: compiled,
    JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS: "0",
    JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES: "-1",
  };
}

/** What tests may use beyond Node and the packages: named by the environment, absent where it is not set up. */
export function testEnvironment() {
  const env = { ...process.env };
  const name = (variable, file) => {
    if (fs.existsSync(file)) env[variable] ??= file;
  };
  name("FITLENS_TEST_PYTHON", pythonIn(PYTHONS.newest));
  name("FITLENS_TEST_PYTHON_ESTIMATOR", pythonIn(PYTHONS.estimator));
  name("FITLENS_TEST_PYTHON_TABLES", pythonIn(PYTHONS.tables));
  name("FITLENS_TEST_NODE24", nodeBinary(24));
  return env;
}

let building;

/** The results of the build, which is made once. */
export function built(options) {
  building ??= build(options);
  return building;
}

/** The extension for production, within its budgets, as a package; then the tests. */
async function build(options) {
  const node = (...args) => asOneTest(["node", ...args].join(" "), process.execPath, args, options);
  return [
    ...(await node("test/harness/package.mjs", "--out", path.relative(root, PACKAGE))),
    ...(await node("esbuild.js", "--tests")),
  ];
}

async function asOneTest(name, program, args, { print, nice }) {
  const { status, tail, timedOut } = await runProgram(program, args, { cwd: root, seconds: 600, print, nice });
  if (status === 0) return [{ file: name, name, outcome: "passed" }];
  return [{ file: name, name, outcome: "failed", message: timedOut ? `No end within 600 s.\n${tail}` : tail }];
}

/** Test files of a suite: bundled TypeScript, plain modules, and walks. */
function filesOf(suite) {
  const find = (folder, pattern) =>
    fs.existsSync(folder)
      ? fs
          .readdirSync(folder, { recursive: true })
          .filter((file) => pattern.test(file))
          .sort()
          .map((file) => path.join(folder, file))
      : [];
  return [
    ...find(path.join(root, "out", suite), /\.test\.js$/),
    ...find(path.join(root, "test", suite), /\.(test|walk)\.mjs$/),
  ];
}

/** Files that run at once: a walk's windows take two processors; a process with TensorFlow takes a gigabyte of memory and more. */
const AT_ONCE = { walk: 1, python: 4, truth: 4 };

/** Each file by itself, as many at once as there are processors. */
async function nodeTests(suite, { grep, env = {}, print, nice }) {
  const waiting = filesOf(suite);
  const pattern = grep ? [`--test-name-pattern=${grep}`] : [];
  const options = { seconds: 1800, mayBeEmpty: true, env, print, nice };
  const results = [];
  const running = new Set();
  const start = (file) => {
    const name = path.relative(root, file).replace(/\W+/g, "-");
    const args = ["--enable-source-maps", "--test", ...reporting, ...pattern, file];
    const one = reported(name, args, options).then((mine) => {
      results.push(...mine);
      running.delete(one);
    });
    running.add(one);
  };
  const most = Math.min(os.availableParallelism(), AT_ONCE[suite] ?? Number.POSITIVE_INFINITY);
  while (waiting.length + running.size > 0) {
    while (waiting.length > 0 && running.size < most) start(waiting.shift());
    await Promise.race(running);
  }
  if (results.length > 0 || grep) return results;
  return [
    { file: `test/${suite}`, name: "has tests", outcome: "failed", message: `No tests were found in test/${suite}.` },
  ];
}

/** What is in the package, then the package in VS Code. */
async function vsix(options) {
  const files = [path.join(root, "test/vscode/package.test.mjs")];
  const { print } = options;
  const contents = await reported("package", ["--test", ...reporting, ...files], { seconds: 300, print });
  return [...contents, ...(await inVSCode("newest", "vsix").run(options))];
}

function inVSCode(name, ...modes) {
  const needs = ["dependencies", `vscode-${name}`, "node24", "python", "python-estimator"];
  return {
    needs,
    built: true,
    windows: true,
    async run({ grep, print }) {
      const results = [];
      for (const mode of modes) {
        const args = [here("inVSCode.mjs"), name, mode, ...(grep ? [grep] : [])];
        const options = { seconds: 1800, mayBeEmpty: Boolean(grep), print };
        results.push(...(await reported(`vscode-${name}-${mode}`, args, options)));
      }
      return results;
    },
  };
}

/** Runs Node with a program that writes a line per test to a report. One that crashes, hangs or has no tests has failed. */
async function reported(name, args, { seconds, mayBeEmpty = false, env: more = {}, print, nice }) {
  const report = path.join(cache, "reports", `${name}.jsonl`);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.rmSync(report, { force: true });
  const env = { ...compiledByJax(), ...testEnvironment(), ...more, FITLENS_REPORT: report };
  const { status, tail, timedOut } = await runProgram(process.execPath, args, { cwd: root, env, seconds, print, nice });
  const lines = fs.existsSync(report) ? fs.readFileSync(report, "utf8").trim().split("\n") : [];
  const results = lines.filter(Boolean).map((line) => JSON.parse(line));
  const fail = (message) =>
    results.push({ file: name, name: "ran to its end", outcome: "failed", message: `${message}\n${tail}` });
  if (timedOut) fail(`It did not end within ${seconds} s. The end of its output:`);
  else if (status !== 0 && !results.some(({ outcome }) => outcome === "failed")) {
    fail(`It ended with ${status}. The end of its output:`);
  } else if (results.length === 0 && !mayBeEmpty) fail("It ran no test. The end of its output:");
  return results;
}
