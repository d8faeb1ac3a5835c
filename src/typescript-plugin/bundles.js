// The bundle of the TypeScript plugin, the package through which the TypeScript server finds it, and the declarations that it hands out.

const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "../..");
const modules = path.join(root, "node_modules");

/** Packages whose declarations go along; the rest is found from these. The native engine is installed where it can be. */
const ENTRIES = ["@tensorflow/tfjs", "@tensorflow/tfjs-node"];
/** Exported by @tensorflow/tfjs and of no use in a script that trains in Node: half a megabyte of declarations. */
const LEFT_OUT = /^export \* from '@tensorflow\/tfjs-backend-(cpu|webgl)';$/gm;
const SPECIFIER = /(?:from|import|declare module)\s*\(?\s*['"]([^'"]+)['"]/g;

module.exports = ({ node }) => [
  {
    ...node,
    entryPoints: { typescriptPlugin: "src/typescript-plugin/plugin.ts" },
    outdir: "dist",
    plugins: [{ name: "package-and-types", setup: (build) => build.onEnd(writeRest) }],
  },
];

function writeRest() {
  writePackage(path.join(modules, "fitlens-typescript-plugin"));
  const types = path.join(root, "dist/types");
  fs.rmSync(types, { recursive: true, force: true });
  for (const name of ENTRIES.filter((name) => fs.existsSync(path.join(modules, name))))
    copyPackage(name, types, new Set());
  for (const name of ["@types/node", "undici-types"]) {
    const isDeclaration = (file) => fs.statSync(file).isDirectory() || /(\.d\.[cm]?ts|LICENSE)$/.test(file);
    const old = /\/ts\d\.\d(\/|$)/;
    const filter = (file) => !old.test(file.replaceAll("\\", "/")) && isDeclaration(file);
    fs.cpSync(path.join(modules, name), path.join(types, name), { recursive: true, filter });
  }
}

/** The server looks for plugins in the extension's node_modules and nowhere else. */
function writePackage(folder) {
  fs.mkdirSync(folder, { recursive: true });
  const manifest = { name: "fitlens-typescript-plugin", version: "0.1.0", private: true, main: "index.js" };
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const main = 'module.exports = require("../../dist/typescriptPlugin.js").plugin;\n';
  fs.writeFileSync(path.join(folder, "index.js"), main);
}

/** Copies a package's declarations, as far as its entry leads to them, and those of the TensorFlow.js packages that they name. */
function copyPackage(name, types, done) {
  if (done.has(name)) return;
  done.add(name);
  const folder = path.join(modules, name);
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const entry = path.join(folder, manifest.types ?? manifest.typings);
  copyFile(entry, types, done);
  const inside = path
    .relative(folder, entry)
    .replaceAll("\\", "/")
    .replace(/\.d\.ts$/, "");
  if (inside !== "index") fs.writeFileSync(path.join(types, name, "index.d.ts"), `export * from "./${inside}";\n`);
  const licence = path.join(folder, "LICENSE");
  if (fs.existsSync(licence)) fs.copyFileSync(licence, path.join(types, name, "LICENSE"));
}

function copyFile(file, types, done) {
  if (done.has(file)) return;
  done.add(file);
  const text = fs.readFileSync(file, "utf8").replace(LEFT_OUT, "");
  const target = path.join(types, path.relative(modules, file));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
  for (const [, specifier] of text.matchAll(SPECIFIER)) {
    const [scope, name, ...inside] = specifier.split("/");
    if (specifier.startsWith(".")) copyFound(path.resolve(path.dirname(file), specifier), types, done);
    else if (scope === "@tensorflow" && inside.length > 0) copyFound(path.join(modules, specifier), types, done);
    else if (scope === "@tensorflow") copyPackage(`${scope}/${name}`, types, done);
  }
}

/** What a specifier without extension means; nothing where it is no declaration, such as a package.json. */
function copyFound(base, types, done) {
  const found = [`${base}.d.ts`, path.join(base, "index.d.ts")].find((file) => fs.existsSync(file));
  if (found) copyFile(found, types, done);
}
