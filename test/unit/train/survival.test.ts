// Runs among hostile surroundings: kills, lost parents, full disks, strange names, floods of output.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { readRun } from "../../../src/runs/store";
import { stopRun } from "../../../src/train/stop";
import { DIST, isRunning, MLP, outputOf, points, SLOW, statusWhere, until, workspace } from "./trainer";

const ENDLESS = `import fs from "node:fs";
import { build, xs, ys } from "./model";
const told = fs.openSync("told.txt", "a");
await build().fit(xs, ys, {
  epochs: 100000,
  batchSize: 40,
  verbose: 0,
  callbacks: { onBatchEnd: async (_batch, logs) => void fs.writeSync(told, performance.now() + " " + logs!["loss"] + "\\n") },
});
`;

/** What the script's own callback has told: when, and the loss. */
function told(folder: string): { at: number; loss: number }[] {
  const lines = fs.readFileSync(path.join(folder, "told.txt"), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => line.split(" ").map(Number)).map(([at, loss]) => ({ at: at!, loss: loss! }));
}

test("kill -9 at any moment loses no point that was older than a tenth of a second when the last one came", async (t) => {
  const place = workspace(t);
  place.write("model.ts", MLP);
  const script = place.write("train.ts", ENDLESS);
  for (let trial = 0; trial < 5; trial++) {
    fs.rmSync(path.join(place.folder, "told.txt"), { force: true });
    const { folder, pid } = await place.start(script);
    await statusWhere(folder, "some steps", ({ step = 0 }) => step > 20 + trial * 50);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
    process.kill(pid, "SIGKILL");
    await until(
      () => !isRunning(pid),
      () => "the end of the killed process",
    );
    const losses = points(folder, "train", "batch_loss").map(([, loss]) => loss);
    const all = told(place.folder);
    const old = all.filter(({ at }) => at < all.at(-1)!.at - 120);
    assert.ok(losses.length >= old.length, `${losses.length} points on record, ${old.length} were old`);
    const both = Math.min(losses.length, all.length);
    assert.deepEqual(
      losses.slice(0, both),
      all.slice(0, both).map(({ loss }) => loss),
    );
  }
});

test("a run goes on when the process that started it is killed, and SIGINT works though that one ignored it", async (t) => {
  const place = workspace(t);
  place.write("model.ts", MLP);
  const script = place.write("train.ts", ENDLESS);
  const starter = place.write(
    "starter.cjs",
    `
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { launchRun } = require(process.argv[2]);
launchRun(JSON.parse(process.argv[3])).then(({ folder }) => { fs.writeFileSync("started", folder); setInterval(() => {}, 1000); });
`,
  );
  const bundle = path.join(place.folder, "launch.cjs");
  execFileSync(process.execPath, [
    "node_modules/esbuild/bin/esbuild",
    "src/train/launch.ts",
    "--bundle",
    "--platform=node",
    `--outfile=${bundle}`,
    '--define:FITLENS_VERSION="test"',
    "--log-level=warning",
  ]);
  const options = {
    script,
    cwd: place.folder,
    runsFolder: path.join(place.folder, ".fitlens", "runs"),
    distFolder: DIST,
    engine: "cpu",
  };
  const parent = spawn(
    "/bin/sh",
    ["-c", 'trap "" INT; exec "$@"', "sh", process.execPath, starter, bundle, JSON.stringify(options)],
    { cwd: place.folder, stdio: "ignore", detached: true },
  );
  t.after(() => parent.kill("SIGKILL"));
  const note = path.join(place.folder, "started");
  await until(
    () => fs.existsSync(note) && fs.readFileSync(note, "utf8") !== "",
    () => "the launcher's note",
  );
  const folder = fs.readFileSync(note, "utf8");
  t.after(() => stopRun(folder, { graceMs: 0 }));
  await statusWhere(folder, "the first steps", ({ step = 0 }) => step > 5);
  process.kill(-parent.pid!, "SIGKILL");
  const { step } = readRun(folder)!.status;
  const status = await statusWhere(folder, "steps after the parent's death", (now) => now.step! > step! + 20);
  process.kill(status.pid!, "SIGINT");
  await until(
    () => !isRunning(status.pid!),
    () => "the end by SIGINT",
    5_000,
  );
});

