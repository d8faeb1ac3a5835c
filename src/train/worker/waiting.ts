// Stands before the calls of TensorFlow.js that train until the first of them is called; then the run is made and the tap takes
// over. Until then nothing of a script that only predicts is touched.
import { createRequire } from "node:module";
import path from "node:path";
import { isMainThread } from "node:worker_threads";

export interface Watching {
  runsFolder: string;
  /** Where the process was started. */
  cwd: string;
  /** The folder of the bundles. */
  dist: string;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Prototype = Record<string, Method>;
type Exports = Record<string, unknown>;

const parts: { core?: Exports; layers?: Exports } = {};
let undo: (() => void)[] = [];
let begun = false;

/** A package was loaded: `core` has the optimizers, `layers` the models. */
export function prepare(part: "core" | "layers", loaded: unknown, watching: Watching): void {
  if (begun || typeof loaded !== "object" || loaded === null) return;
  parts[part] = loaded as Exports;
  const calls =
    part === "core"
      ? { Optimizer: ["minimize"] }
      : { LayersModel: ["fit", "fitDataset", "trainOnBatch"], Sequential: ["fit", "fitDataset", "trainOnBatch"] };
  for (const [name, methods] of Object.entries(calls)) {
    const prototype = ((loaded as Exports)[name] as { prototype?: Prototype } | undefined)?.prototype;
    for (const method of prototype ? methods : []) standBefore(prototype!, method, watching);
  }
}

function standBefore(prototype: Prototype, name: string, watching: Watching): void {
  if (!Object.hasOwn(prototype, name)) return;
  const original = prototype[name]!;
  const waiting: Method = function (this: unknown, ...args) {
    const ours = prototype[name] === waiting;
    begin(watching);
    // Where somebody has wrapped us meanwhile, the tap now lies around them, and they have called us.
    return (ours ? prototype[name]! : original).apply(this, args);
  };
  Object.defineProperty(waiting, "name", { value: name });
  prototype[name] = waiting;
  undo.push(() => {
    if (prototype[name] === waiting) prototype[name] = original;
  });
}

function begin(watching: Watching): void {
  if (begun) return;
  begun = true;
  for (const back of undo) back();
  undo = [];
  const { core, layers } = parts;
  // Without the layers there is no model to follow, but a loop of the user's own all the same.
  if (!isMainThread || !core || process.env["FITLENS_PART_OF"]) return;
  try {
    const load = createRequire(path.join(watching.dist, "waiting.js"));
    const { follow } = load("./terminal.js") as typeof import("./terminal");
    follow({ ...core, ...layers }, watching);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`[fitlens] This training is not watched: ${message}\n`);
  }
}
