// Measures activation for `npm run bench`, as VS Code's own "activation times" count it: the loading of the code and the call of
// `activate()`. What VS Code itself does around them (it asks its window for stored state) is not the extension's to change.
import assert from "node:assert/strict";
import fs from "node:fs";
import Module from "node:module";
import path from "node:path";
import { it } from "mocha";
import * as vscode from "vscode";
import { EXTENSION } from "../helpers";

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;
type Extension = { activate(context: unknown): unknown };

it("activates", async () => {
  const extension = vscode.extensions.getExtension(EXTENSION);
  assert.equal(extension?.isActive, false, "it was active already: nothing to measure");
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  let millis = 0;
  const timed = <T>(work: () => T): T => {
    const begin = performance.now();
    try {
      return work();
    } finally {
      millis += performance.now() - begin;
    }
  };
  loader._load = function (request, ...rest) {
    if (path.basename(request) !== "extension.js" || !request.includes(path.basename(extension.extensionPath))) {
      return load.call(this, request, ...rest);
    }
    const loaded = timed(() => load.call(this, request, ...rest)) as Extension;
    return { ...loaded, activate: (context: unknown) => timed(() => loaded.activate(context)) };
  };
  try {
    await extension.activate();
  } finally {
    loader._load = load;
  }
  const report = process.env["FITLENS_BENCH"];
  assert.ok(report, "FITLENS_BENCH names the file for the figure");
  assert.ok(millis > 0, "the extension's code was not loaded by this VS Code's loader");
  fs.appendFileSync(report, `${millis}\n`);
});
