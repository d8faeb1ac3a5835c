// New environments without their packages: what is chosen, what is told, and every way in which making one fails. Real Pythons and
// a real pip, with an index that is not there.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createEnvironment, type EnvironmentOptions } from "../../../src/train/environments/create";
import { whyNot } from "../../../src/train/environments/failures";
import { Teller } from "../../../src/train/environments/pip";
import { beginNote, forgetHalfInstalled, lookAt } from "../../../src/train/environments/place";
import { type Machine, packagesFor, pythonsFor, titleOf } from "../../../src/train/environments/plan";
import { pythonCandidates, pythonIn } from "../../../src/train/interpreters";

const linux: Machine = { platform: "linux", arch: "x64", nvidia: false };

/** An index that nobody answers at, and nothing else that this machine's pip may be told of. */
const OFFLINE = {
  PIP_CONFIG_FILE: os.devNull,
  PIP_INDEX_URL: "http://user:secret@127.0.0.1:9/simple",
  PIP_EXTRA_INDEX_URL: "",
  PIP_FIND_LINKS: "",
  PIP_RETRIES: "0",
};

function temporary(t: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens it's new ")));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function make(folder: string, more: Partial<EnvironmentOptions> = {}) {
  const python = process.env["FITLENS_TEST_PYTHON"];
  return createEnvironment({
    folder: path.join(folder, ".venv"),
    wish: { need: "keras", backend: "jax" },
    storage: path.join(folder, "storage"),
    ...(python && { pythons: [python] }),
    ...more,
  });
}

test("what is installed depends on the need, the backend and the machine", () => {
  const keras = (backend: "tensorflow" | "jax" | "torch", machine: Partial<Machine> = {}) =>
    packagesFor({ need: "keras", backend }, { ...linux, ...machine }).join(" ");
  assert.equal(keras("tensorflow"), "keras tensorflow-cpu");
  assert.equal(keras("tensorflow", { nvidia: true }), "keras tensorflow[and-cuda]");
  assert.equal(keras("tensorflow", { platform: "darwin", arch: "arm64" }), "keras tensorflow");
  assert.equal(keras("tensorflow", { platform: "win32", nvidia: true }), "keras tensorflow-cpu");
  assert.equal(keras("jax"), "keras jax");
  assert.equal(keras("jax", { nvidia: true }), "keras jax[cuda12]");
  assert.equal(keras("torch"), "keras torch");
  const estimator = (machine: Partial<Machine>) => packagesFor({ need: "estimator" }, { ...linux, ...machine });
  assert.deepEqual(estimator({}), ["tensorflow-cpu==2.15.1"]);
  assert.deepEqual(estimator({ platform: "darwin", arch: "arm64" }), ["tensorflow==2.15.1"]);
  assert.deepEqual(packagesFor({ need: "estimator", notebook: true }, linux), ["tensorflow-cpu==2.15.1", "ipykernel"]);
  assert.equal(titleOf({ need: "keras" }), "Keras 3 with TensorFlow");
});

test("tf.estimator takes Python 3.9 to 3.11 only", () => {
  const { best, usable, bring } = pythonsFor({ need: "estimator" });
  assert.deepEqual([[...best].sort(), usable, bring], [[10, 11, 9], [], 11]);
});

test("pip's lines become what it is doing", () => {
  const told: string[] = [];
  const teller = new Teller((message) => told.push(message));
  const lines = `
Looking in indexes: http://127.0.0.1:9/simple
Collecting keras
  Downloading keras-3.15.1-py3-none-any.whl.metadata (6.1 kB)
Collecting tensorflow-cpu==2.15.1
  Downloading tensorflow_cpu-2.15.1-cp311-cp311-manylinux_2_17_x86_64.whl (230.5 MB)
Progress 0 of 241700000
Progress 120850000 of 241700000
Progress 120850100 of 241700000
Progress 241700000 of 241700000
  Using cached h5py-3.10.0-cp311-cp311-manylinux_2_17_x86_64.whl (4.8 MB)
Processing /opt/wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl
Requirement already satisfied: six in ./lib
Installing collected packages: keras, h5py, tensorflow-cpu
Successfully installed h5py-3.10.0`;
  for (const line of lines.split("\n")) teller.read(line);
  assert.deepEqual(told, [
    "looking for keras",
    "looking for tensorflow-cpu",
    "downloading tensorflow-cpu (230.5 MB)",
    "downloading tensorflow-cpu (230.5 MB): 0 %",
    "downloading tensorflow-cpu (230.5 MB): 50 %",
    "downloading tensorflow-cpu (230.5 MB): 100 %",
    "taking h5py (4.8 MB)",
    "taking torch",
    "installing 3 packages",
  ]);
});

