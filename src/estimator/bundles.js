// Builds the library into dist/estimator as it is published: ES module, CommonJS, types, package.json and README.

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "../..");

module.exports = ({ node, outdir = path.join(root, "dist/estimator") }) => {
  // Readable, as libraries are: who debugs a training steps into it.
  const library = {
    ...node,
    minify: false,
    entryPoints: { index: "src/estimator/index.ts" },
    outdir,
    external: ["@tensorflow/tfjs"],
  };
  return [
    { ...library, plugins: [{ name: "rest-of-the-package", setup: (build) => build.onEnd(() => writeRest(outdir)) }] },
    { ...library, format: "esm", outExtension: { ".js": ".mjs" } },
  ];
};

function writeRest(outdir) {
  for (const file of ["package.json", "README.md"])
    fs.copyFileSync(path.join(__dirname, file), path.join(outdir, file));
  writeTypes(path.join(outdir, "types"));
}

/** Emits declarations, keeps those that index.d.ts leads to, and names files in full, as Node's own resolution of types wants them. */
function writeTypes(types) {
  fs.rmSync(types, { recursive: true, force: true });
  const emit = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", "src", "--outDir", types];
  const options = [
    "--target",
    "es2022",
    "--lib",
    "es2023",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--types",
    "node",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--skipLibCheck",
  ];
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(
    process.execPath,
    [tsc, ...emit, ...options, "--ignoreConfig", "src/estimator/index.ts", "src/globals.d.ts"],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`Types of src/estimator could not be written:\n${stdout}`);
  const kept = new Set();
  keep(path.join(types, "estimator/index.d.ts"), kept);
  for (const file of fs.readdirSync(types, { recursive: true })) {
    const full = path.join(types, file);
    if (file.endsWith(".d.ts") && !kept.has(full)) fs.rmSync(full);
  }
}

function keep(file, kept) {
  if (kept.has(file)) return;
  kept.add(file);
  const text = fs.readFileSync(file, "utf8").replace(/(from |import\()"(\.[^"]*)"/g, (_, lead, specifier) => {
    keep(path.resolve(path.dirname(file), `${specifier}.d.ts`), kept);
    return `${lead}"${specifier}.js"`;
  });
  fs.writeFileSync(file, text);
}
