// Snippets: the committed files are what the parts give, and each is one that VS Code reads as it is meant.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { LANGUAGES, type Language } from "../../../src/scaffold/choices";
import { hole, pick, toFile, toSnippet } from "../../../src/scaffold/markup";
import { type Answers, scaffold } from "../../../src/scaffold/scaffold";
import { snippets } from "../../../src/scaffold/snippets";

const KERAS = { "keras-sequential": 8, "keras-functional": 8 };
/** How each prefix begins, and how many there are of it. */
const PREFIXES: Record<Language, Record<string, number>> = {
  typescript: { ...KERAS, "estimator-modelfn": 8 },
  javascript: { ...KERAS, "estimator-modelfn": 8 },
  python: {
    ...KERAS,
    "estimator-model-fn": 8,
    "estimator-dnn": 6,
    "estimator-linear": 6,
    "estimator-wide-deep": 6,
    "estimator-baseline": 6,
  },
};

for (const { id } of LANGUAGES) {
  test(`snippets/${id}.json is up to date (else: node snippets/generate.mjs)`, () => {
    const committed = fs.readFileSync(`snippets/${id}.json`, "utf8");
    assert.equal(committed, `${JSON.stringify(snippets(id), null, 2)}\n`);
  });

  test(`${id}: every prefix is used once`, () => {
    const prefixes = Object.values(snippets(id)).map(({ prefix }) => prefix);
    const expected = PREFIXES[id];
    const count = Object.values(expected).reduce((sum, each) => sum + each);
    assert.equal(prefixes.length, count);
    assert.equal(new Set(prefixes).size, count);
    for (const [start, number] of Object.entries(expected)) {
      assert.equal(prefixes.filter((prefix) => prefix.startsWith(`${start}-`)).length, number, start);
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

for (const [name, answers] of Object.entries({
  "Estimator with modelFn: Images": { kind: "estimator", task: "images", language: "typescript" },
  "Keras functional: Images": { kind: "functional", task: "images", language: "python" },
  "Estimator with model_fn: Multi-class classification": { kind: "estimator", task: "multiclass", language: "python" },
  "Wide and deep Estimator: Regression": { kind: "wide-deep", task: "regression", language: "python" },
} satisfies Record<string, Answers>)) {
  test(`${answers.language}: the snippet of a whole script inserts the file that New Model… makes: ${name}`, () => {
    assert.equal(inserted(snippets(answers.language)[name]!.body), scaffold(answers).text);
  });
}

for (const language of ["javascript", "python"] as const) {
  test(`${language}: a model alone names nothing that the file would have to declare`, () => {
    for (const [name, { body }] of Object.entries(snippets(language))) {
      const text = body.join("\n");
      if (name.endsWith("alone"))
        assert.doesNotMatch(text, /FEATURES|SIZE|CLASSES|NUMBERS|loadData|load_data|[xy]_train/, name);
    }
  });
}

test("tab stops: names, units and loss", () => {
  const body = snippets("typescript")["Keras sequential: Regression"]!.body.join("\n");
  assert.match(body, /const \$\{\d+:model\} = tf\.sequential/);
  assert.match(body, /units: \$\{\d+:32\}/);
  assert.match(body, /loss: "\$\{\d+\|meanSquaredError,meanAbsoluteError\|\}"/);
});

test("tab stops in Python", () => {
  const body = snippets("python")["DNN Estimator: Multi-class classification, the model alone"]!.body.join("\n");
  assert.match(body, /hidden_units=\[\$\{\d+:32, 16\}\]/);
  assert.match(body, /n_classes=\$\{\d+:10\}/);
  assert.match(body, /numeric_column\(name\) for name in \[\$\{1:"x1", "x2"\}\]/);
});

test("holes: a value in a file, a numbered stop in a snippet, the same name the same number", () => {
  const text = `const ${hole("x", "a}$")} = ${pick("n", ["1", "2,5"])}; // $y ${hole("x", "a}$")}`;
  assert.equal(toFile(text), "const a}$ = 1; // $y a}$");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of snippets.
  assert.deepEqual(toSnippet(text), ["const ${1:a\\}\\$} = ${2|1,2\\,5|}; // \\$y ${1}", "$0"]);
});
