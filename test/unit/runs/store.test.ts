// The store of runs: creating, reading, listing and deleting, with damaged records, links, races and processes that are gone.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { RUN_FILES, type RunState } from "../../../src/protocol/run";
import { writeJsonAtomic } from "../../../src/runs/files";
import { identify, isAlive } from "../../../src/runs/process";
import {
  createRun,
  deleteRun,
  listRuns,
  readControl,
  readRun,
  runsFolderOf,
  writeControl,
  writeStatus,
} from "../../../src/runs/store";
import { deadline, program, temporaryFolder } from "../events/helpers";
import { NEW_RUN, newRun } from "./helpers";

test("a new run is on record, and git ignores the store", (t) => {
  const workspace = temporaryFolder(t);
  const { folder, record } = createRun(runsFolderOf(workspace), NEW_RUN);
  assert.match(record.id, /^\d{8}-\d{6}-[a-z]+-[a-z]+$/);
  assert.equal(record.id, `${record.id.slice(0, 16)}${record.name}`);
  assert.equal(folder, path.join(workspace, ".fitlens", "runs", record.id));
  assert.equal(fs.readFileSync(path.join(workspace, ".fitlens", ".gitignore"), "utf8"), "*\n");
  const read = readRun(folder);
  assert.deepEqual(read?.record, record);
  assert.equal(read?.status.state, "starting");
});

test("a workspace path with spaces, quotes and signs", (t) => {
  const workspace = path.join(temporaryFolder(t), `a b'c"d $(x) ü`);
  fs.mkdirSync(workspace);
  assert.equal(readRun(newRun(runsFolderOf(workspace)))?.damaged, undefined);
});

test("an ignore file of the user's is kept", (t) => {
  const workspace = temporaryFolder(t);
  fs.mkdirSync(path.join(workspace, ".fitlens"));
  fs.writeFileSync(path.join(workspace, ".fitlens", ".gitignore"), "mine\n");
  newRun(runsFolderOf(workspace));
  assert.equal(fs.readFileSync(path.join(workspace, ".fitlens", ".gitignore"), "utf8"), "mine\n");
});

test("row 14: two processes that create runs at once get a folder each", async (t) => {
  const workspace = temporaryFolder(t);
  const file = program(
    workspace,
    "create",
    `import { createRun } from "./src/runs/store";
     for (let n = 0; n < 100; n++) createRun(process.argv[2]!, JSON.parse(process.argv[3]!));`,
  );
  const runs = runsFolderOf(workspace);
  const children = [0, 1].map(() =>
    spawn(process.execPath, [file, runs, JSON.stringify(NEW_RUN)], { stdio: "inherit" }),
  );
  const codes = await deadline(
    Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve)))),
    "both processes",
  );
  assert.deepEqual(codes, [0, 0]);
  const listed = await listRuns(runs);
  assert.equal(listed.length, 200);
  assert.ok(listed.every((run) => run.damaged === undefined && run.record.id === run.id));
});

test("row 19: nothing is written through a link that came with the workspace", (t) => {
  const workspace = temporaryFolder(t);
  const outside = temporaryFolder(t);
  fs.symlinkSync(outside, path.join(workspace, ".fitlens"));
  assert.throws(() => newRun(runsFolderOf(workspace)), /\.fitlens is a link to .*remove the link/);
  assert.deepEqual(fs.readdirSync(outside), []);
});

test("row 19: a linked file is replaced, its target is left alone", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  const target = path.join(temporaryFolder(t), "target");
  fs.writeFileSync(target, "precious");
  fs.symlinkSync(target, path.join(folder, RUN_FILES.status));
  writeStatus(folder, { state: "running", ...identify() });
  assert.equal(fs.readFileSync(target, "utf8"), "precious");
  assert.equal(readRun(folder)?.status.state, "running");
});

