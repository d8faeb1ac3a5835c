// Sets up what building and testing need, on a machine with Node 20, npm and Python: `node test/harness/setup.mjs [STEP…]`.
//
// Everything lies in .cache/ (git-ignored). A step that is done is skipped; one that was interrupted starts again, because it
// installs into .cache/partial/ and moves the whole into its place at the end. Needs only Node's own modules until
// dependencies are installed.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  cache,
  chromium,
  desktopNote,
  hasDisplay,
  nodeBinary,
  nodeHome,
  PYTHONS,
  pythonIn,
  readJson,
  root,
  serverHome,
  VSCODES,
  which,
} from "./places.mjs";
import { locked, runner } from "./steps.mjs";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

const tensorflow = process.platform === "linux" && process.arch === "x64" ? "tensorflow-cpu" : "tensorflow";

/**
 * What each Python gets, which Pythons can have it, and what nearly all that run there import. TensorBoard's server needs a part of
 * setuptools that newer ones have dropped.
 */
const ENVIRONMENTS = {
  newest: {
    title: "Python with TensorFlow",
    minors: [11, 12, 13, 10],
    packages: [
      ...[tensorflow, "tensorboard", "setuptools<81"],
      ...["jax", "torch==2.13.0", "tf_keras"],
      ...["debugpy", "ipykernel", "nbclient", "ruff"],
    ],
    imported: "import tensorflow, keras, tf_keras, torch; tf_keras.Model",
  },
  estimator: {
    title: "Python with tf.estimator",
    minors: [11, 10, 9],
    packages: [`${tensorflow}==2.15.1`, "debugpy"],
    imported: "import tensorflow as tf; tf.keras.Model, tf.estimator.Estimator",
  },
  // By itself: Keras imports them wherever they are, which takes each of the many processes with Keras two seconds.
  tables: {
    title: "Python with pandas",
    minors: [11, 12, 13],
    packages: ["pandas", "scikit-learn"],
    imported: "import pandas, sklearn",
  },
};

const STEPS = {
  dependencies: {
    title: "npm dependencies",
    done: dependenciesMatch,
    // Not `npm ci`: it refuses a lock that lacks optional packages of other platforms, which not every registry carries.
    // This takes the same versions from the lock and leaves it as it is.
    run: (sh) => sh(npm, ["install", "--no-save", ...quiet], { cwd: root }),
  },
  chromium: {
    title: "Chromium",
    done: () => chromium() !== undefined,
    run: (sh) => apt(sh, ["chromium"], "or set CHROMIUM to the path of a Chromium or Chrome"),
  },
  compiler: {
    title: "C++ compiler",
    done: () => which("g++") !== undefined && which("make") !== undefined,
    run: (sh) => apt(sh, ["g++", "make"], "or install Xcode's command line tools"),
  },
  node20: nodeStep(20),
  node24: nodeStep(24),
  python: pythonStep("newest"),
  "python-estimator": pythonStep("estimator"),
  "python-tables": pythonStep("tables"),
  "server-newest": serverStep("newest"),
  "server-minimum": serverStep("minimum"),
  "vscode-newest": vscodeStep("newest"),
  "vscode-minimum": vscodeStep("minimum"),
};

const need = runner(STEPS);

/**
 * Sets up the named steps, as many at a time as their needs allow. Gives a map of step name → a promise that is kept when the
 * step has ended: with the Error of one that failed, else with undefined.
 */
export function beginSetUp(names) {
  let begin;
  const begun = new Promise((resolve) => {
    begin = resolve;
  });
  const end = (name) => begun.then(() => need(name)).then(nothing, (error) => error);
  const ends = new Map(names.map((name) => [name, end(name)]));
  const whole = () => {
    begin();
    return Promise.all(ends.values());
  };
  void Promise.all(names.map((name) => STEPS[name].done())).then((there) =>
    there.every(Boolean) ? whole() : locked(whole),
  );
  return ends;
}

const nothing = () => undefined;

/** The same to its end. Resolves to a map of step name → Error of those that failed. */
export async function setUp(names) {
  const failures = new Map();
  for (const [name, end] of beginSetUp(names)) {
    const error = await end;
    if (error) failures.set(name, error);
  }
  return failures;
}

/** Is every package of package-lock.json in node_modules, in its version? npm keeps what it installed in a lock of its own. */
function dependenciesMatch() {
  const wanted = readJson(path.join(root, "package-lock.json"))?.packages;
  const there = readJson(path.join(root, "node_modules/.package-lock.json"))?.packages;
  if (!wanted || !there) return false;
  return Object.entries(wanted).every(([place, { version, optional, devOptional, link }]) => {
    if (place === "" || link) return true;
    return there[place] ? there[place].version === version : Boolean(optional || devOptional);
  });
}

