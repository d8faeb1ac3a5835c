// Steps a second in Node against tfjs-node as npm installs it and against Python, and what the tap adds to a step.
import fs from "node:fs";
import path from "node:path";
import { type Bench, figure, type Row } from "./bench";
import {
  bareScript,
  fitlensScript,
  type ModelName,
  measuringPython,
  measuringScript,
  nativeEngine,
  runBare,
  runFitlens,
  runPython,
} from "./trainers";

const MODELS: readonly ModelName[] = ["mlp", "cnn", "lstm"];
const RUNS = 3;
const GOALS: Record<ModelName, string> = { mlp: "≤ 1.1×", cnn: "≤ 1.5×", lstm: "≤ 2×" };

const steps: Bench = {
  rows: MODELS.flatMap((model) => [`train.node.${model}.native`, `train.node.${model}.wasm`]),
  async run(note) {
    const native = await nativeEngine(note);
    const python = process.env["FITLENS_TEST_PYTHON"];
    const rows: Row[] = [];
    for (const model of MODELS) {
      const ours = fitlensScript(`${model}.mjs`, measuringScript(model));
      const bare = bareScript(native, `${model}.mjs`, measuringScript(model));
      const times = { wasm: [] as number[], native: [] as number[], tfjsNode: [] as number[], python: [] as number[] };
      for (let run = 0; run < RUNS; run++) {
        times.wasm.push(Number(runFitlens(ours, "wasm", native)));
        if (!native) continue;
        times.native.push(Number(runFitlens(ours, "tfjs-node", native)));
        times.tfjsNode.push(Number(runBare(bare)));
        if (python) times.python.push(runPython(measuringPython(model)));
      }
      fs.rmSync(path.dirname(ours), { recursive: true, force: true });
      rows.push(row(`train.node.${model}.wasm`, times.wasm, "tfjs-node", times.tfjsNode, "≤ 2× tfjs-node"));
      if (!native) continue;
      const goal = `${GOALS[model]} Python`;
      if (python)
        rows.push(row(`train.node.${model}.native`, times.native, "TensorFlow in Python", times.python, goal));
      else rows.push(row(`train.node.${model}.native`, times.native, "tfjs-node", times.tfjsNode, goal));
    }
    return rows;
  },
};

const tap: Bench = {
  rows: ["tap.node.mlp", "tap.node.mlp.tensorBoard"],
  async run(note) {
    const native = await nativeEngine(note);
    if (!native) return [];
    const plain = measuringScript("mlp");
    const withBoard = measuringScript("mlp", { callback: `tf.node.tensorBoard("logs", { updateFreq: "batch" })` });
    // The same copy of tfjs-node in each, so that nothing differs but the tap.
    const [bare, boarded] = [bareScript(native, "plain.mjs", plain), bareScript(native, "board.mjs", withBoard)];
    let peerRuns = true;
    const times = { bare: [] as number[], tapped: [] as number[], boarded: [] as number[] };
    for (let run = 0; run < 7; run++) {
      times.bare.push(Number(runBare(bare)));
      times.tapped.push(Number(runFitlens(bare, "tfjs-node", native)));
      if (peerRuns) peerRuns = board(times.boarded, boarded);
    }
    if (!peerRuns) note("tfjs-node's tensorBoard callback crashes over this TensorFlow (2.9 is what it was made for)");
    fs.rmSync(path.join(native.bare, "logs"), { recursive: true, force: true });
    const rows = [row("tap.node.mlp", times.tapped, "plain fit", times.bare, "≤ 1.02× plain fit")];
    const goal = "the best peer: tfjs-node's tensorBoard callback";
    if (peerRuns) rows.push(row("tap.node.mlp.tensorBoard", times.boarded, "plain fit", times.bare, goal));
    return rows;
  },
};

/** False where the peer does not survive. */
function board(samples: number[], script: string): boolean {
  try {
    samples.push(Number(runBare(script)));
    return true;
  } catch {
    return false;
  }
}

function row(name: string, samples: number[], peer: string, peerSamples: number[], goal: string): Row {
  const value = figure(samples);
  const one: Row = { row: name, value, unit: "ms/step", goal, runs: samples.length };
  if (peerSamples.length === 0) return one;
  const peerValue = figure(peerSamples);
  return { ...one, peer, peerValue, ratio: value.median / peerValue.median };
}

export const benches: Bench[] = [steps, tap];
