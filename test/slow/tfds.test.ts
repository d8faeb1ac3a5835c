// The table of TensorFlow Datasets is what its package says of each data set.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { tfdsTable } from "../../src/model/tfds";

const PYTHON = process.env["FITLENS_TEST_PYTHON"];
const VERSION = "4.9.10";

interface Facts {
  readonly features: Record<string, [shape: (number | null)[], dtype: string, classes: number | null] | null>;
  readonly supervised: readonly [string, string] | null;
}

/** `imagenette/*` is asked as `imagenette`: its first configuration. */
const askedAs = (name: string): string => name.replace(/\/\*$/, "");

test("every data set of the table", { skip: PYTHON ? false : "no Python with Keras is set up" }, (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-tfds-"));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const wanted = [`tensorflow-datasets==${VERSION}`];
  execFileSync(PYTHON!, ["-m", "pip", "install", "--quiet", "--target", folder, ...wanted], { stdio: "inherit" });
  const { stdout, stderr } = spawnSync(PYTHON!, [path.resolve("test/truth/tfds.py")], {
    input: JSON.stringify({ folder, names: [...tfdsTable().keys()].map(askedAs) }),
    encoding: "utf8",
    maxBuffer: 50_000_000,
  });
  const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
  assert.ok(line, stderr);
  const real = JSON.parse(line.slice("RESULT".length)) as Record<string, Facts>;
  for (const [name, { features, supervised }] of tfdsTable()) {
    const ours = Object.fromEntries(
      [...features].map(([key, one]) => [
        key,
        one && [one.shape.map((dim) => (dim === "?" ? null : dim)), one.dtype, one.classes],
      ]),
    );
    assert.deepEqual({ name, features: ours, supervised }, { name, ...real[askedAs(name)]! });
  }
});
