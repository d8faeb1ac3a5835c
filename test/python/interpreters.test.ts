// Looking at Pythons: what each says of itself, what is wrong with it in words, and that nothing of a workspace is run by looking.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, type TestContext, test } from "node:test";
import { choosePython, probePython, pythonCandidates } from "../../src/train/interpreters";
import { python, pythonEstimator, temporary } from "./help";

/** A Python of its own with nothing in it: fast to make, since it needs no pip. */
function environment(t: TestContext, name = "venv"): { home: string; program: string; packages: string } {
  const home = path.join(temporary(t), name);
  execFileSync(python(), ["-m", "venv", "--without-pip", home]);
  const program = path.join(home, "bin", "python");
  const packages = execFileSync(program, ["-I", "-c", "import site; print(site.getsitepackages()[0])"], {
    encoding: "utf8",
  });
  return { home, program, packages: packages.trim() };
}

/** What pip leaves when it has installed a package. */
function install(packages: string, distribution: string, version: string, module: string): void {
  fs.mkdirSync(path.join(packages, module), { recursive: true });
  fs.writeFileSync(path.join(packages, module, "__init__.py"), "raise SystemExit('imported')\n");
  const info = path.join(packages, `${distribution.replaceAll("-", "_")}-${version}.dist-info`);
  fs.mkdirSync(info, { recursive: true });
  fs.writeFileSync(path.join(info, "METADATA"), `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n`);
}

function script(t: TestContext, text: string, name = "python"): string {
  const file = path.join(temporary(t), name);
  fs.writeFileSync(file, text);
  fs.chmodSync(file, 0o755);
  return file;
}

describe("what is there", () => {
  test("the newest TensorFlow with its backends, and the last with tf.estimator", async () => {
    const newest = await probePython(python());
    assert.equal(newest.problem, undefined);
    assert.match(newest.version, /^3\.\d+\.\d+$/);
    assert.match(newest.packages["tensorflow"] ?? "", /^2\.\d+/);
    assert.match(newest.packages["keras"] ?? "", /^3\./);
    for (const name of ["jax", "torch", "tf_keras", "debugpy", "ipykernel"]) assert.ok(newest.packages[name], name);
    assert.equal(newest.packages["tensorflow-estimator"], undefined);
    assert.ok(fs.existsSync(path.join(newest.tensorflowFolder!, "__init__.py")));
    const old = await probePython(path.dirname(path.dirname(pythonEstimator())));
    assert.equal(old.path, pythonEstimator());
    assert.match(old.packages["tensorflow"] ?? "", /^2\.15\./);
    assert.match(old.packages["tensorflow-estimator"] ?? "", /^2\.15\./);
    assert.equal(old.packages["torch"], undefined);
  });

  test("an environment without anything", async (t) => {
    const { program, home } = environment(t);
    const info = await probePython(program);
    assert.deepEqual(info.packages, {});
    assert.equal(info.prefix, home);
    assert.equal(info.tensorflowFolder, undefined);
  });

  test("TensorFlow by the name of any of its distributions, looked at and not imported", async (t) => {
    const { program, packages } = environment(t);
    install(packages, "tensorflow-intel", "2.15.0", "tensorflow");
    install(packages, "Keras", "2.15.0", "keras");
    assert.deepEqual((await probePython(program)).packages, { tensorflow: "2.15.0", keras: "2.15.0" });
  });

  test("a TensorFlow that is half uninstalled is none", async (t) => {
    const { program, packages } = environment(t);
    // Metadata whose files are gone, and a folder whose __init__.py is gone: what interrupted uninstallations leave.
    install(packages, "tensorflow", "2.15.1", "tensorflow");
    fs.rmSync(path.join(packages, "tensorflow"), { recursive: true });
    install(packages, "keras", "3.1.0", "keras");
    fs.rmSync(path.join(packages, "keras", "__init__.py"));
    const info = await probePython(program);
    assert.equal(info.problem, undefined);
    assert.deepEqual(info.packages, {});
  });

  test("one whose metadata is gone is there, of unknown version", async (t) => {
    const { program, packages } = environment(t);
    install(packages, "tensorflow", "2.15.1", "tensorflow");
    fs.rmSync(path.join(packages, "tensorflow-2.15.1.dist-info"), { recursive: true });
    assert.equal((await probePython(program)).packages["tensorflow"], "of unknown version");
  });
});