test("row 19: links in the store are not listed, deleted or controlled, and loops end", async (t) => {
  const runs = runsFolderOf(temporaryFolder(t));
  const outside = path.join(temporaryFolder(t), "kept");
  fs.mkdirSync(outside);
  newRun(runs);
  const link = path.join(runs, "20260101-000000-evil-link");
  fs.symlinkSync(outside, link);
  fs.symlinkSync(runs, path.join(runs, "20260101-000000-evil-loop"));
  assert.equal((await listRuns(runs)).length, 1);
  await assert.rejects(deleteRun(runs, link), /is not a run of/);
  await assert.rejects(deleteRun(runs, outside), /is not a run of/);
  await assert.rejects(deleteRun(runs, path.join(runs, "..")), /is not a run of/);
  assert.throws(() => writeControl(link, "stop"), /nothing is written through it/);
  assert.deepEqual(fs.readdirSync(outside), []);
});

test("a live run is not deleted, one that has ended is", async (t) => {
  const runs = runsFolderOf(temporaryFolder(t));
  const folder = newRun(runs);
  writeStatus(folder, { state: "running", ...identify() });
  await assert.rejects(deleteRun(runs, folder), /still training .*Stop it first/);
  writeStatus(folder, { state: "finished" });
  await deleteRun(runs, folder);
  assert.equal(fs.existsSync(folder), false);
});

test("a folder that cannot be written is told with the next step", (t) => {
  const workspace = temporaryFolder(t);
  fs.writeFileSync(path.join(workspace, ".fitlens"), "");
  assert.throws(() => newRun(runsFolderOf(workspace)), /No run can be kept in .*A file is in the way: move it/);
});

test("a failed write leaves the old file and nothing beside it", (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "status.json");
  writeJsonAtomic(file, { a: 1 });
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  assert.throws(() => writeJsonAtomic(file, circle));
  fs.mkdirSync(path.join(folder, "busy", "full"), { recursive: true });
  assert.throws(() => writeJsonAtomic(path.join(folder, "busy"), {}));
  assert.deepEqual(fs.readdirSync(folder).sort(), ["busy", "status.json"]);
  assert.deepEqual(JSON.parse(fs.readFileSync(file, "utf8")), { a: 1 });
});

test("row 22: NaN and infinities in a status come back", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  const latest = { loss: Number.NaN, gain: Infinity, lost: -Infinity, acc: 0.5 };
  writeStatus(folder, { state: "finished", latest });
  assert.deepEqual(readRun(folder)?.status.latest, latest);
});

test("what a newer version added is passed over", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  writeJsonAtomic(path.join(folder, "status.json"), { format: 9, state: "finished", mood: "good", step: 7 });
  assert.deepEqual(readRun(folder)?.status, { format: 9, state: "finished", step: 7 });
});

test("row 13: a record cut or flipped at any byte is that run's damage only", async (t) => {
  const runs = runsFolderOf(temporaryFolder(t));
  const folder = newRun(runs);
  const other = newRun(runs);
  const file = path.join(folder, RUN_FILES.run);
  const whole = fs.readFileSync(file);
  for (let at = 0; at < whole.length; at += 5) {
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 0x10;
    for (const bytes of [whole.subarray(0, at), flipped]) {
      fs.writeFileSync(file, bytes);
      const listed = await listRuns(runs);
      assert.deepEqual(listed.map((run) => run.folder).sort(), [folder, other].sort());
      assert.equal(listed.find((run) => run.folder === other)?.damaged, undefined);
      const damaged = listed.find((run) => run.folder === folder)!;
      if (bytes.length < whole.length - 1) assert.match(damaged.damaged ?? "", /run\.json/);
    }
  }
});

test("row 13: a damaged status is told, with the record still there", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  fs.writeFileSync(path.join(folder, RUN_FILES.status), `{"format":1,"state":"run`);
  const run = readRun(folder)!;
  assert.match(run.damaged!, /status\.json is not JSON/);
  assert.equal(run.record?.script, NEW_RUN.script);
});

const LIVE: readonly RunState[] = ["starting", "running", "paused"];
const ENDED: readonly RunState[] = ["finished", "stopped", "failed", "lost"];

