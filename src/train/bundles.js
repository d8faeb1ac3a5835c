// The bundles of training in Node: the trainer's hook and what it loads when it needs it, and the engine that Fitlens brings.

const fs = require("node:fs");
const path = require("node:path");

/** Packages of TensorFlow.js that may be the workspace's own: the hook resolves them when the trainer runs. */
const EXTERNAL = ["@tensorflow/tfjs", "@tensorflow/tfjs-core"];

/** A specifier that Fitlens can answer → the part of engine.js that answers it. */
const PARTS = {
  tfjs: "tfjs",
  "tfjs-core": "tfjs",
  "tfjs-layers": "tfjs",
  "tfjs-converter": "tfjs",
  "tfjs-data": "data",
  "tfjs-backend-cpu": "cpu",
};

module.exports = ({ common, node }) => {
  const esm = { ...common, platform: "node", format: "esm", target: "node20", outExtension: { ".js": ".mjs" } };
  return [
    {
      ...esm,
      external: ["./worker.js"],
      entryPoints: { worker: "src/train/worker/hook.ts" },
      outdir: "dist",
    },
    {
      ...esm,
      external: ["./typescript.js"],
      entryPoints: { hooks: "src/train/worker/hooksThread.ts" },
      outdir: "dist",
    },
    {
      ...node,
      external: ["./typescript.js"],
      entryPoints: { worker: "src/train/worker/main.ts", typescript: "src/train/worker/typescript.ts" },
      outdir: "dist",
    },
    {
      ...node,
      external: ["./terminal.js"],
      entryPoints: { waiting: "src/train/worker/waiting.ts", terminal: "src/train/worker/terminal.ts" },
      outdir: "dist",
    },
    {
      ...node,
      // Any Node that somebody starts in a watched terminal.
      target: "node12",
      sourcemap: false,
      entryPoints: { preload: "src/train/worker/preload.ts" },
      outdir: "dist",
    },
    {
      ...node,
      // The ES modules of TensorFlow.js are newer code than its CommonJS bundles, and one copy with the deep imports.
      mainFields: ["module", "main"],
      minify: true,
      // Node prints the line of an exception that nobody catches: it must not be all of TensorFlow.js.
      lineLimit: 160,
      keepNames: true,
      sourcemap: false,
      legalComments: "none",
      entryPoints: { engine: "src/train/engine/brought.ts" },
      outdir: "dist/engine",
      plugins: [thinFiles, leaveOut],
    },
    {
      ...node,
      mainFields: ["module", "main"],
      minify: true,
      sourcemap: false,
      legalComments: "none",
      external: EXTERNAL,
      entryPoints: {
        wasm: "src/train/wasm/backend.ts",
        gradients: "src/train/wasm/index.ts",
        native: "src/train/engine/native.ts",
      },
      outdir: "dist/engine",
      plugins: [wasmFiles, leaveOut, noThreads, callableClasses],
      banner: { js: CONSTRUCT },
    },
  ];
};

/** What only browsers use, or what an installer uses. */
const leaveOut = {
  name: "leave-out",
  setup(build) {
    build.onResolve({ filter: /^(@mapbox\/node-pre-gyp|node-fetch)$/ }, ({ path: name }) => ({
      path: name,
      namespace: "left-out",
    }));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, ({ path: name }) => ({
      contents: name === "node-fetch" ? "module.exports = globalThis.fetch;" : "module.exports = {};",
    }));
  },
};

/** The threaded variant of the wasm backend is not used in Node. */
const noThreads = {
  name: "no-threads",
  setup(build) {
    build.onLoad({ filter: /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ }, () => ({
      contents: "module.exports = function () {}; module.exports.wasmWorkerContents = '';",
    }));
  },
};

/** tfjs-node is compiled to ES5, whose constructors cannot call those of the ES modules' classes as functions. */
const CONSTRUCT =
  "function __construct(base, self, ...args) { return Reflect.construct(base, args, self.constructor); }";
const callableClasses = {
  name: "callable-classes",
  setup(build) {
    build.onLoad({ filter: /tfjs-node[\\/]dist[\\/].*\.js$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, "utf8")
        .replaceAll("_super.call(this, ", "__construct(_super, this, ")
        .replaceAll("_super.call(this)", "__construct(_super, this)"),
    }));
  },
};

const wasmFiles = {
  name: "wasm-files",
  setup(build) {
    build.onEnd(() => {
      const from = path.join(__dirname, "../../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out");
      const to = path.join(build.initialOptions.absWorkingDir, build.initialOptions.outdir);
      for (const name of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"]) {
        fs.copyFileSync(path.join(from, name), path.join(to, name));
      }
      // What nativeEngine.ts compiles: tfjs-node's binding and Node's own headers.
      const modules = path.join(__dirname, "../../node_modules");
      fs.cpSync(path.join(modules, "@tensorflow/tfjs-node/binding"), path.join(to, "native/binding"), {
        recursive: true,
      });
      fs.cpSync(path.join(modules, "node-api-headers/include"), path.join(to, "native/include"), { recursive: true });
    });
  },
};

/**
 * One file a package name, which only hands on its part of engine.js. The list of names at its end is what Node's ES module
 * loader reads, so that `import { sequential } from "@tensorflow/tfjs"` finds them.
 */
const thinFiles = {
  name: "thin-files",
  setup(build) {
    build.onEnd((result) => {
      if (result.errors.length > 0) return;
      const folder = path.join(build.initialOptions.absWorkingDir, build.initialOptions.outdir);
      const engineFile = path.join(folder, "engine.js");
      delete require.cache[engineFile];
      const engine = require(engineFile);
      const write = (name, names, body) => {
        const listed = names.filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default").join(", ");
        fs.writeFileSync(
          path.join(folder, `${name}.js`),
          `"use strict";\n${body}\n0 && (module.exports = { ${listed} });\n`,
        );
      };
      for (const [name, part] of Object.entries(PARTS)) {
        write(name, Object.keys(engine[part]), `module.exports = require("./engine.js").${part};`);
      }
      const fitlens = `globalThis[Symbol.for("fitlens.trainer")]`;
      write("tfjs-backend-wasm", engine.WASM_NAMES, `module.exports = ${fitlens}.wasmModule();`);
      write(
        "tfjs-node",
        [...Object.keys(engine.tfjs), "io", "version", "node"],
        `module.exports = ${fitlens}.tfjsNode();`,
      );
    });
  },
};
