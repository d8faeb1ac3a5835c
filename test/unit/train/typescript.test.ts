// TypeScript and packages as the hook gives them to Node: which module system, which file, which copy.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { candidates } from "../../../src/train/worker/candidates";
import { compile } from "../../../src/train/worker/typescript";
import { MLP, node24, points, workspace } from "./trainer";

/** Compiles a file of a package with the given type. */
function compiled(name: string, text: string, type?: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-ts-"));
  try {
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify(type === undefined ? {} : { type }));
    return compile(path.join(folder, name), text);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

describe("the module system of a TypeScript file", () => {
  const IMPORT = `import fs from "node:fs";\nfs.existsSync(".");\n`;
  for (const [what, name, text, type, format] of [
    ["its name says module", "a.mts", "const a: number = 1;", "commonjs", "module"],
    ["its name says CommonJS", "a.cts", IMPORT, "module", "commonjs"],
    ["its package says module", "a.ts", "const a: number = 1;", "module", "module"],
    ["its package says CommonJS", "a.ts", IMPORT, "commonjs", "commonjs"],
    ["import", "a.ts", IMPORT, undefined, "module"],
    ["export", "a.ts", "export const a: number = 1;", undefined, "module"],
    ["import.meta", "a.ts", "console.log(import.meta.url);", undefined, "module"],
    ["await at the top", "a.ts", "await Promise.resolve();", undefined, "module"],
    ["require", "a.ts", `const fs = require("node:fs");`, undefined, "commonjs"],
    ["only types are imported", "a.ts", `import type { Stats } from "node:fs";\nlet a: Stats;`, undefined, "commonjs"],
    ["import and __dirname, as for ts-node", "a.ts", `${IMPORT}console.log(__dirname);`, undefined, "commonjs"],
    [
      "import and a __dirname of its own",
      "a.ts",
      `${IMPORT}const __dirname = new URL(".", import.meta.url).pathname;`,
      undefined,
      "module",
    ],
    ["neither", "a.ts", "const a: number = 1;", undefined, "commonjs"],
    ["JSX", "a.tsx", "export const a = <T,>(x: T): T => x;", undefined, "module"],
  ] as const) {
    test(what, () => assert.equal(compiled(name, text, type).format, format));
  }

  test("lines stay where they are", () => {
    const text = `interface A {\n  x: number;\n}\n\nenum B {\n  One,\n}\nexport class C {\n  constructor(private readonly a: A) {}\n}\nexport const here = B.One;\n`;
    const lines = compiled("a.ts", text).code.split("\n");
    assert.match(lines[10]!, /here/);
  });
});

describe("the files that an import may mean", () => {
  for (const [specifier, first] of [
    ["./model", "./model.ts"],
    ["./model.js", "./model.ts"],
    ["./model.mjs", "./model.mts"],
    ["./model.cjs", "./model.cts"],
    ["./view.jsx", "./view.tsx"],
    ["../", "../.ts"],
  ] as const) {
    test(specifier, () => assert.equal(candidates(specifier)[0], first));
  }
  test("a package means no file", () => assert.deepEqual(candidates("@tensorflow/tfjs"), []));
  test("a folder means its index", () => assert.ok(candidates("./layers").includes("./layers/index.ts")));
});

for (const version of ["this Node", "Node 24"] as const) {
  describe(`scripts on ${version}`, () => {
    const nodePath = () => (version === "Node 24" ? node24() : process.execPath);

    test("imports without an ending, with that of the output, of a folder, and by require", async (t) => {
      const place = workspace(t);
      place.write("one.ts", "export const one: number = 1;\n");
      place.write("two.ts", "export const two: number = 2;\n");
      place.write("three/index.ts", "export const three: number = 3;\n");
      place.write("four.cts", `const four: number = 4;\nexport = { four, path: require("./five").five };\n`);
      place.write("five.cts", "export const five: number = 5;\n");
      const { output } = await place.run(
        `import { one } from "./one";\nimport { two } from "./two.js";\nimport { three } from "./three";\nimport four from "./four.cjs";\nenum Six { Value = 6 }\nconsole.log(one, two, three, JSON.stringify(four), Six.Value);\n`,
        { nodePath: nodePath() },
      );
      assert.equal(output.trim().split("\n").at(-1), '1 2 3 {"four":4,"path":5} 6');
    });

    test("CommonJS knows that it is the main module, and all names give one TensorFlow.js", async (t) => {
      const place = workspace(t);
      const { output, status } = await place.run(
        `const tf = require("@tensorflow/tfjs");
const node = require("@tensorflow/tfjs-node");
const { Tensor } = require("@tensorflow/tfjs-core");
const { layers } = require("@tensorflow/tfjs-layers");
const { csv } = require("@tensorflow/tfjs-data");
const same = [require.main === module, tf.scalar(1) instanceof Tensor, node.Tensor === Tensor, layers.dense === tf.layers.dense, csv === tf.data.csv, __filename.endsWith("train.js")];
import("@tensorflow/tfjs").then((esm) => console.log([...same, esm.sequential === tf.sequential, esm.default.Tensor === Tensor].join(" ")));
`,
        { name: "train.js", nodePath: nodePath() },
      );
      assert.equal(status.state, "finished", output);
      assert.equal(output.trim().split("\n").at(-1), Array(8).fill("true").join(" "));
    });

    test("the workspace's own TensorFlow.js is used, with Fitlens's engine over it", async (t) => {
      const place = workspace(t);
      const scope = path.join(place.folder, "node_modules", "@tensorflow");
      fs.mkdirSync(scope, { recursive: true });
      // Copies, so that they are the workspace's; what they need beside comes by links.
      for (const name of [
        "tfjs",
        "tfjs-core",
        "tfjs-layers",
        "tfjs-data",
        "tfjs-converter",
        "tfjs-backend-cpu",
        "tfjs-backend-webgl",
      ]) {
        fs.cpSync(path.resolve("node_modules/@tensorflow", name), path.join(scope, name), {
          recursive: true,
          filter: (file) => !/\.map$|miniprogram|\.min\.js$|\.es2017\.js$|\.fesm\.js$/.test(file),
        });
      }
      for (const name of [
        "long",
        "seedrandom",
        "string_decoder",
        "node-fetch",
        "whatwg-url",
        "tr46",
        "webidl-conversions",
        "safe-buffer",
      ]) {
        fs.symlinkSync(path.resolve("node_modules", name), path.join(place.folder, "node_modules", name));
      }
      place.write("model.ts", MLP);
      const { folder, status, output } = await place.run(
        `import { createRequire } from "node:module";\nimport * as tf from "@tensorflow/tfjs";\nimport { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";\nimport { build, xs, ys } from "./model";\nsetWasmPaths("/nowhere/");\nawait tf.setBackend("wasm");\nawait build().fit(xs, ys, { epochs: 1, verbose: 0 });\nconsole.log(createRequire(import.meta.url).resolve("@tensorflow/tfjs"), tf.getBackend());\n`,
        { engine: "wasm", nodePath: nodePath() },
      );
      assert.equal(status.state, "finished", output);
      assert.equal(status.engine?.name, "wasm");
      assert.equal(output.trim().split("\n").at(-1), `${path.join(scope, "tfjs", "dist", "tf.node.js")} wasm`);
      assert.equal(points(folder, "train", "batch_loss").length, 4);
    });
  });
}