describe("the answer is kept", () => {
  test("until packages come or go, or the program changes", async (t) => {
    const { program, packages, home } = environment(t);
    const first = await probePython(program);
    assert.equal(await probePython(program), first);
    assert.equal(await probePython(home), first);
    await new Promise((resolve) => setTimeout(resolve, 20));
    install(packages, "torch", "2.9.0", "torch");
    const second = await probePython(program);
    assert.deepEqual(second.packages, { torch: "2.9.0" });
    assert.equal(await probePython(program), second);
    await new Promise((resolve) => setTimeout(resolve, 20));
    fs.rmSync(program);
    assert.match((await probePython(program)).problem ?? "", /does not exist/);
  });

  test("a problem is not kept", async (t) => {
    const place = temporary(t);
    const program = path.join(place, "python");
    assert.equal((await probePython(program)).problem, `${program} does not exist.`);
    fs.symlinkSync(python(), program);
    assert.equal((await probePython(program)).problem, undefined);
  });
});

test("the shim of a version manager is asked where it will run, as long as its choice stands", async (t) => {
  const folder = temporary(t);
  const shim = path.join(temporary(t), "shims", "python3");
  fs.mkdirSync(path.dirname(shim));
  const answer =
    '{"version": "\'"$(cat .python-version)"\'", "prefix": "/x", "packages": {}, "tensorflowFolder": null, "places": []}';
  fs.writeFileSync(shim, `#!/bin/sh\necho '${answer}'\n`);
  fs.chmodSync(shim, 0o755);
  fs.writeFileSync(path.join(folder, ".python-version"), "3.9.1");
  assert.equal((await probePython(shim, undefined, folder)).version, "3.9.1");
  await new Promise((resolve) => setTimeout(resolve, 20));
  fs.writeFileSync(path.join(folder, ".python-version"), "3.12.4");
  assert.equal((await probePython(shim, undefined, folder)).version, "3.12.4");
});

describe("what is wrong with one", () => {
  const problemOf = async (program: string) => (await probePython(program)).problem ?? "";

  test("it is not there", async () => {
    assert.equal(await problemOf("/no/such/python"), "/no/such/python does not exist.");
    assert.equal(await problemOf("python-of-nobody"), "There is no python-of-nobody on the PATH.");
  });

  test("it is a folder that is no environment", async (t) => {
    const folder = temporary(t);
    assert.equal(
      await problemOf(folder),
      `${folder} is a folder without a Python in it: expected an environment (with bin/python) or the program itself.`,
    );
  });

  test("it is too old", async (t) => {
    const old = script(
      t,
      `#!/bin/sh\necho '{"version": "3.7.16", "prefix": "/x", "packages": {}, "tensorflowFolder": null, "places": []}'\n`,
    );
    assert.equal(await problemOf(old), `${old} is Python 3.7.16: Fitlens needs Python 3.8 or newer.`);
    const older = script(t, `#!/bin/sh\necho 'Unknown option: -I' >&2\nexit 2\n`);
    assert.match(await problemOf(older), /is older than Python 3\.4: Fitlens needs Python 3\.8 or newer\./);
  });

  test("old Pythons of this machine", async (t) => {
    const folder = path.join(process.env["HOME"] ?? "", ".pyenv", "versions");
    const old = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^(2|3\.[4-7])\./.test(name)) : [];
    if (old.length === 0) return t.skip("there are none");
    for (const version of old) {
      assert.match(
        await problemOf(path.join(folder, version, "bin", "python")),
        /Fitlens needs Python 3\.8 or newer\.$/,
        version,
      );
    }
  });

  test("the Python that an environment was made with was removed", async (t) => {
    const base = path.join(temporary(t), "base");
    fs.symlinkSync(python(), base);
    const home = path.join(temporary(t), "broken");
    fs.mkdirSync(path.join(home, "bin"), { recursive: true });
    fs.symlinkSync(base, path.join(home, "bin", "python"));
    fs.rmSync(base);
    const problem = await problemOf(home);
    assert.equal(
      problem,
      `${home}/bin/python leads to ${base}, which does not exist: the Python that this environment was made with was removed. Make the environment again.`,
    );
  });

  test("its own library was moved away", async (t) => {
    const { program, home } = environment(t);
    fs.writeFileSync(path.join(home, "pyvenv.cfg"), "home = /nowhere/bin\ninclude-system-site-packages = false\n");
    const lost = script(t, `#!/bin/sh\nexec env PYTHONHOME=/nowhere "${program}" -c ''\n`);
    assert.match(await problemOf(lost), /does not start: it does not find its own library.*make the environment again/);
  });

  test("it is no Python, says something else, or never answers", async (t) => {
    assert.match(await problemOf("/bin/ls"), /^\/bin\/ls does not answer as a Python does: /);
    const talker = script(t, "#!/bin/sh\necho hello\n");
    assert.equal(await problemOf(talker), `${talker} does not answer as a Python does: hello`);
    const silent = script(t, "#!/bin/sh\nexec sleep 60\n");
    const info = await probePython(silent, AbortSignal.timeout(300));
    assert.match(info.problem ?? "", /does not answer as a Python does/);
    const unreadable = script(t, "no script\n");
    fs.chmodSync(unreadable, 0o644);
    assert.match(await problemOf(unreadable), /EACCES/);
  });
});

