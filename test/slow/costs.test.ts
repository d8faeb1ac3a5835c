// The multiply-accumulates that the catalog tells are those that the libraries themselves run: as JAX traces the layers of Keras 3, and
// as TensorFlow's profiler counts those of tf.keras 2.15.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { layerNamed } from "../../src/model/layers/catalog";
import type { Library } from "../../src/model/layers/catalog.types";
import { GRIDS } from "../truth/layers/all";
import { asked, macsOf } from "../truth/layers/answer";
import { type Case, grid, type Input, type Json } from "../truth/layers/cases";

type Answer = { readonly macs: number } | { readonly error: string };

async function ask(python: string, library: Library, cases: readonly Case[]): Promise<readonly Answer[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-costs-"));
  const file = path.join(folder, "truth.json");
  const child = spawn(python, [path.join("test", "truth", "costs.py"), file], { stdio: ["pipe", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  child.stdin.end(JSON.stringify({ library, cases }));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, errors);
  const { answers } = JSON.parse(fs.readFileSync(file, "utf8")) as { answers: readonly Answer[] };
  fs.rmSync(folder, { recursive: true });
  return answers;
}

/** Sizes that no trace can do without: free ones are 7. */
function fixed(input: Input): Input {
  const sizes = (shape: readonly (number | null)[]) => shape.map((dim, at) => (at === 0 ? null : (dim ?? 7)));
  if (Array.isArray(input)) return sizes(input as readonly (number | null)[]);
  if ("list" in input) return { list: (input.list as readonly Input[]).map(fixed) };
  if ("dict" in input) return input;
  const one = input as { readonly shape: readonly (number | null)[]; readonly dtype: string };
  return { ...one, shape: sizes(one.shape) };
}

function fixedOptions(options: Case["options"]): Case["options"] {
  const one = (value: Json): Json =>
    value !== null && typeof value === "object" && "$input" in value
      ? { $input: fixed((value as { $input: Input }).$input) as Json }
      : value;
  return options && Object.fromEntries(Object.entries(options).map(([name, value]) => [name, one(value)]));
}

const oursOf = (one: Case, library: Library) => {
  const call = asked(one, library);
  return "error" in call ? "?" : macsOf(call);
};

/** Of each layer that has products, and of some that have none, calls spread over its grid. */
function casesOf(library: Library, most: number): Case[] {
  const byLayer = new Map<string, Case[]>();
  for (const one of Object.values(GRIDS).flat()) {
    if (one.args || (one.in && !one.in.includes(library)) || !layerNamed(one.layer, library)) continue;
    const isPlain = !JSON.stringify([one.config, one.options]).includes("$python");
    const made = { ...one, input: fixed(one.input), ...(one.options && { options: fixedOptions(one.options)! }) };
    if (!isPlain || typeof oursOf(made, library) !== "number") continue;
    byLayer.set(one.layer, [...(byLayer.get(one.layer) ?? []), made]);
  }
  return [...byLayer.values()].flatMap((all) => {
    const count = layerNamed(all[0]!.layer, library)!.macs ? most : 1;
    const step = Math.max(1, Math.floor(all.length / count));
    return all.filter((_, at) => at % step === 0).slice(0, count);
  });
}

function disagreements(cases: readonly Case[], library: Library, answers: readonly Answer[]): string[] {
  return cases.flatMap((one, at) => {
    const real = answers[at]!;
    const ours = oursOf(one, library);
    if ("error" in real || ours === real.macs) return [];
    const call = `${one.layer}(${JSON.stringify(one.config ?? {})}) on ${JSON.stringify(one.input)} ${JSON.stringify(one.options ?? {})}`;
    return [`${call}: ours ${ours}, really ${real.macs}`];
  });
}

const keras3 = process.env["FITLENS_TEST_PYTHON"];
const keras2 = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];

/** What another way to do it makes different. */
const isComparable = ({ layer, config }: Case): boolean =>
  // JAX traces a transposed convolution as one over a padded input: TensorFlow's profiler is asked.
  !JSON.stringify([layer, config]).includes("Transpose") && !MOVES_PIXELS.test(JSON.stringify([layer, config]));

/** Keras resizes and turns images with products of matrices, others do not; nobody counts that. */
const MOVES_PIXELS = /"(Resizing|AugMix|RandAugment|Random\w+)"/;

describe("costs", () => {
  test("as JAX traces Keras 3", { skip: !keras3 && "no FITLENS_TEST_PYTHON" }, async () => {
    const cases = casesOf("keras3", 4).filter(isComparable);
    const answers = await ask(keras3!, "keras3", cases);
    const counted = answers.filter((one) => "macs" in one && one.macs > 0).length;
    assert.ok(counted > 60, `only ${counted} of ${cases.length} calls cost something`);
    const wrong = disagreements(cases, "keras3", answers);
    assert.equal(wrong.length, 0, `${wrong.length} of ${cases.length}:\n${wrong.slice(0, 60).join("\n")}`);
  });

  test("as TensorFlow's profiler counts Keras 2", { skip: !keras2 && "no FITLENS_TEST_PYTHON_ESTIMATOR" }, async () => {
    const one = (rank: number): Input => [null, ...Array<number>(rank).fill(8), 4];
    const cases: Case[] = [
      ...grid("Dense", { units: [1, 10], use_bias: [true, false] }, [
        [null, 784],
        [null, 5, 12],
      ]),
      ...[1, 2, 3].flatMap((rank) =>
        grid(`Conv${rank}D`, { filters: [6], kernel_size: [1, 3], strides: [1, 2], padding: ["valid", "same"] }, [
          one(rank),
        ]),
      ),
      ...grid("Conv2DTranspose", { filters: [6], kernel_size: [2, 3], strides: [1, 2], padding: ["same"] }, [one(2)]),
      ...grid("Conv2D", { filters: [6], kernel_size: [3], dilation_rate: [2] }, [one(2)]),
      ...grid("DepthwiseConv2D", { kernel_size: [3], depth_multiplier: [1, 2], padding: ["valid", "same"] }, [one(2)]),
      ...grid("SeparableConv2D", { filters: [6], kernel_size: [3], depth_multiplier: [1, 2] }, [one(2)]),
    ];
    const answers = await ask(keras2!, "keras2", cases);
    assert.deepEqual(
      answers.filter((answer) => "error" in answer),
      [],
    );
    assert.deepEqual(disagreements(cases, "keras2", answers), []);
  });
});
