// A training that somebody has started in a watched terminal, followed from its first call: makes the run's folder, as the
// launcher does for others, and taps the TensorFlow.js that the script has loaded. Engine and modules stay the script's own.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { RunRecord, RunStatus } from "../../protocol/run";
import { claimAttempt } from "../../runs/attempts";
import { createRun } from "../../runs/store";
import { Control } from "./control";
import { watchEnd } from "./failures";
import { Interruption } from "./interruption";
import { Recorder } from "./recorder";
import { Resume } from "./resume";
import { StatusFile } from "./status";
import { Tap } from "./tap";
import type { Tensorflow } from "./tensorflow";
import type { Watching } from "./waiting";

/** Called once a process, when something begins to train. */
export function follow(loaded: Readonly<Record<string, unknown>>, { runsFolder, cwd, dist }: Watching): void {
  const script = process.argv[1] === undefined ? undefined : path.resolve(cwd, process.argv[1]);
  if (script === undefined || isTool(script)) return;
  const tf = loaded as unknown as Tensorflow;
  const folder = newRun(script, runsFolder, cwd);
  // What this process starts from now on belongs to it.
  process.env["FITLENS_PART_OF"] = folder;
  const claim = claimAttempt(folder);
  if (!claim.ok) return;
  const status = new StatusFile(folder, claim.attempt, {});
  status.set({ engine: engineOf(tf), framework: `TensorFlow.js ${tf.version_core}` });
  status.write();
  status.beat();
  const recorder = new Recorder(folder, status);
  const control = new Control(folder);
  watchEnd(status, script, dist, { stopped: () => control.stopRequested, flush: () => recorder.close() });
  const interruption = new Interruption(control, status, recorder);
  const resume = new Resume(tf, folder, status, recorder, false);
  const tap = new Tap({ tf, folder, dist, status, recorder, control, interruption, resume });
  tap.guard(() => tap.install());
}

/** A test runner, say: not what a person would look for among the runs. */
const isTool = (script: string): boolean => /[\\/]node_modules[\\/]/.test(script);

function newRun(script: string, runsFolder: string, cwd: string): string {
  const file = fs.existsSync(script) ? script : withEnding(script);
  const language: RunRecord["language"] = /\.[cm]?tsx?$/i.test(file) ? "typescript" : "javascript";
  return createRun(runsFolder, {
    script: file,
    args: process.argv.slice(2),
    cwd,
    language,
    interpreter: { path: process.execPath, version: process.versions.node },
    engine: "auto",
    origin: "terminal",
    sourceHash: createHash("sha256").update(textOf(file)).digest("hex"),
    fitlensVersion: FITLENS_VERSION,
  }).folder;
}

/** `node train` runs train.js. */
function withEnding(script: string): string {
  const endings = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", `${path.sep}index.js`];
  return endings.map((ending) => script + ending).find((file) => fs.existsSync(file)) ?? script;
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The script has made its model already, so it has an engine. */
function engineOf(tf: Tensorflow): NonNullable<RunStatus["engine"]> {
  const name = tf.getBackend();
  const known: Record<string, readonly [name: string, device: string]> = {
    cpu: ["cpu", "CPU, plain JavaScript, 1 thread"],
    wasm: ["wasm", "CPU, WebAssembly"],
    tensorflow: ["tfjs-node", "CPU or GPU, as the script has chosen"],
  };
  const [engine, device] = known[name] ?? [name || "unknown", "as the script has chosen"];
  return { name: engine, version: tf.version_core, device };
}