test("nothing of the workspace is run by looking: its own modules, its variables, its folder", async (t) => {
  const workspace = temporary(t);
  const marker = path.join(workspace, "pwned");
  for (const name of ["json", "os", "site", "tensorflow", "keras", "sitecustomize", "usercustomize", "importlib"]) {
    fs.writeFileSync(path.join(workspace, `${name}.py`), `open(${JSON.stringify(marker)}, "w").close()\n`);
  }
  const { program, packages, home } = environment(t);
  // A package whose import would be seen.
  install(packages, "tensorflow", "2.15.1", "tensorflow");
  fs.writeFileSync(path.join(packages, "tensorflow", "__init__.py"), `open(${JSON.stringify(marker)}, "w").close()\n`);
  const [cwd, { PYTHONPATH, PYTHONSTARTUP }] = [process.cwd(), process.env];
  t.after(() => {
    process.chdir(cwd);
    Object.assign(process.env, { PYTHONPATH: PYTHONPATH ?? "", PYTHONSTARTUP: PYTHONSTARTUP ?? "" });
  });
  process.chdir(workspace);
  Object.assign(process.env, { PYTHONPATH: workspace, PYTHONSTARTUP: path.join(workspace, "json.py") });
  const info = await probePython(program);
  assert.deepEqual(info.packages, { tensorflow: "2.15.1" });
  fs.cpSync(home, path.join(workspace, ".venv"), { recursive: true, verbatimSymlinks: true });
  assert.equal((await choosePython({ workspaceFolder: workspace }))?.problem, undefined);
  assert.ok(!fs.existsSync(marker));
});

describe("which one is chosen", () => {
  test("the setting's, then the workspace's environments, then the PATH's", async (t) => {
    const { home, program } = environment(t, ".venv");
    const workspaceFolder = path.dirname(home);
    const [first, second] = pythonCandidates({ configured: python(), workspaceFolder });
    assert.deepEqual([first, second], [python(), program]);
    assert.equal((await choosePython({ workspaceFolder }))?.path, program);
    assert.equal(
      (await choosePython({ configured: path.dirname(path.dirname(python())), workspaceFolder }))?.path,
      python(),
    );
  });

  test("one that is set and broken is not passed over; a broken one of the workspace is", async (t) => {
    const { home, program } = environment(t, ".venv");
    const workspaceFolder = path.dirname(home);
    const set = await choosePython({ configured: "/no/python", workspaceFolder });
    assert.equal(set?.problem, "/no/python does not exist.");
    fs.rmSync(program);
    fs.symlinkSync("/no/python", program);
    const before = process.env["PATH"];
    t.after(() => {
      process.env["PATH"] = before;
    });
    process.env["PATH"] = path.dirname(python());
    const info = await choosePython({ workspaceFolder });
    assert.equal(info?.problem, undefined);
    assert.equal(path.dirname(info!.path), path.dirname(python()));
    // Where there is no other, it is named with what is wrong with it.
    process.env["PATH"] = "/nowhere";
    assert.match(
      (await choosePython({ workspaceFolder }))?.problem ?? "",
      /was removed\. Make the environment again\.$/,
    );
    assert.equal(await choosePython({}), undefined);
  });
});
