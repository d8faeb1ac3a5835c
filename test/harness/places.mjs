// Where the tests' tools lie and which versions they are. Knows names only: setup.mjs puts things there.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const cache = path.join(root, ".cache");
export const artifacts = path.join(root, "artifacts");
/** The extension as a package: made by the tests' build, installed by their suite `vsix`. */
export const PACKAGE = path.join(cache, "fitlens.vsix");

/** The two versions of VS Code that Fitlens is tested on: as a desktop program, and as the server build that npm carries. */
export const VSCODES = {
  newest: { desktop: "stable", server: "4.139.1", node: 24 },
  minimum: { desktop: "1.100.3", server: "4.100.3", node: 20 },
};

const windows = process.platform === "win32";

/** The folder of a Node of that major version: `bin/node` and the headers that native modules are built with. */
export const nodeHome = (major) => path.join(cache, `node${major}`);
export const nodeBinary = (major) => path.join(nodeHome(major), "bin", windows ? "node.exe" : "node");

/** Pythons: the newest TensorFlow and Keras with all their backends, the last TensorFlow that has tf.estimator, and pandas. */
export const PYTHONS = {
  newest: path.join(cache, "python"),
  estimator: path.join(cache, "python-estimator"),
  tables: path.join(cache, "python-tables"),
};
export const pythonIn = (home) => path.join(home, windows ? "Scripts/python.exe" : "bin/python");
export const pythonBinary = pythonIn(PYTHONS.newest);

export const serverHome = (name) => path.join(cache, "vscode", `server-${VSCODES[name].server}`);
/** Says which desktop VS Code there is, or when and why there was none. */
export const desktopNote = (name) => path.join(cache, "vscode", `desktop-${VSCODES[name].desktop}.json`);

/** The program's full path, from the PATH. */
export function which(program) {
  const endings = windows ? (process.env.PATHEXT ?? ".EXE;.CMD").split(";") : [""];
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, program + ending);
      if (folder && fs.existsSync(file) && fs.statSync(file).isFile()) return file;
    }
  }
  return undefined;
}

/** Chromium or Chrome: the one that CHROMIUM names, else the first on the PATH or in the system's usual place. */
export function chromium() {
  const usual = {
    darwin: ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    win32: ["C:/Program Files/Google/Chrome/Application/chrome.exe"],
  };
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const found = [process.env.CHROMIUM, ...names.map(which), ...(usual[process.platform] ?? [])];
  return found.find((file) => file && fs.existsSync(file));
}

/** Can a window be opened here: a display, or a virtual one. */
export const hasDisplay = () =>
  process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** JSON of a file, or undefined where there is none that can be read. */
export function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
