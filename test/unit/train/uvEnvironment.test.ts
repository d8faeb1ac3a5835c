// An environment that uv makes, brought from the package index that this machine's pip knows. Environments with all that a script
// needs: test/vscode/dev/environment.test.ts and test/slow.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { bringUv, makeByUv, type UvOptions } from "../../../src/train/environments/uv";
import { pythonIn } from "../../../src/train/interpreters";

test("where Python cannot make environments, uv does", { skip: process.platform === "win32" }, async (t) => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens new ")));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const real = process.env["FITLENS_TEST_PYTHON"] ?? "python3";
  // As on Debian without python3-venv: what makes environments is missing, pip is there.
  const python = path.join(folder, "python3");
  const refuse = `case "$*" in *"-m venv"*) echo "ensurepip is not available" >&2; exit 1;; esac`;
  fs.writeFileSync(python, `#!/bin/sh\n${refuse}\nexec "${real}" "$@"\n`, { mode: 0o755 });
  const uv: UvOptions = {
    storage: path.join(folder, "storage"),
    pythons: [python],
    env: {},
    signal: undefined,
    onProgress: () => {},
  };
  const found = await bringUv(uv);
  assert.ok("program" in found, JSON.stringify(found));
  const made = await makeByUv(found.program, path.join(folder, ".venv"), python, uv);
  assert.ok(made.ok, made.output);
  const program = pythonIn(path.join(folder, ".venv"))!;
  assert.match(execFileSync(program, ["-I", "-m", "pip", "--version"], { encoding: "utf8" }), /^pip \d/);
});
