// The table of keras.applications agrees with the real library: which functions there are, what they give, their parameters.
// FITLENS_TEST_PYTHON names a Python with Keras 3, FITLENS_TEST_PYTHON_ESTIMATOR one with Keras 2. Keras 2 builds slowly: of it, one
// model of each family is asked, all of them with FITLENS_APPLICATIONS=all.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, describe, test } from "node:test";
import { application, applicationNames } from "../../src/model/applications";
import type { ConfigValue } from "../../src/model/layers/catalog.types";

interface Case {
  readonly name: string;
  readonly config: Readonly<Record<string, ConfigValue>>;
}

type Answer =
  | {
      readonly ok: true;
      readonly input: unknown;
      readonly output: unknown;
      readonly trainable: number;
      readonly fixed: number;
      readonly macs: number | null;
    }
  | { readonly ok: false; readonly error: string };

/** One of each family, the smallest. */
const SMALL = [
  "ConvNeXtTiny",
  "DenseNet121",
  "EfficientNetB0",
  "EfficientNetV2B0",
  "InceptionV3",
  "InceptionResNetV2",
  "MobileNet",
  "MobileNetV2",
  "MobileNetV3Small",
  "NASNetMobile",
  "RegNetX002",
  "RegNetY002",
  "ResNet50",
  "ResNet50V2",
  "ResNetRS50",
  "VGG16",
  "Xception",
];

const sizesOf = (name: string): readonly (readonly [number, number])[] => [
  ...(/^Inception|^Xception/.test(name) ? [] : [[32, 33] as const, [45, 64] as const]),
  [75, 96],
  [97, 131],
  [224, 299],
];

/** Every function once without and once with a classifier; of one in each family, many sizes. */
const casesOf = (names: readonly string[], few: boolean): Case[] =>
  names
    .flatMap((name): Case[] => {
      const wide: Case[] = /^MobileNet(V2)?$/.test(name)
        ? [0.5, 0.75].map((alpha) => ({ name, config: { alpha, include_top: false, input_shape: [96, 96, 3] } }))
        : [];
      const sizes = SMALL.includes(name)
        ? sizesOf(name).map(
            (size, at): Case => ({
              name,
              config: {
                include_top: false,
                input_shape: [...size, at === 0 ? 1 : 3],
                pooling: at === 1 ? "avg" : null,
              },
            }),
          )
        : [];
      return [
        { name, config: { include_top: true, classes: 7, input_shape: [96, 128, 3] } },
        { name, config: { include_top: false } },
        ...(few ? sizes.slice(-2) : [{ name, config: {} }, ...sizes, ...wide]),
      ];
    })
    .filter(({ name }) => !few || SMALL.includes(name));

for (const [library, variable] of [
  ["keras3", "FITLENS_TEST_PYTHON"],
  ["keras2", "FITLENS_TEST_PYTHON_ESTIMATOR"],
] as const) {
  const python = process.env[variable];
  const few = library === "keras2" && process.env["FITLENS_APPLICATIONS"] !== "all";
  describe(`applications of ${library}`, { skip: !python && `no ${variable}` }, () => {
    const cases = casesOf(applicationNames(library), few);
    let functions: Record<string, unknown> = {};
    let answers: Answer[] = [];
    before(async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-applications-"));
      const file = path.join(folder, "truth.jsonl");
      const script = path.join("test", "truth", "applications.py");
      const child = spawn(python!, [script, file], { stdio: ["pipe", "ignore", "pipe"] });
      let errors = "";
      child.stderr.on("data", (data) => (errors += data));
      child.stdin.end(JSON.stringify({ library, cases }));
      const code = await new Promise((resolve) => child.on("close", resolve));
      assert.equal(code, 0, errors);
      const [first = "{}", ...lines] = fs.readFileSync(file, "utf8").trim().split("\n");
      functions = (JSON.parse(first) as { functions: Record<string, unknown> }).functions;
      answers = lines.map((line) => JSON.parse(line) as Answer);
      fs.rmSync(folder, { recursive: true });
    });

    test("every function is in the table, and no other", () => {
      assert.deepEqual([...applicationNames(library)].sort(), Object.keys(functions).sort());
    });

    test("what they give and their parameters", () => {
      const wrong = cases.flatMap(({ name, config }, at) => {
        const real = answers[at]!;
        const ours = application(name, library, config);
        if (!real.ok) return [`${name} ${JSON.stringify(config)} fails: ${real.error}`];
        const { ok: _, ...expected } = real;
        return JSON.stringify({ ...ours }) === JSON.stringify(expected)
          ? []
          : [
              `${name} ${JSON.stringify(config)}\n    ours: ${JSON.stringify(ours)}\n    real: ${JSON.stringify(expected)}`,
            ];
      });
      assert.equal(wrong.length, 0, `\n${wrong.slice(0, 30).join("\n")}\n${wrong.length} in all`);
    });
  });
}