test("what the script starts is not tapped again, and ends with Stop", async (t) => {
  const place = workspace(t);
  place.write("model.ts", MLP);
  place.write(
    "child.ts",
    `import { build, xs, ys } from "./model";
await build().fit(xs, ys, { epochs: 1, verbose: 0 });
process.send?.("child has trained");
setInterval(() => {}, 1000);
`,
  );
  place.write(
    "thread.ts",
    `import { parentPort } from "node:worker_threads";
import { rows } from "./rows";
parentPort!.postMessage(rows);
`,
  );
  place.write("rows.ts", "export const rows: number = 5;\n");
  const script = place.write(
    "train.ts",
    `import { fork, spawn } from "node:child_process";
import { Worker } from "node:worker_threads";
import { build, xs, ys } from "./model";
const child = fork(new URL("./child.ts", import.meta.url));
await new Promise((resolve) => child.once("message", resolve));
const rows = await new Promise((resolve, reject) => new Worker(new URL("./thread.ts", import.meta.url)).once("message", resolve).once("error", reject));
const away = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
console.log("pids " + child.pid + " " + away.pid + " rows " + rows);
await build().fit(xs, ys, { epochs: 1000, verbose: 0, callbacks: ${SLOW} });
`,
  );
  const { folder } = await place.start(script);
  await statusWhere(folder, "the first steps", ({ step = 0 }) => step > 5);
  const [, child, away, rows] = /pids (\d+) (\d+) rows (\d+)/.exec(outputOf(folder))!.map(Number);
  assert.equal(rows, 5);
  assert.equal(fs.readdirSync(path.join(folder, "train")).length, 1);
  assert.ok(isRunning(child!) && isRunning(away!));
  assert.equal(await stopRun(folder, { graceMs: 3_000 }), "SIGINT");
  await until(
    () => !isRunning(child!) && !isRunning(away!),
    () => "the end of what the script started",
    5_000,
  );
});

test("200 MB of output leave a small file with its newest end", async (t) => {
  const place = workspace(t);
  const { folder, status, output } = await place.run(
    `const line = "x".repeat(1023) + "\\n";\nfor (let i = 0; i < 200 * 1024; i++) process.stdout.write(line);\nconsole.log("the end");\n`,
  );
  assert.equal(status.state, "finished");
  assert.ok(fs.statSync(path.join(folder, "output.log")).size < 10 * 1024 * 1024);
  assert.match(output, /^\[fitlens\] The output grew beyond 8 MB/);
  assert.match(output, /the end\n$/);
});

describe("names that are no words", () => {
  const names = [
    "a b",
    "$(touch pwned)",
    "`touch pwned`",
    "qu'ote\"s",
    "new\nline",
    "日本語 é",
    "-c",
    "&& exit 1",
    "%41#?x=1",
    "back\\slash",
  ];
  for (const name of names) {
    test(JSON.stringify(name), async (t) => {
      const place = workspace(t, name);
      place.write("model.ts", MLP);
      const { status, output } = await place.run(
        `import { build, xs, ys } from "./model";\nawait build().fit(xs, ys, { epochs: 1, verbose: 0 });\nconsole.log(JSON.stringify(process.argv.slice(2)));\nthrow new Error("at the end");\n`,
        { name: `${name}.ts`, args: [name, "--flag"] },
      );
      assert.equal(status.step, 4, JSON.stringify(status));
      assert.equal(
        output.split("\n").find((line) => line.startsWith('["')),
        JSON.stringify([name, "--flag"]),
      );
      assert.equal(status.call?.line, 2, JSON.stringify(status.call));
      if (!name.includes("\n")) assert.deepEqual(status.error?.at?.file, path.join(place.folder, `${name}.ts`));
      assert.ok(!fs.existsSync(path.join(place.folder, "pwned")) && !fs.existsSync("pwned"));
    });
  }
});

test("a full disk ends no training, and the run says that metrics are missing", async (t) => {
  let unmount = (): void => {};
  t.after(() => unmount());
  const place = workspace(t);
  place.write("model.ts", MLP);
  const script = place.write(
    "train.ts",
    `import { build, xs, ys } from "./model";
await build().fit(xs, ys, { epochs: 400, batchSize: 10, verbose: 0 });
console.error("trained to the end");
`,
  );
  const small = path.join(place.folder, ".fitlens");
  fs.mkdirSync(small);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", small]).status === 0;
  if (!mounted) {
    // Without the rights for a small disk, a small limit for each file: the same error from the same calls.
    t.diagnostic("not root: a limit for file sizes instead of a full disk");
  } else unmount = () => void spawnSync("umount", ["-l", small]);
  const limited = place.write("node-limited", `#!/bin/sh\nulimit -f 64\nexec "${process.execPath}" "$@"\n`);
  fs.chmodSync(limited, 0o755);
  const { folder, pid } = await place.start(script, mounted ? {} : { nodePath: limited });
  await until(
    () => !isRunning(pid),
    () => "the end of the process",
  );
  assert.match(outputOf(folder), /Metrics are not complete|cannot be written/);
  assert.ok(points(folder, "train", "batch_loss").length > 100, "what fitted on the disk can be read");
});

test("a folder that cannot be written is refused with the reason", async (t) => {
  const place = workspace(t);
  const script = place.write("train.ts", "console.log(1);");
  place.write(".fitlens", "in the way");
  await assert.rejects(place.start(script), /No run can be kept in .*move it/);
});

test("the run's folder is deleted while it trains: the training goes on", async (t) => {
  const place = workspace(t);
  place.write("model.ts", MLP);
  const script = place.write(
    "train.ts",
    `import fs from "node:fs";
import { build, xs, ys } from "./model";
fs.rmSync(".fitlens", { recursive: true });
await build().fit(xs, ys, { epochs: 20, verbose: 0 });
fs.writeFileSync("trained", "yes");
`,
  );
  await place.start(script);
  await until(
    () => fs.existsSync(path.join(place.folder, "trained")),
    () => "the end of the training",
  );
});