test("every known failure says what to do", () => {
  const where = { packages: ["keras", "tensorflow"], python: "Python 3.14.1", machine: "linux arm64" };
  const cases: [output: string, expected: RegExp][] = [
    [
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      /^The disk is full\. Free/,
    ],
    ["OSError: [Errno 122] Disk quota exceeded", /quota/],
    [
      "HINT: This error might have occurred since this system does not have Windows Long Path support enabled.",
      /shorter folder/,
    ],
    [
      "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]\nCould not fetch URL https://pypi.example/simple/keras/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='pypi.example', port=443)",
      /^The package index https:\/\/pypi\.example\/simple was reached, but its certificate is not trusted.*PIP_CERT/,
    ],
    [
      "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))'",
      /http\.proxy/,
    ],
    [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/keras/\nERROR: No matching distribution found for keras",
      /^The Python Package Index \(PyPI\) could not be reached\..*http\.proxy/,
    ],
    ["ERROR: HTTP error 403 while getting https://host.example/a.whl", /refused to answer/],
    [
      "ERROR: Could not find a version that satisfies the requirement tensorflow (from versions: none)\nERROR: No matching distribution found for tensorflow",
      /^There is no tensorflow for Python 3\.14\.1 on this machine \(linux arm64\)/,
    ],
    ["ERROR: ResolutionImpossible: for help visit", /keras and tensorflow fit together/],
    ["PermissionError: [Errno 13] Permission denied: '/w/.venv/lib'", /^Writing is not permitted: \/w\/\.venv\/lib\. /],
    [
      "Error: Refusing to create a venv in /a:b because it contains the PATH separator :.",
      /^Refusing to create a venv in \/a:b/,
    ],
    ["", /without a word/],
  ];
  for (const [output, expected] of cases) assert.match(whyNot(output, where), expected, output);
});

test("a folder is free, begun, an environment, or something else", (t) => {
  const folder = temporary(t);
  const venv = path.join(folder, ".venv");
  assert.deepEqual(lookAt(venv), { kind: "free" });
  fs.mkdirSync(venv);
  assert.deepEqual(lookAt(venv), { kind: "free" });
  beginNote(venv, { need: "keras", backend: "torch", notebook: true });
  assert.deepEqual(lookAt(venv), { kind: "unfinished", wish: { need: "keras", backend: "torch", notebook: true } });
  fs.writeFileSync(path.join(venv, "fitlens-unfinished.json"), "{");
  assert.equal(lookAt(venv).kind, "unfinished");
  fs.rmSync(path.join(venv, "fitlens-unfinished.json"));
  fs.writeFileSync(path.join(venv, "notes.txt"), "mine");
  assert.deepEqual(lookAt(venv), { kind: "taken" });
  fs.symlinkSync(folder, path.join(folder, "link"));
  assert.deepEqual(lookAt(path.join(folder, "link")), { kind: "taken" });
});

