// The launcher's reading of `code`'s command line, as @vscode/test-electron writes it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../harness/commandLine.mjs";

test("values attach with = or follow", () => {
  assert.deepEqual(parse(["--user-data-dir=/tmp/a b", "--extensions-dir", "/tmp/c"]).options, {
    "user-data-dir": "/tmp/a b",
    "extensions-dir": "/tmp/c",
  });
});

test("options that may come again are lists", () => {
  const { options } = parse(["--install-extension", "a.vsix", "--install-extension=b.vsix", "--force"]);
  assert.deepEqual(options, { "install-extension": ["a.vsix", "b.vsix"], force: true });
});

test("a folder stands alone, an unknown switch does not take it", () => {
  assert.deepEqual(parse(["--no-sandbox", "/tmp/it's = a folder", "-n"]), {
    options: { "no-sandbox": true },
    alone: ["/tmp/it's = a folder"],
  });
});

test("an equals sign in a value stays", () => {
  assert.deepEqual(parse(["--folder-uri=file:///a=b"]).options, { "folder-uri": "file:///a=b" });
});