/** npm carries Node for every platform: a program and its headers, so that native modules build without a download. */
function nodeStep(major) {
  const arm = process.platform === "darwin" && process.arch === "arm64";
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `${arm ? "node-bin" : "node"}-${system}-${process.arch}`;
  return {
    title: `Node ${major}`,
    done: () => fs.existsSync(nodeBinary(major)),
    run: (sh) =>
      inPartial(nodeHome(major), async (folder) => {
        await sh(npm, ["install", ...quiet, "--no-save", "--prefix", folder, `${name}@${major}`]);
        return path.join(folder, "node_modules", name);
      }),
  };
}

/** Desktop VS Code where one can be had and shown, else the server build. */
function vscodeStep(name) {
  return {
    title: `VS Code ${name}`,
    needs: ["dependencies"],
    done: () => fs.existsSync(readJson(desktopNote(name))?.path ?? "") || STEPS[`server-${name}`].done(),
    async run(_sh, note) {
      if (await downloadDesktop(name, note)) return;
      await Promise.all([need(`server-${name}`), need("chromium")]);
      note("the server build, shown by Chromium");
    },
  };
}

/** Downloads desktop VS Code. A network that refuses is remembered for a day, so that it costs its time once. */
async function downloadDesktop(name, note) {
  const file = desktopNote(name);
  const before = readJson(file);
  if (!hasDisplay() || Date.now() - (before?.refusedAt ?? 0) < 24 * 60 * 60 * 1000) return false;
  const { downloadAndUnzipVSCode, SilentReporter } = await import("@vscode/test-electron");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    const cachePath = path.join(cache, "vscode");
    const reporter = new SilentReporter();
    const found = await downloadAndUnzipVSCode({
      version: VSCODES[name].desktop,
      cachePath,
      timeout: 10_000,
      reporter,
    });
    fs.writeFileSync(file, JSON.stringify({ path: found }));
    note("desktop");
    return true;
  } catch (error) {
    fs.writeFileSync(file, JSON.stringify({ refusedAt: Date.now(), why: String(error) }));
    return false;
  }
}

/** The server build of VS Code, from the npm package code-server: of that only `lib/vscode` and what it needs. */
function serverStep(name) {
  const { server, node } = VSCODES[name];
  return {
    title: `VS Code server ${server}`,
    needs: [`node${node}`, "compiler"],
    done: () => fs.existsSync(path.join(serverHome(name), "out/server-main.js")),
    async run(sh) {
      if (process.platform === "win32")
        throw new Error("there is no server build for Windows; desktop VS Code is needed");
      const home = nodeHome(node);
      const env = {
        PATH: `${home}/bin${path.delimiter}${process.env.PATH}`,
        npm_config_nodedir: home,
        npm_config_yes: "true",
      };
      await inPartial(serverHome(name), async (folder) => {
        await sh(npm, ["pack", "--loglevel=error", `code-server@${server}`], { cwd: folder, env });
        const [archive] = fs.readdirSync(folder).filter((file) => file.endsWith(".tgz"));
        await sh("tar", ["-xzf", archive, "package/lib/vscode"], { cwd: folder });
        const vscode = path.join(folder, "package/lib/vscode");
        await sh(npm, ["install", "--omit=dev", ...quiet], { cwd: vscode, env });
        await sh(npm, ["install", "--omit=dev", ...quiet], { cwd: path.join(vscode, "extensions"), env });
        await sh(npm, ["rebuild", "--loglevel=error", ...nativeModules(vscode)], { cwd: vscode, env });
        if (fs.existsSync(path.join(vscode, "node_modules/@vscode/ripgrep"))) await addRipgrep(sh, vscode, folder, env);
        fs.symlinkSync("node_modules", path.join(vscode, "node_modules.asar"));
        slim(vscode);
        return vscode;
      });
    },
  };
}

/** Modules that this version brings as C++ only: log files, the extension host's watchdog, and terminals in older versions. */
function nativeModules(vscode) {
  const has = (place) => fs.existsSync(path.join(vscode, "node_modules", place));
  const modules = ["@vscode/spdlog", "@vscode/native-watchdog", "native-watchdog"].filter(has);
  const prebuilt = has(`node-pty/prebuilds/${process.platform}-${process.arch}/pty.node`);
  return prebuilt ? modules : [...modules, "node-pty"];
}

/** Older versions fetch their search program while they install; npm carries the same one for all platforms. */
async function addRipgrep(sh, vscode, folder, env) {
  await sh(npm, ["install", ...quiet, "--no-save", "--prefix", path.join(folder, "rg"), "@vscode/ripgrep-universal"], {
    env,
  });
  const from = path.join(
    folder,
    "rg/node_modules/@vscode/ripgrep-universal/bin",
    `${process.platform}-${process.arch}`,
  );
  fs.cpSync(from, path.join(vscode, "node_modules/@vscode/ripgrep/bin"), { recursive: true });
}

