// Rows tap.python.*: what following each batch adds to a step of fit, against plain fit and against the callbacks that people use.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Bench, type Figure, figure, type Row } from "./bench";
import { pythonWithPeers } from "./peers";

const HOOK = path.resolve("dist", "python", "fitlens");
const SCRIPT = path.resolve("test", "bench", "tap.py");
const ROUNDS = 40;
const PEER_ROUNDS = 8;
const STEPS = 400;
const GOAL = "≤ +20 µs and ≤ 1.02× plain fit";

interface Flavour {
  row: string;
  python: "FITLENS_TEST_PYTHON" | "FITLENS_TEST_PYTHON_ESTIMATOR";
  backend?: string;
  /** Whether the peers are measured as well. */
  peers: boolean;
}

const FLAVOURS: readonly Flavour[] = [
  { row: "tap.python.mlp", python: "FITLENS_TEST_PYTHON_ESTIMATOR", peers: true },
  { row: "tap.python.mlp.keras3", python: "FITLENS_TEST_PYTHON", backend: "tensorflow", peers: true },
  { row: "tap.python.mlp.jax", python: "FITLENS_TEST_PYTHON", backend: "jax", peers: false },
  { row: "tap.python.mlp.torch", python: "FITLENS_TEST_PYTHON", backend: "torch", peers: false },
];
const PEERS: Record<string, string> = {
  csv: "a callback that writes a CSV line",
  tensorboard: "TensorBoard's callback",
  mlflow: "MLflow's callback",
  wandb: "W&B's callback",
};

interface Sample {
  wall: number;
  cpu: number;
}
interface Measured {
  keras: string;
  steps: number;
  times: Record<string, Sample[]>;
  problems: Record<string, string>;
}

const bench = (flavour: Flavour): Bench => ({
  rows: ["", ".cpu", ...Object.keys(PEERS).map((peer) => `.${peer}`)].map((end) => flavour.row + end),
  async run(note) {
    const base = process.env[flavour.python];
    if (!base) {
      note(`${flavour.python} names no Python: ${flavour.row} is left out`);
      return [];
    }
    const { python, peers } = flavour.peers ? pythonWithPeers(base, note) : { python: base, peers: ["csv"] };
    const { times, problems, steps } = measure(python, flavour.backend, peers);
    for (const [peer, why] of Object.entries(problems)) note(`${PEERS[peer]} does not work here: ${why}`);
    if (steps !== (ROUNDS + 1) * STEPS) throw new Error(`The hook saw ${steps} steps, not ${(ROUNDS + 1) * STEPS}.`);
    const plain = times["plain"]!;
    const [ours, cpu] = [added(times["fitlens"]!, plain, "wall"), added(times["fitlens"]!, plain, "cpu")];
    const plainStep = figure(plain.map(({ wall }) => wall));
    const ratio = (plainStep.median + ours.median) / plainStep.median;
    const common = { goal: GOAL, runs: ROUNDS };
    const rows: Row[] = [
      {
        row: flavour.row,
        value: ours,
        unit: "µs added",
        peer: "a step of plain fit",
        peerValue: plainStep,
        ratio,
        ...common,
      },
      { row: `${flavour.row}.cpu`, value: cpu, unit: "µs of the main thread's CPU added", ...common },
    ];
    for (const [peer, name] of Object.entries(PEERS)) {
      const theirs = times[peer] && added(times[peer], plain, "wall");
      if (theirs) rows.push(against(`${flavour.row}.${peer}`, ours, name, theirs));
    }
    return rows;
  },
});

function measure(python: string, backend: string | undefined, peers: readonly string[]): Measured {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-bench-"));
  const run = path.join(folder, "run");
  fs.mkdirSync(run);
  try {
    const output = execFileSync(python, [HOOK, SCRIPT, `${ROUNDS}`, `${PEER_ROUNDS}`, `${STEPS}`, ...peers], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, FITLENS_RUN: run, ...(backend !== undefined && { KERAS_BACKEND: backend }) },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return JSON.parse(output.trimEnd().split("\n").at(-1)!) as Measured;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What one adds to a plain step, round by round: what else the machine did in a round is in both. */
function added(samples: readonly Sample[], plain: readonly Sample[], clock: keyof Sample): Figure {
  return figure(samples.map((sample, round) => sample[clock] - plain[round]![clock]));
}

function against(row: string, ours: Figure, peer: string, theirs: Figure): Row {
  const ratio = ours.median / theirs.median;
  return {
    row,
    value: ours,
    unit: "µs added",
    peer,
    peerValue: theirs,
    ratio,
    goal: "less than the peer adds",
    runs: PEER_ROUNDS,
  };
}

export const benches: Bench[] = FLAVOURS.map(bench);
