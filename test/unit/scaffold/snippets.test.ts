// Snippets: the committed files are what the parts give, and each is one that VS Code reads as it is meant.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { LANGUAGES } from "../../../src/scaffold/choices";
import { hole, pick, toFile, toSnippet } from "../../../src/scaffold/markup";
import { scaffold } from "../../../src/scaffold/scaffold";
import { snippets } from "../../../src/scaffold/snippets";

for (const { id } of LANGUAGES) {
  test(`snippets/${id}.json is up to date (else: node snippets/generate.mjs)`, () => {
    const committed = fs.readFileSync(`snippets/${id}.json`, "utf8");
    assert.equal(committed, `${JSON.stringify(snippets(id), null, 2)}\n`);
  });

  test(`${id}: every prefix is used once`, () => {
    const prefixes = Object.values(snippets(id)).map(({ prefix }) => prefix);
    assert.equal(prefixes.length, 24);
    assert.equal(new Set(prefixes).size, 24);
    for (const start of ["keras-sequential", "keras-functional", "estimator-modelfn"]) {
      assert.equal(prefixes.filter((prefix) => prefix.startsWith(start)).length, 8);
    }
  });
}

/** What VS Code inserts when every tab stop is left as it is. */
function inserted(body: readonly string[]): string {
  const first = new Map<string, string>();
  return body
    .join("\n")
    .replace(/\\([\\$}])|\$0|\$\{(\d+)(?::([^}]*)|\|([^}]*)\|)?\}/g, (_, escaped, number, value, choice) => {
      if (escaped) return escaped;
      const given = value ?? choice?.split(",")[0] ?? first.get(number) ?? "";
      if (number && !first.has(number)) first.set(number, given);
      return given;
    });
}

test("a snippet of a whole script inserts the file that New Model… makes", () => {
  const body = snippets("typescript")["Estimator with modelFn: Images"]!.body;
  const file = scaffold({ kind: "estimator", task: "images", language: "typescript" }).text;
  assert.equal(inserted(body), file);
});

test("a model alone names nothing that the file would have to declare", () => {
  for (const [name, { body }] of Object.entries(snippets("javascript"))) {
    if (name.endsWith("alone")) assert.doesNotMatch(body.join("\n"), /FEATURES|SIZE|CLASSES|loadData/);
  }
});

test("tab stops: names, units and loss", () => {
  const body = snippets("typescript")["Keras sequential: Regression"]!.body.join("\n");
  assert.match(body, /const \$\{\d+:model\} = tf\.sequential/);
  assert.match(body, /units: \$\{\d+:32\}/);
  assert.match(body, /loss: "\$\{\d+\|meanSquaredError,meanAbsoluteError\|\}"/);
});

test("holes: a value in a file, a numbered stop in a snippet, the same name the same number", () => {
  const text = `const ${hole("x", "a}$")} = ${pick("n", ["1", "2,5"])}; // $y ${hole("x", "a}$")}`;
  assert.equal(toFile(text), "const a}$ = 1; // $y a}$");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of snippets.
  assert.deepEqual(toSnippet(text), ["const ${1:a\\}\\$} = ${2|1,2\\,5|}; // \\$y ${1}", "$0"]);
});