/** Removes what no extension test uses: other platforms' programs, agent runtimes, source maps. */
function slim(vscode) {
  const mine = `${process.platform}-${process.arch}`;
  const modules = path.join(vscode, "node_modules");
  for (const place of ["@github", "@microsoft/mxc-sdk"])
    fs.rmSync(path.join(modules, place), { recursive: true, force: true });
  for (const place of ["@vscode/ripgrep-universal/bin", "node-pty/prebuilds"]) {
    const folder = path.join(modules, place);
    const others = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name !== mine) : [];
    for (const name of others) fs.rmSync(path.join(folder, name), { recursive: true });
  }
  fs.rmSync(path.join(vscode, "extensions/copilot"), { recursive: true, force: true });
  for (const file of fs.readdirSync(vscode, { recursive: true })) {
    if (file.endsWith(".map")) fs.rmSync(path.join(vscode, file), { force: true });
  }
}

/** A virtual environment keeps its own path, so it is made in place, and a file says when it is whole. */
function pythonStep(name) {
  const { title, minors, packages, imported } = ENVIRONMENTS[name];
  const home = PYTHONS[name];
  const stamp = path.join(home, "fitlens.json");
  return {
    title,
    done: () => readJson(stamp)?.join() === packages.join() && fs.existsSync(pythonIn(home)),
    async run(sh, note) {
      const python = findPython(minors) ?? (await bringPython(sh, minors[0]));
      fs.rmSync(home, { recursive: true, force: true });
      try {
        await sh(python, ["-m", "venv", home]);
      } catch {
        // Debian brings Python without the part that makes environments.
        await apt(sh, ["python3-venv"], "or set PYTHON to a Python that has the venv module");
        await sh(python, ["-m", "venv", "--clear", home]);
      }
      // pip would compile four files for each one that is ever imported.
      const install = ["-m", "pip", "install", "--no-compile", "--quiet", "--progress-bar", "off"];
      await sh(pythonIn(home), [...install, ...packages]);
      await sh(pythonIn(home), ["-c", imported]);
      const version = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))";
      const [first] = packages[0].split("==");
      note(execFileSync(pythonIn(home), ["-I", "-c", version, first], { encoding: "utf8" }).trim());
      fs.writeFileSync(stamp, JSON.stringify(packages));
    },
  };
}

/** A Python of one of these versions: PYTHON, else from the PATH. A name on the PATH may be one that does not run. */
function findPython(minors) {
  const named = [process.env.PYTHON, "python3", "python", ...minors.map((minor) => `python3.${minor}`)];
  return named.find((program) => {
    if (!program) return false;
    try {
      const said = execFileSync(program, ["-I", "-c", "import sys; print(*sys.version_info[:2])"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [major, minor] = said.split(" ").map(Number);
      return major === 3 && minors.includes(minor);
    } catch {
      return false;
    }
  });
}

/** Where no Python of the version is found, uv fetches one. */
async function bringPython(sh, minor) {
  const any = process.env.PYTHON ?? which("python3") ?? which("python");
  if (!any) throw new Error("no Python was found. Install Python 3.9 or newer, or set PYTHON to its path");
  const folder = path.join(cache, "uv");
  await sh(any, ["-m", "venv", folder]);
  await sh(pythonIn(folder), ["-m", "pip", "install", "--quiet", "uv"]);
  const home = path.join(cache, "pythons");
  const env = { UV_PYTHON_INSTALL_DIR: home };
  await sh(pythonIn(folder), ["-m", "uv", "python", "install", "--no-bin", `3.${minor}`], { env });
  const found = fs.readdirSync(home).find((name) => name.startsWith(`cpython-3.${minor}.`));
  if (!found) throw new Error(`uv brought no Python 3.${minor}. Install it, or set PYTHON to its path`);
  return path.join(home, found, process.platform === "win32" ? "python.exe" : "bin/python3");
}

let aptQueue = Promise.resolve();

/** Debian's packages, where we may; else a sentence that says what to do. One apt-get at a time. */
function apt(sh, packages, otherwise) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const install = async () => {
    if (!which("apt-get") || process.getuid?.() !== 0) {
      throw new Error(`${packages.join(" and ")} not found. Run: sudo sh -c '${command}' (${otherwise})`);
    }
    await sh("sh", ["-c", command], { env: { DEBIAN_FRONTEND: "noninteractive" } });
  };
  aptQueue = aptQueue.then(install, install);
  return aptQueue;
}

/** Lets `fill` install into an empty folder; the folder that it resolves to is then moved to `target` in one step. */
async function inPartial(target, fill) {
  const folder = path.join(cache, "partial", path.basename(target));
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const whole = await fill(folder);
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.renameSync(whole, target);
  fs.rmSync(folder, { recursive: true, force: true });
}

if (fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const failures = await setUp(named.length > 0 ? named : Object.keys(STEPS));
  process.exitCode = failures.size > 0 ? 1 : 0;
}
