// Runs set-up steps: each once, skipped when done, those it needs first, one line with its time. Knows nothing of what they install.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { cache } from "./places.mjs";

/**
 * A step: `title`, `done()` true when nothing is to be done, `run(sh, note)`, `needs` names of steps that must be done before
 * `run`. `sh(program, args, options)` runs a program with its output in the step's log; `note(text)` adds to the step's line.
 */
export function runner(steps, say = console.log) {
  const started = new Map();

  async function perform(name) {
    const step = steps[name];
    if (!step) throw new Error(`There is no set-up step "${name}". Steps: ${Object.keys(steps).join(", ")}`);
    if (await step.done()) return;
    for (const result of await Promise.allSettled((step.needs ?? []).map(need))) {
      if (result.status === "rejected") throw result.reason;
    }
    const begin = Date.now();
    const log = path.join(cache, "logs", `${name}.log`);
    fs.mkdirSync(path.dirname(log), { recursive: true });
    fs.writeFileSync(log, "");
    const notes = [];
    const line = (word, more = "") =>
      say(`${word.padEnd(5)}${step.title.padEnd(24)}${((Date.now() - begin) / 1000).toFixed(1).padStart(6)} s${more}`);
    try {
      await step.run(
        (program, args, options) => sh(log, program, args, options),
        (text) => notes.push(text),
      );
      line("done", notes.map((text) => `  ${text}`).join(""));
    } catch (error) {
      line("FAIL", `  ${error.message}`);
      throw new Error(`${step.title} could not be set up: ${error.message}`);
    }
  }

  /** Sees to it that a step is done. Rejects with a sentence when it cannot be. */
  function need(name) {
    if (!started.has(name)) started.set(name, perform(name));
    return started.get(name);
  }
  return need;
}

/** Runs a program to its end, its output in the log; rejects with the log's end when it fails. */
function sh(log, program, args, { cwd = cache, env = {} } = {}) {
  fs.mkdirSync(cwd, { recursive: true });
  const out = fs.openSync(log, "a");
  const start = fs.fstatSync(out).size;
  fs.writeSync(out, `\n$ ${program} ${args.join(" ")}\n`);
  return new Promise((resolve, reject) => {
    // Only npm is a script on Windows, and only a shell can start that.
    const child = spawn(program, args, {
      cwd,
      env: { ...plainEnvironment(), ...env },
      stdio: ["ignore", out, out],
      shell: /\.cmd$/i.test(program),
    });
    fs.closeSync(out);
    child.on("error", (error) => reject(new Error(`${program} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      const said = fs.readFileSync(log).subarray(start).toString().trim().split("\n");
      const tail = (said.length > 24 ? [...said.slice(1, 13), "…", ...said.slice(-10)] : said).join("\n    ");
      reject(new Error(`${program} ${args[0] ?? ""} ended with ${code ?? signal}. All output: ${log}\n    ${tail}`));
    });
  });
}

/** What the user has set, without what `npm test` added about itself: a nested npm must not mistake that for its own. */
function plainEnvironment() {
  const mine = /^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)|INIT_CWD|NODE_OPTIONS)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !mine.test(name)));
}

/** One set-up at a time: two at once would install into the same folders. A lock whose holder died is taken over. */
export async function locked(work, say = console.log) {
  const file = path.join(cache, "setup.lock");
  fs.mkdirSync(cache, { recursive: true });
  for (let waited = false; !take(file); waited = true) {
    if (!waited) say(`Waiting for another set-up (process ${fs.readFileSync(file, "utf8").trim()}) to end.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  try {
    process.kill(Number(fs.readFileSync(file, "utf8")), 0);
  } catch (error) {
    if (error.code !== "EPERM") fs.rmSync(file, { force: true });
  }
  return false;
}
