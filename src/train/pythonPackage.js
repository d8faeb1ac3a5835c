// The Python side of the package: src/train/python as it is, with the version and the words that run names are made of.

const fs = require("node:fs");
const path = require("node:path");

const SOURCE = path.join(__dirname, "python");
/** A file where Python would make a folder for bytecode: the installed extension stays as it was installed. */
const NO_BYTECODE = "A file of this name keeps Python from writing bytecode into the installed extension.\n";

/** Writes the package to `target`, file by file, so that a run that starts meanwhile finds all of them; old ones go last. */
function copyPython(target, version) {
  const words = JSON.parse(fs.readFileSync(path.join(__dirname, "../runs/nameWords.json"), "utf8"));
  const files = new Map([[path.join("fitlens", "about.json"), `${JSON.stringify({ version, words })}\n`]]);
  for (const entry of fs.readdirSync(SOURCE, { recursive: true, withFileTypes: true })) {
    const name = path.relative(SOURCE, path.join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && name.endsWith(".py")) {
      files.set(name, fs.readFileSync(path.join(SOURCE, name)));
      files.set(path.join(path.dirname(name), "__pycache__"), NO_BYTECODE);
    }
  }
  for (const [name, content] of files) write(path.join(target, name), content);
  for (const name of fs.readdirSync(target, { recursive: true })) {
    const file = path.join(target, name);
    if (!files.has(name) && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) fs.rmSync(file);
  }
}

function write(file, content) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() && fs.readFileSync(file).equals(Buffer.from(content))) return;
  if (stat?.isDirectory()) fs.rmSync(file, { recursive: true });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.tmp`, content);
  fs.renameSync(`${file}.tmp`, file);
}

/** Copies again whenever a source changes. */
function watchPython(target, version) {
  let waiting;
  fs.watch(SOURCE, { recursive: true }, () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => copyPython(target, version), 50);
  });
}

module.exports = { copyPython, watchPython };