test("one that is not finished is not the Python of its workspace", (t) => {
  const folder = temporary(t);
  const program = path.join(folder, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  fs.mkdirSync(path.dirname(program), { recursive: true });
  fs.writeFileSync(program, "");
  assert.equal(pythonCandidates({ workspaceFolder: folder })[0], program);
  beginNote(path.join(folder, ".venv"), { need: "keras" });
  assert.ok(!pythonCandidates({ workspaceFolder: folder }).includes(program));
});

test("what somebody else has made stays as it is", async (t) => {
  const folder = temporary(t);
  fs.mkdirSync(path.join(folder, ".venv"));
  fs.writeFileSync(path.join(folder, ".venv", "notes.txt"), "mine");
  const result = await make(folder);
  assert.equal(result.ok, false);
  assert.match(result.ok ? "" : result.message, /\.venv is there already and was not begun by Fitlens/);
  assert.deepEqual(fs.readdirSync(path.join(folder, ".venv")), ["notes.txt"]);
});

test("packages that an installer left half are forgotten, all others stay", (t) => {
  const packages = path.join(
    temporary(t),
    process.platform === "win32" ? "Lib/site-packages" : "lib/python3.11/site-packages",
  );
  const half = path.join(packages, "keras-3.15.1.dist-info");
  const whole = path.join(packages, "numpy-2.4.6.dist-info");
  for (const place of [half, whole, path.join(packages, "~eras"), path.join(packages, "keras")]) {
    fs.mkdirSync(place, { recursive: true });
    fs.writeFileSync(path.join(place, "METADATA"), "Name: x\n");
  }
  fs.writeFileSync(path.join(whole, "RECORD"), "");
  forgetHalfInstalled(path.resolve(packages, process.platform === "win32" ? "../.." : "../../.."));
  assert.deepEqual(fs.readdirSync(packages).sort(), ["keras", "numpy-2.4.6.dist-info"]);
});

test("offline it names the index, keeps no password, gives the command, and goes on the next time", async (t) => {
  const folder = temporary(t);
  const told: string[] = [];
  const first = await make(folder, { env: OFFLINE, onProgress: (message) => told.push(message) });
  assert.ok(!first.ok);
  assert.match(first.message, /^The package index http:\/\/127\.0\.0\.1:9\/simple could not be reached\..*http\.proxy/);
  assert.match(first.command ?? "", /\.venv\S* -m pip install keras jax$/);
  assert.equal(first.begun, true);
  assert.ok(
    told.some((message) => /^making \.venv with Python 3\.\d+\.\d+$/.test(message)),
    told.join("\n"),
  );
  const python = pythonIn(path.join(folder, ".venv"));
  const made = fs.statSync(path.join(folder, ".venv", "pyvenv.cfg")).mtimeMs;
  assert.ok(python);
  told.length = 0;
  const second = await make(folder, { env: OFFLINE, onProgress: (message) => told.push(message) });
  assert.ok(!second.ok);
  assert.equal(
    fs.statSync(path.join(folder, ".venv", "pyvenv.cfg")).mtimeMs,
    made,
    "the environment was not made again",
  );
  assert.ok(!told.some((message) => message.startsWith("making")), told.join("\n"));
});

test("cancelled while it is made, nothing is left", async (t) => {
  const folder = temporary(t);
  const abort = new AbortController();
  const result = await make(folder, {
    env: OFFLINE,
    signal: abort.signal,
    onProgress: (message) => {
      if (message.startsWith("making")) setTimeout(() => abort.abort(), 300);
    },
  });
  assert.deepEqual(result, { ok: false, message: "", begun: false });
  assert.equal(fs.existsSync(path.join(folder, ".venv")), false);
});

test("begun with a Python that is gone, it is made anew", async (t) => {
  const folder = temporary(t);
  const venv = path.join(folder, ".venv");
  beginNote(venv, { need: "keras", backend: "jax" });
  const program = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  fs.mkdirSync(path.dirname(path.join(venv, program)), { recursive: true });
  fs.symlinkSync(path.join(folder, "gone"), path.join(venv, program));
  const result = await make(folder, { env: OFFLINE });
  assert.match(result.ok ? "" : result.message, /could not be reached/);
  assert.ok(fs.existsSync(path.join(venv, "pyvenv.cfg")));
});

test("into a folder that cannot be written it says so", { skip: process.getuid?.() === 0 }, async (t) => {
  const folder = temporary(t);
  fs.chmodSync(folder, 0o500);
  t.after(() => fs.chmodSync(folder, 0o700));
  const result = await make(folder, { env: OFFLINE });
  assert.match(result.ok ? "" : result.message, /^Writing is not permitted/);
});

test("without a Python that fits, and none to be brought, it says which to install", async (t) => {
  const folder = temporary(t);
  const result = await make(folder, {
    wish: { need: "estimator" },
    env: OFFLINE,
    findBase: async () => undefined,
  });
  assert.ok(!result.ok);
  assert.match(
    result.message,
    /^Python 3\.9 to 3\.11 is needed for it, and none was found on this machine\. Install Python 3\.11, then try again\. \(\S.+\)$/,
  );
  assert.equal(fs.existsSync(path.join(folder, ".venv")), false);
});
