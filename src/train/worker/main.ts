// The trainer: sets everything up in the user's process before the first line of the script, then only watches. Without
// FITLENS_RUN (a process or thread that the script itself starts) it only brings TypeScript and the packages.
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { isMainThread } from "node:worker_threads";
import type { RunStatus } from "../../protocol/run";
import { claimAttempt } from "../../runs/attempts";
import { readRun } from "../../runs/read";
import { Control } from "./control";
import { Engines } from "./engines";
import { tapEstimator } from "./estimator";
import { watchEnd } from "./failures";
import { Interruption } from "./interruption";
import { boundOutput } from "./output";
import { Recorder } from "./recorder";
import { installResolution } from "./resolve";
import { Resume } from "./resume";
import { StatusFile, say } from "./status";
import { type Located, locate } from "./table";
import { Tap } from "./tap";
import type { Tensorflow } from "./tensorflow";

const dist = __dirname;

export async function start(): Promise<void> {
  const folder = isMainThread ? process.env["FITLENS_RUN"] : undefined;
  delete process.env["FITLENS_RUN"];
  // Programs that the script starts are Node's or their own, whatever runs this one.
  delete process.env["ELECTRON_RUN_AS_NODE"];
  const script = path.resolve(process.argv[1] ?? ".");
  keepCompiled();
  const located = locate(script, dist);
  installResolution(located.table, dist);
  if (folder === undefined) serveEngine(located);
  else await train(folder, script, located);
}

/** Node 22.8 and later keep what they have compiled, where the launcher says. */
function keepCompiled(): void {
  const folder = process.env["FITLENS_CACHE"];
  const { enableCompileCache } = Module as unknown as { enableCompileCache?(folder: string): unknown };
  if (folder !== undefined) enableCompileCache?.(folder);
}

async function train(folder: string, script: string, located: Located): Promise<void> {
  const claim = claimAttempt(folder);
  if (!claim.ok) {
    say(`Process ${claim.holder} trains this run already.`);
    process.exit(1);
  }
  const status = new StatusFile(folder, claim.attempt, reached(folder));
  status.write();
  status.beat();
  boundOutput(folder);
  const recorder = new Recorder(folder, status);
  const control = new Control(folder);
  watchEnd(status, script, dist, {
    stopped: () => control.stopRequested,
    flush: () => recorder.close(),
  });
  const engines = serveEngine(located);
  const { tf } = engines;
  const asked = process.env["FITLENS_ENGINE"] ?? "auto";
  const engine = await engines.start(asked);
  const framework = `TensorFlow.js ${tf.version_core}`;
  status.set({ engine, framework });
  if (engine.note && asked !== "auto") say(`${engine.name} trains instead of ${asked}. ${engine.note}`);
  const interruption = new Interruption(control, status, recorder);
  const resume = new Resume(tf, folder, status, recorder, claim.attempt > 1);
  const tap = new Tap({ tf, folder, dist, status, recorder, control, interruption, resume });
  tap.guard(() => tap.install());
  tap.guard(() => tapEstimators(located, script, tap));
  status.write();
}

/** The launcher has left in the status what earlier attempts have reached. */
function reached(folder: string): Partial<RunStatus> {
  const { step, epoch, epochs, stepsPerEpoch, latest, checkpoint } = readRun(folder)?.status ?? {};
  const all = Object.entries({ step, epoch, epochs, stepsPerEpoch, latest, checkpoint });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

/** What the files in dist/engine ask for that stand for packages. */
function serveEngine(located: Located): Engines {
  const load = createRequire(path.join(dist, "worker.js"));
  let engines: Engines | undefined;
  const get = (): Engines => {
    engines ??= new Engines(
      load(located.table["@tensorflow/tfjs"]!) as Tensorflow,
      located,
      dist,
      process.env["FITLENS_NATIVE"],
    );
    return engines;
  };
  Object.defineProperty(globalThis, Symbol.for("fitlens.trainer"), {
    value: { wasmModule: () => get().wasmModule(), tfjsNode: () => get().tfjsNode() },
  });
  return get();
}

/** Loaded only where the script may use it. */
function tapEstimators(located: Located, script: string, tap: Tap): void {
  const file = located.table["@fitlens/estimator"];
  if (file === undefined || !mayUseEstimators(script)) return;
  const { Estimator } = createRequire(script)(file) as typeof import("../../estimator/index");
  tapEstimator(Estimator.prototype, tap);
}

/** It names the package, or imports files of its own that may. */
function mayUseEstimators(script: string): boolean {
  try {
    return /@fitlens\/estimator|(from|import|require\()\s*["'`]\.{0,2}\//.test(fs.readFileSync(script, "utf8"));
  } catch {
    return true;
  }
}
