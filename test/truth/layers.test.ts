// The catalog of layers agrees with the real libraries: which layers there are, their arguments and defaults, and what each call of
// the grids in test/truth/layers gives. FITLENS_TEST_PYTHON names a Python with Keras 3, FITLENS_TEST_PYTHON_ESTIMATOR one with Keras 2.
// FITLENS_LAYER_GROUPS=convolution,pooling asks for these grids only.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, describe, test } from "node:test";
import { argumentsOf, defaultOf, scriptName } from "../../src/model/layers/bind";
import { LAYERS, layerNamed, layerOfFunction } from "../../src/model/layers/catalog";
import { type ConfigValue, type LayerType, type Library, OPAQUE } from "../../src/model/layers/catalog.types";
import { COMMON } from "../../src/model/layers/common";
import { GRIDS } from "./layers/all";
import { type Answer, answer } from "./layers/answer";
import type { Case, Json } from "./layers/cases";
import { judge } from "./layers/judge";

interface Signature {
  readonly class: string;
  readonly id: number;
  readonly open: boolean;
  readonly arguments: readonly { readonly name: string; readonly keywordOnly: boolean; readonly default?: Json }[];
}

interface Truth<L> {
  readonly version: string;
  readonly layers: Readonly<Record<string, L>>;
  readonly answers: readonly Answer[];
}

/** What is no layer that a model is made of, though the libraries list it among their layers. */
const NOT_LAYERS: Readonly<Record<string, string>> = {
  Layer: "the base class, for layers of the user's own",
  Wrapper: "the base class of wrappers",
  AbstractRNNCell: "the base class of cells of the user's own",
};

/** Functions under tf.layers that make no layer. */
const NOT_FUNCTIONS: Readonly<Record<string, string>> = {
  Layer: "the base class",
  RNN: "the base class of recurrent layers; `rnn` makes one",
  RNNCell: "the base class of cells",
};

/** Arguments that a layer takes, though the types of TensorFlow.js forgot them. */
const TYPES_LACK: Readonly<Record<string, readonly string[]>> = {
  spatialDropout1d: ["weights"],
};

const groups = process.env["FITLENS_LAYER_GROUPS"]?.split(",");
const CASES = Object.entries(GRIDS).flatMap(([group, cases]) => (!groups || groups.includes(group) ? cases : []));

const asksOf = (library: Library): Case[] =>
  CASES.filter((one) =>
    one.in ? one.in.includes(library) : LAYERS.some((layer) => isNamed(layer, one.layer) && layer.in.includes(library)),
  ).filter((_, at) => library !== "keras2" || isWhole || at % SOME === 0);

/** Keras 2 takes minutes for all of them: `npm test -- slow` asks it all, `npm test` some. */
const isWhole = process.env["FITLENS_TEST_MORE"] !== undefined || groups !== undefined;
const SOME = 5;

const isNamed = (layer: LayerType, name: string) => layer.name === name || (layer.aliases ?? []).includes(name);

/** Runs the library once, on all cases. */
async function ask<L>(command: string, script: string, library: Library): Promise<Truth<L>> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-layers-"));
  const file = path.join(folder, "truth.json");
  const child = spawn(command, [path.join("test", "truth", script), file], { stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  child.stdin.end(JSON.stringify({ library, cases: asksOf(library) }));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, errors);
  const truth = JSON.parse(fs.readFileSync(file, "utf8")) as Truth<L>;
  fs.rmSync(folder, { recursive: true });
  return truth;
}

const callText = ({ layer, args = [], config = {}, input, options }: Case) => {
  const given = [
    ...args.map((value) => JSON.stringify(value)),
    ...Object.entries(config).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ];
  return `${layer}(${given.join(", ")}) on ${JSON.stringify(input)}${options ? ` with ${JSON.stringify(options)}` : ""}`;
};

const show = (one: Answer) => (one.ok ? `${JSON.stringify(one.outputs)} · ${one.trainable} + ${one.fixed}` : one.error);

/** Calls that the catalog answers wrongly, or leaves unsaid without a reason. */
function disagreements(library: Library, answers: readonly Answer[]): string[] {
  return asksOf(library).flatMap((one, at) => {
    const real = answers[at]!;
    const ours = answer(one, library);
    const verdict = judge(ours, real);
    if (verdict === "agrees" || (verdict === "unsaid" && one.unsaid)) return [];
    return [`${verdict}: ${callText(one)}\n    ours: ${show(ours)}\n    real: ${show(real)}`];
  });
}

const none = (lines: readonly string[]) =>
  assert.equal(
    lines.length,
    0,
    `\n${lines.slice(0, 60).join("\n")}${lines.length > 60 ? `\n… ${lines.length} in all` : ""}`,
  );

const json = (value: ConfigValue | undefined): Json | undefined =>
  value === OPAQUE ? { $python: "" } : (value as Json | undefined);