test("rows 28 and 32: lost when the pid is gone, a stranger's, or from before a reboot; never when it has ended", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  const own = identify();
  const gone = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
  const identities = [{ pid: gone }];
  if (process.platform === "linux")
    identities.push({ ...own, pidStart: "1" } as never, { ...own, bootId: "another" } as never);
  for (const state of LIVE) {
    writeStatus(folder, { state, ...own });
    assert.equal(readRun(folder)?.status.state, state);
    for (const identity of identities) {
      writeStatus(folder, { state, ...identity });
      assert.equal(readRun(folder)?.status.state, "lost");
    }
  }
  for (const state of ENDED) {
    for (const identity of [own, ...identities]) {
      writeStatus(folder, { state, ...identity });
      assert.equal(readRun(folder)?.status.state, state);
    }
  }
});

test("a start that nobody followed up is lost after a minute", (t) => {
  const runs = runsFolderOf(temporaryFolder(t));
  const folder = newRun(runs);
  const file = path.join(folder, RUN_FILES.run);
  const record = JSON.parse(fs.readFileSync(file, "utf8"));
  writeJsonAtomic(file, { ...record, createdAt: Date.now() - 61_000 });
  assert.equal(readRun(folder)?.status.state, "lost");
});

test("pids that are none are nobody's", () => {
  for (const pid of [0, 1, -1, 1.5, Number.NaN, 2 ** 40]) assert.equal(isAlive({ pid }), false);
  assert.equal(isAlive({}), false);
});

test("a request has a larger number than every earlier one", (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  const first = writeControl(folder, "pause");
  const second = writeControl(folder, "continue");
  assert.ok(second.sequence > first.sequence);
  assert.deepEqual(readControl(folder), second);
  fs.writeFileSync(path.join(folder, RUN_FILES.control), "{");
  assert.equal(readControl(folder), undefined);
  assert.ok(writeControl(folder, "stop").sequence > second.sequence);
});

test("no store, no runs; files and foreign folders in it hide nothing", async (t) => {
  const runs = runsFolderOf(temporaryFolder(t));
  assert.deepEqual(await listRuns(runs), []);
  const folder = newRun(runs);
  fs.writeFileSync(path.join(runs, "notes.txt"), "");
  fs.mkdirSync(path.join(runs, "mine"));
  const long = new Date(Date.now() - 60_000);
  fs.utimesSync(path.join(runs, "mine"), long, long);
  const listed = await listRuns(runs);
  assert.deepEqual(
    listed.map((run) => [run.id, run.damaged === undefined]),
    [
      ["mine", false],
      [path.basename(folder), true],
    ],
  );
});

test("row 26: 10,000 runs are listed with 256 file handles", { skip: process.platform === "win32" }, (t) => {
  const workspace = temporaryFolder(t);
  const file = program(
    workspace,
    "list",
    `import fs from "node:fs";
     import { listRuns } from "./src/runs/store";
     const [runs, record] = [process.argv[2]!, process.argv[3]!];
     for (let n = 0; n < 10_000; n++) {
       const id = "20260101-" + String(n).padStart(6, "0") + "-brave-otter";
       fs.mkdirSync(runs + "/" + id, { recursive: true });
       fs.writeFileSync(runs + "/" + id + "/run.json", JSON.stringify({ ...JSON.parse(record), format: 1, id, name: "brave-otter", createdAt: 1 }));
       fs.writeFileSync(runs + "/" + id + "/status.json", JSON.stringify({ format: 1, state: "finished", step: n }));
     }
     const before = process.memoryUsage().rss;
     void listRuns(runs).then((listed) => {
       const good = listed.filter((run) => run.damaged === undefined && run.status.state === "finished").length;
       console.log(JSON.stringify({ good, megabytes: (process.memoryUsage().rss - before) / 2 ** 20 }));
     });`,
  );
  const script = `ulimit -n 256; exec "$0" "$@"`;
  const said = execFileSync(
    "bash",
    ["-c", script, process.execPath, file, runsFolderOf(workspace), JSON.stringify(NEW_RUN)],
    {
      encoding: "utf8",
    },
  );
  const { good, megabytes } = JSON.parse(said);
  assert.equal(good, 10_000);
  assert.ok(megabytes < 200, `${megabytes} MB more`);
});
