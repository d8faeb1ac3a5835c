// Fitlens: Create Environment…, for real: offline it is begun, then it goes on to its end, after which it is the Python that
// trains.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { lackingFor, probePython } from "../../../src/train/interpreters";
import { activate, closeAll, open, workspace, write } from "../helpers";
import { selectedInPythonExtension, selectInPythonExtension } from "../python";

// It takes minutes and asks little of the editor: of two versions the newer one does.
const describeOnce = process.env["FITLENS_VSCODE"] === "newest" ? describe : describe.skip;

describeOnce("Create Environment", () => {
  const folder = () => path.join(workspace().uri.fsPath, ".venv");
  const program = () => path.join(folder(), process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const variables = ["PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_RETRIES"] as const;
  const usual = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

  before(async () => {
    await activate();
    await open(write("jax_model.py", 'import os\nos.environ["KERAS_BACKEND"] = "jax"\nimport keras\n'));
  });
  after(async () => {
    await closeAll();
    await selectInPythonExtension(undefined);
    fs.rmSync(folder(), { recursive: true, force: true, maxRetries: 5 });
  });

  function restore(): void {
    for (const [name, value] of Object.entries(usual)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }

  /** What the environment is short of, in words. */
  async function lackOf(python: string): Promise<{ message: string | undefined }> {
    return { message: lackingFor("keras", await probePython(python), "jax") };
  }

  it("one that has all that is needed is only selected", async function () {
    const python = process.env["FITLENS_TEST_PYTHON"];
    if (!python) return this.skip();
    fs.rmSync(folder(), { recursive: true, force: true });
    execFileSync(python, ["-m", "venv", "--without-pip", folder()]);
    const places = (program: string) =>
      execFileSync(program, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], {
        encoding: "utf8",
      }).trim();
    fs.writeFileSync(path.join(places(program()), "theirs.pth"), `${places(python)}\n`);
    await vscode.commands.executeCommand("fitlens.createEnvironment", "keras", "jax");
    assert.equal(await selectedInPythonExtension(), program());
    fs.rmSync(folder(), { recursive: true, force: true });
    await selectInPythonExtension(undefined);
  });

  it("offline it is begun, and nothing is selected", async () => {
    const before = await selectedInPythonExtension();
    Object.assign(process.env, {
      PIP_CONFIG_FILE: os.devNull,
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_FIND_LINKS: "",
      PIP_RETRIES: "0",
    });
    try {
      await vscode.commands.executeCommand("fitlens.createEnvironment", "keras", "jax");
    } finally {
      restore();
    }
    assert.equal(await selectedInPythonExtension(), before);
    assert.ok(fs.existsSync(path.join(folder(), "fitlens-unfinished.json")));
  });

  it("goes on from there, and selects what it has made", async () => {
    await vscode.commands.executeCommand("fitlens.createEnvironment", "keras", "jax");
    const { message } = await lackOf(program());
    assert.equal(message, undefined);
    assert.equal(fs.existsSync(path.join(folder(), "fitlens-unfinished.json")), false);
    assert.equal(await selectedInPythonExtension(), program());
    // Asked again, it finds that all is there and installs nothing.
    const [cfg] = [fs.statSync(path.join(folder(), "pyvenv.cfg")).mtimeMs];
    await vscode.commands.executeCommand("fitlens.createEnvironment", "keras", "jax");
    assert.equal(fs.statSync(path.join(folder(), "pyvenv.cfg")).mtimeMs, cfg);
  });
});