const sameDefault = (ours: ConfigValue | undefined, real: Json | undefined): boolean =>
  ours === OPAQUE ? typeof real === "object" && real !== null : JSON.stringify(json(ours)) === JSON.stringify(real);

for (const [library, variable] of [
  ["keras3", "FITLENS_TEST_PYTHON"],
  ["keras2", "FITLENS_TEST_PYTHON_ESTIMATOR"],
] as const) {
  const python = process.env[variable];
  describe(`layers of ${library}`, { skip: !python && `no ${variable}` }, () => {
    let truth: Truth<Signature>;
    before(async () => {
      truth = await ask<Signature>(python!, "layers.py", library);
    });

    test("the catalog has every layer, by each of its names", () => {
      const missing = Object.keys(truth.layers).filter((name) => !(name in NOT_LAYERS) && !layerNamed(name, library));
      assert.deepEqual(missing, []);
      const strange = Object.entries(truth.layers).filter(([name, { class: own }]) => {
        const layer = layerNamed(name, library);
        return layer && name !== "Input" && own in truth.layers && layer !== layerNamed(own, library);
      });
      assert.deepEqual(strange, [], "a name of one class leads to another");
    });

    test("the catalog has no layer and no name that the library has not", () => {
      const ours = LAYERS.filter((layer) => layer.in.includes(library)).flatMap((layer) => [
        layer.name,
        ...(layer.aliases ?? []),
      ]);
      assert.deepEqual(
        ours.filter((name) => !(name in truth.layers)),
        [],
      );
    });

    test("arguments and defaults", () => {
      none(
        Object.entries(truth.layers).flatMap(([name, real]) => {
          const layer = layerNamed(name, library);
          return layer && layer.name === name ? signatureDifferences(layer, library, real) : [];
        }),
      );
    });

    test("what calls give", () => none(disagreements(library, truth.answers)));
  });
}

function signatureDifferences(layer: LayerType, library: Library, real: Signature): string[] {
  const common = new Set(COMMON.map(({ name }) => name));
  const listed = new Set(real.arguments.map(({ name }) => name));
  const ours = argumentsOf(layer, library).filter(
    ({ name, unlisted }) => !unlisted && (listed.has(name) || !common.has(name)),
  );
  const differences: string[] = [];
  // Some take a few arguments out of **kwargs, and none else.
  const lacks = Boolean(layer.lacksCommon?.includes(library));
  const takesFew = layer.arguments.some(({ unlisted, only }) => unlisted && (only ?? [library]).includes(library));
  if (lacks === real.open && !(lacks && takesFew)) {
    differences.push(`${layer.name}: the library's ${real.open ? "has" : "lacks"} **kwargs`);
  }
  const text = (one: { name: string; keywordOnly?: boolean }) =>
    one.keywordOnly && !common.has(one.name) ? `*${one.name}` : one.name;
  // The common arguments may stand anywhere; where a layer lists one as positional, so must the catalog.
  const [a, b] = [ours.map(text).join(", "), real.arguments.map(text).join(", ")];
  if (a !== b) differences.push(`${layer.name}: arguments\n    ours: ${a}\n    real: ${b}`);
  for (const argument of real.arguments) {
    const own = ours.find(({ name }) => name === argument.name);
    if (own && !sameDefault(defaultOf(own, library), argument.default)) {
      differences.push(
        `${layer.name}: ${argument.name} is ${JSON.stringify(json(defaultOf(own, library)))}, really ${JSON.stringify(argument.default)}`,
      );
    }
  }
  return differences;
}

describe("layers of tfjs", () => {
  let truth: Truth<readonly string[] | null>;
  before(async () => {
    truth = await ask<readonly string[] | null>(process.execPath, "layersNode.mjs", "tfjs");
  });

  test("the catalog has every function that makes a layer, and no other", () => {
    assert.deepEqual(
      Object.keys(truth.layers).filter((name) => !(name in NOT_FUNCTIONS) && !layerOfFunction(name)),
      [],
    );
    const ours = LAYERS.flatMap(({ tfjs = [] }) => tfjs);
    assert.deepEqual(
      ours.filter((name) => !(name in truth.layers)),
      [],
    );
    assert.equal(new Set(ours).size, ours.length);
  });

  test("arguments as the types name them", () => {
    none(
      Object.entries(truth.layers).flatMap(([name, real]) => {
        const layer = layerOfFunction(name);
        if (!layer || !real) return [];
        const ours = argumentsOf(layer, "tfjs").map((argument) => scriptName(argument.name));
        const named = [...real.map(scriptName), ...(TYPES_LACK[name] ?? [])];
        const [more, less] = [ours.filter((one) => !named.includes(one)), named.filter((one) => !ours.includes(one))];
        return more.length + less.length > 0
          ? [`${name}: too much: ${more.join(", ")}; missing: ${less.join(", ")}`]
          : [];
      }),
    );
  });

  test("what calls give", () => none(disagreements("tfjs", truth.answers)));
});
