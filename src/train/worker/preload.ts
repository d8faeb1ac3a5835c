// What `node --require` loads into every Node of a watched terminal: waits until TensorFlow.js is loaded, and only then loads
// Fitlens. It is copied out of the extension, whose folder goes with the next update while terminals stay, so it must run by
// itself, in any Node, and do next to nothing in npm, tsc and all others.
import Module from "node:module";
import path from "node:path";
import type { Watching } from "./waiting";

const runsFolder = process.env["FITLENS_WATCH"];
const dist = process.env["FITLENS_WATCH_DIST"];

/** The files of the two packages that train. */
const TRAINS = /[\\/]@tensorflow[\\/]tfjs-(core|layers)[\\/]dist[\\/]tf-\1\.node\.js$/;
/** The rest of Fitlens is built for Node 20. */
const OLDEST = 20;

/** Where this process was started; the script may go elsewhere. */
function startFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/**
 * Every module says of itself whether it is `loaded`: false when it is made, true at its end. An inherited setter hears the
 * first and makes a plain property of it, so that nothing of ours is ever on the stack while a module is looked for or runs.
 */
function wait(runsFolder: string, dist: string, cwd: string): void {
  Object.defineProperty(Module.prototype, "loaded", {
    configurable: true,
    get: () => undefined,
    set(this: NodeJS.Module, loaded: boolean) {
      const plain = { value: loaded, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(this, "loaded", plain);
      const part = TRAINS.exec(String(this.id))?.[1];
      if (part === undefined || loaded) return;
      Object.defineProperty(this, "loaded", {
        enumerable: true,
        configurable: true,
        get: () => false,
        set: (value: boolean) => {
          Object.defineProperty(this, "loaded", { ...plain, value });
          if (value) prepare(part as "core" | "layers", this.exports, { runsFolder, cwd, dist });
        },
      });
    },
  });
}

function prepare(part: "core" | "layers", loaded: unknown, watching: Watching): void {
  try {
    const waiting = require(path.join(watching.dist, "waiting.js")) as typeof import("./waiting");
    waiting.prepare(part, loaded, watching);
  } catch {
    // Where the extension is gone nothing is watched.
  }
}

const major = Number(process.versions.node.split(".")[0]);
const isPart = process.env["FITLENS_PART_OF"] || process.env["FITLENS_RUN"];
if (runsFolder && dist && !isPart && major >= OLDEST) wait(runsFolder, dist, startFolder());
