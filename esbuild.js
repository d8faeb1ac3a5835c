// Builds every bundle into dist/ and holds them to their size budgets. `--watch` rebuilds; `--tests` builds the tests into out/.
// A bundle per process: extension host, language client (loaded after activation), language server, command line,
// follower (worker thread), the trainer's hook, the engine that Fitlens brings, the Estimator library, and the pages of the web views. The
// hook for Python is not bundled but copied.
const esbuild = require("esbuild");
const fs = require("node:fs");
const path = require("node:path");
const { copyPython, watchPython } = require("./src/train/pythonPackage.js");

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const tests = process.argv.includes("--tests");

const { version } = require("./package.json");
const common = {
  bundle: true,
  absWorkingDir: __dirname,
  sourcemap: production ? false : "linked",
  minify: production,
  logLevel: "warning",
  define: { FITLENS_VERSION: JSON.stringify(version) },
  loader: { ".md": "text", ".txt": "text" },
};
// The CommonJS build of web-tree-sitter: the other one asks for its own URL, which a CommonJS bundle does not have.
const alias = { "web-tree-sitter": require.resolve("web-tree-sitter") };
/**
 * What Node.js and VS Code bring is imported once for a bundle. Left alone, esbuild copies all of its names for each file that imports
 * it: that was half of the time that activation takes.
 */
const importedOnce = {
  name: "imported-once",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(vscode$|node:)/ }, ({ path: name, kind, namespace }) =>
      kind === "import-statement" && namespace !== "imported-once" ? { path: name, namespace: "imported-once" } : null,
    );
    onLoad({ filter: /./, namespace: "imported-once" }, ({ path: name }) => ({
      contents: `export * from ${JSON.stringify(name)}; export { default } from ${JSON.stringify(name)};`,
    }));
  },
};
const node = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node20",
  alias,
  plugins: [importedOnce],
};

const bundles = [
  {
    ...node,
    // The extension loads the others when they are needed.
    entryPoints: { extension: "src/extension.ts", client: "src/ui/client.ts", newFiles: "src/ui/newFiles.ts" },
    outdir: "dist",
    external: ["vscode", "./client.js", "./newFiles.js"],
  },
  {
    ...node,
    entryPoints: { server: "src/server/main.ts", cli: "src/cli/main.ts", follower: "src/runs/followerThread.ts" },
    outdir: "dist",
  },
  {
    ...common,
    platform: "browser",
    format: "iife",
    target: "es2022",
    entryPoints: { panel: "webviews/panel/main.ts", graph: "webviews/graph/main.ts" },
    outdir: "dist/webview",
  },
  ...existing("src/train/bundles.js"),
  ...existing("src/estimator/bundles.js"),
  ...existing("src/typescript-plugin/bundles.js"),
];

/** Bundles that a folder describes itself, because only it knows how they are put together. */
function existing(file) {
  const full = path.join(__dirname, file);
  return fs.existsSync(full) ? require(full)({ common, node }) : [];
}

/** Files that are read at run time beside the bundles. */
const copies = [
  ["node_modules/web-tree-sitter/web-tree-sitter.wasm", "dist/web-tree-sitter.wasm"],
  ["node_modules/tree-sitter-javascript/tree-sitter-javascript.wasm", "dist/tree-sitter-javascript.wasm"],
  ["node_modules/tree-sitter-python/tree-sitter-python.wasm", "dist/tree-sitter-python.wasm"],
  ["node_modules/tree-sitter-typescript/tree-sitter-typescript.wasm", "dist/tree-sitter-typescript.wasm"],
  ["node_modules/tree-sitter-typescript/tree-sitter-tsx.wasm", "dist/tree-sitter-tsx.wasm"],
  // The layout of graphs, unmodified and in a file of its own as its licence (EPL-2.0) asks, with that licence.
  ["node_modules/elkjs/lib/elk-worker.min.js", "dist/webview/elk-worker.js"],
  ["node_modules/elkjs/LICENSE.md", "dist/webview/elk-worker.LICENSE.md"],
];

/** Largest sizes allowed in a production build, in bytes. */
const budgets = {
  "dist/extension.js": 150 * 1024,
  "dist/client.js": 500 * 1024,
  "dist/webview/panel.js": 400 * 1024,
  "dist/webview/graph.js": 150 * 1024,
};

async function build() {
  const present = bundles.filter((bundle) =>
    Object.values(bundle.entryPoints).every((file) => fs.existsSync(path.join(__dirname, file))),
  );
  for (const [from, to] of copies) {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(from, to);
  }
  copyPython("dist/python", version);
  if (watch) {
    watchPython("dist/python", version);
    for (const options of present) await (await esbuild.context(options)).watch();
  } else {
    await Promise.all(present.map((options) => esbuild.build(options)));
  }
  if (production) {
    for (const [file, most] of Object.entries(budgets)) {
      const size = fs.statSync(file).size;
      if (size > most)
        throw new Error(`${file} is ${size} bytes; its budget is ${most}. Find what came in, or load it later.`);
    }
  }
}

/** Tests keep their packages outside the bundle, so that they meet the real ones. */
async function buildTests() {
  const entryPoints = fs
    .readdirSync("test", { recursive: true })
    .filter((file) => /\.(test|bench)\.ts$/.test(file) || /^vscode\/index\.ts$/.test(file))
    .map((file) => `test/${file}`);
  fs.rmSync("out", { recursive: true, force: true });
  if (entryPoints.length === 0) return;
  await esbuild.build({
    ...node,
    entryPoints,
    outbase: "test",
    outdir: "out",
    packages: "external",
    plugins: [],
    sourcemap: "inline",
  });
}

(tests ? buildTests() : build()).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
