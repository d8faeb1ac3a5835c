// Measures activation for `npm run bench`: the time until `activate()` has returned, with the loading of the code.
import assert from "node:assert/strict";
import fs from "node:fs";
import { it } from "mocha";
import * as vscode from "vscode";
import { EXTENSION } from "../helpers";

it("activates", async () => {
  const extension = vscode.extensions.getExtension(EXTENSION);
  assert.equal(extension?.isActive, false, "it was active already: nothing to measure");
  const begin = performance.now();
  await extension.activate();
  const millis = performance.now() - begin;
  const report = process.env["FITLENS_BENCH"];
  assert.ok(report, "FITLENS_BENCH names the file for the figure");
  fs.appendFileSync(report, `${millis}\n`);
});
