// `convert`: read a script of 500 lines and rewrite it to an Estimator, from text to text.
import fs from "node:fs";
import { analyse } from "../../src/features/analysis";
import { convertDocument } from "../../src/features/convert";
import { loadGrammars } from "../../src/read/grammars";
import { parse } from "../../src/read/source";
import { type Bench, figure } from "./bench";

const LINES = 500;
const RUNS = 15;

/** A script as people write them: data, helpers that use the model, callbacks, one fit. */
function script(): string {
  const head = `import * as tf from "@tensorflow/tfjs";
const model = tf.sequential();
model.add(tf.layers.dense({ units: 8, activation: "relu", inputShape: [4] }));
`;
  const tail = `model.compile({ optimizer: "adam", loss: "meanSquaredError", metrics: ["mae"] });
await model.fit(xs, ys, { epochs: 10, batchSize: 16, validationSplit: 0.2, callbacks: { onEpochEnd: (e, logs) => show(e, logs) } });
`;
  const helpers = Array.from({ length: LINES }, (_, n) =>
    n % 10 === 0
      ? `export function helper${n}(rows: number[][]): tf.Tensor {`
      : n % 10 === 9
        ? "}"
        : n % 10 === 8
          ? "  return model.predict(tf.tensor2d(rows)) as tf.Tensor;"
          : `  const part${n} = rows.map((row) => row.slice(${n % 4}).reduce((sum, value) => sum + value * ${n}, 0)); // step ${n}`,
  );
  const used = head.split("\n").length + tail.split("\n").length - 2;
  return `${head}${helpers.slice(0, Math.floor((LINES - used) / 10) * 10).join("\n")}\n${tail}`;
}

export const benches: Bench[] = [
  {
    rows: ["convert"],
    async run() {
      const grammars = await loadGrammars(async (name) => fs.promises.readFile(`dist/${name}`));
      const text = script();
      const samples: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const begin = performance.now();
        const source = parse(text, "typescript", grammars);
        const result = convertDocument(analyse("file:///bench.ts", source), null, {});
        samples.push(performance.now() - begin);
        source.dispose();
        if (!result.ok) throw new Error(`The script was not converted: ${result.message}`);
      }
      return [{ row: "convert", value: figure(samples), unit: "ms", goal: "≤ 100 ms", runs: RUNS }];
    },
  },
];
