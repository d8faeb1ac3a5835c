// Measures event files and the store: reading a million points, the way from a written point to its reader, listing runs.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { EventWriter } from "../../src/events/writer";
import { program } from "../unit/events/helpers";
import { NEW_RUN } from "../unit/runs/helpers";
import { type Bench, figure, type Row } from "./bench";

async function withFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-bench-"));
  try {
    return await work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function writePoints(folder: string, steps: number): void {
  const writer = new EventWriter(folder);
  for (let step = 0; step < steps; step++) {
    for (let tag = 0; tag < 10; tag++) writer.scalar(`metric_${tag}`, Math.fround(Math.sin(step * (tag + 1))), step);
  }
  writer.close();
  if (writer.failure) throw new Error(writer.failure.message);
}

/** A fresh process each, so that its compiler starts cold, as it does when a panel opens. */
const READ = `
  import fs from "node:fs";
  import { readEventFile } from "./src/events/read";
  const folder = process.argv[2]!;
  const before = process.cpuUsage();
  const start = performance.now();
  const { series, problems } = readEventFile(folder + "/" + fs.readdirSync(folder)[0]);
  const { user, system } = process.cpuUsage(before);
  const points = series.reduce((sum, one) => sum + one.values.length, 0);
  console.log(JSON.stringify({ points, problems, cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1e3 }));
`;

/** TensorBoard's reader on a tenth of the points, since it takes so long; the figure is ten times that. */
const PEER_READ = `
import sys, time, json
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
start, cpu = time.perf_counter(), time.process_time()
reader = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0}); reader.Reload()
points = sum(len(reader.Tensors(tag)) for tag in reader.Tags()["tensors"])
print(json.dumps({"points": points, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - start}))
`;

interface Read {
  points: number;
  cpu: number;
  wall: number;
}

const RUNS = 5;

function benchRead(note: (why: string) => void): Promise<Row[]> {
  return withFolder((folder) => {
    const [large, small] = [path.join(folder, "large"), path.join(folder, "small")];
    writePoints(large, 100_000);
    writePoints(small, 10_000);
    const file = program(folder, "read", READ);
    const python = process.env["FITLENS_TEST_PYTHON"];
    if (!python) note("TensorBoard is not measured: FITLENS_TEST_PYTHON does not name a Python that has it");
    const ours: Read[] = [];
    const theirs: Read[] = [];
    for (let run = 0; run < RUNS; run++) {
      ours.push(JSON.parse(execFileSync(process.execPath, [file, large], { encoding: "utf8" })));
      if (!python || run >= 3) continue;
      const printed = execFileSync(python, ["-I", "-c", PEER_READ, small], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      theirs.push(JSON.parse(printed.trimEnd().split("\n").at(-1)!));
    }
    if (ours.some(({ points }) => points !== 1_000_000)) throw new Error("events.read: points are missing");
    return (["cpu", "wall"] as const).map((kind) => {
      const value = figure(ours.map((read) => read[kind]));
      const row: Row = {
        row: kind === "cpu" ? "events.read" : "events.read.wall",
        value,
        unit: `s ${kind}, 1,000,000 scalars, cold process`,
        goal: kind === "cpu" ? "≤ 0.2" : "≥ 30× less than TensorBoard",
        runs: RUNS,
      };
      if (theirs.length === 0) return row;
      const peerValue = figure(theirs.map((read) => read[kind] * 10));
      return {
        ...row,
        peer: "TensorBoard's EventAccumulator, 100,000 scalars × 10",
        peerValue,
        ratio: value.median / peerValue.median,
      };
    });
  });
}

/** Writes 1,000 points a second; each point's value is when it was written, on the clock that processes share. */
const WRITE_POINTS = `
  import { EventWriter } from "./src/events/writer";
  const writer = new EventWriter(process.argv[2]! + "/train");
  const clock = () => Number(process.hrtime.bigint()) / 1e6;
  const start = clock();
  let step = 0;
  const timer = setInterval(() => {
    for (const due = clock() - start; step < due; step++) { writer.scalar("loss", clock(), step); writer.flush(); }
    if (step >= 4000) { clearInterval(timer); writer.close(); }
  }, 1);
`;

const FOLLOW = `
  import { follow } from "./src/runs/follow";
  const clock = () => Number(process.hrtime.bigint()) / 1e6;
  const late: number[] = [];
  const stop = new AbortController();
  let before = process.cpuUsage(), start = clock();
  void follow(process.argv[2]!, {
    signal: stop.signal,
    onPoints: (series) => {
      const now = clock();
      for (const { values } of series) for (const value of values) late.push(now - value);
      if (late.length === 0) return;
      if (late.length < 1000) { before = process.cpuUsage(); start = now; }
      if (late.length >= 4000) stop.abort();
    },
  }).then(() => {
    const { user, system } = process.cpuUsage(before);
    const cpu = (user + system) / 1e3 / (clock() - start) * 100;
    late.sort((a, b) => a - b);
    console.log(JSON.stringify({ p50: late[2000], p99: late[3960], worst: late.at(-1), cpu }));
  });
  console.log("ready");
`;

async function benchFollow(): Promise<Row[]> {
  const samples: { p99: number; cpu: number }[] = [];
  for (let run = 0; run < 3; run++) {
    samples.push(
      await withFolder(async (folder) => {
        const reader = spawn(process.execPath, [program(folder, "follow", FOLLOW), folder], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const file = program(folder, "write", WRITE_POINTS);
        let said = "";
        reader.stdout.on("data", (data) => {
          if (said === "") spawn(process.execPath, [file, folder], { stdio: "inherit" });
          said += data;
        });
        await new Promise((resolve) => reader.once("close", resolve));
        return JSON.parse(said.trimEnd().split("\n").at(-1)!);
      }),
    );
  }
  const common = { runs: samples.length };
  return [
    {
      row: "events.follow",
      value: figure(samples.map(({ p99 }) => p99)),
      unit: "ms p99 from written to read",
      goal: "≤ 20",
      ...common,
    },
    {
      row: "events.follow.cpu",
      value: figure(samples.map(({ cpu }) => cpu)),
      unit: "% of a core at 1,000 points/s",
      goal: "≤ 2",
      ...common,
    },
  ];
}

const LIST = `
  import { listRuns } from "./src/runs/store";
  const before = process.cpuUsage();
  const start = performance.now();
  void listRuns(process.argv[2]!).then((runs) => {
    const { user, system } = process.cpuUsage(before);
    const good = runs.filter((run) => run.damaged === undefined).length;
    console.log(JSON.stringify({ good, wall: (performance.now() - start) / 1e3, cpu: (user + system) / 1e6 }));
  });
`;

function benchRuns(): Promise<Row[]> {
  return withFolder((folder) => {
    const runs = path.join(folder, "runs");
    for (let n = 0; n < 10_000; n++) {
      const id = `20260101-${String(n).padStart(6, "0")}-brave-otter`;
      fs.mkdirSync(path.join(runs, id), { recursive: true });
      const record = { ...NEW_RUN, format: 1, id, name: "brave-otter", createdAt: n };
      fs.writeFileSync(path.join(runs, id, "run.json"), JSON.stringify(record, null, 2));
      const status = { format: 1, state: "finished", step: n, epoch: 5, latest: { loss: 0.5, acc: 0.9 }, exitCode: 0 };
      fs.writeFileSync(path.join(runs, id, "status.json"), JSON.stringify(status, null, 2));
    }
    const file = program(folder, "list", LIST);
    const limited = process.platform === "win32" ? "" : "ulimit -n 256; ";
    const samples: { good: number; wall: number; cpu: number }[] = [];
    for (let run = 0; run < RUNS; run++) {
      const printed = execFileSync("bash", ["-c", `${limited}exec "$0" "$@"`, process.execPath, file, runs], {
        encoding: "utf8",
      });
      samples.push(JSON.parse(printed));
    }
    if (samples.some(({ good }) => good !== 10_000)) throw new Error("panel.runs: runs are missing");
    return [
      {
        row: "panel.runs",
        value: figure(samples.map(({ wall }) => wall)),
        unit: "s wall, 10,000 runs at 256 handles",
        goal: "≤ 1",
        runs: RUNS,
      },
      { row: "panel.runs.cpu", value: figure(samples.map(({ cpu }) => cpu)), unit: "s CPU", goal: "≤ 1", runs: RUNS },
    ];
  });
}

export const benches: Bench[] = [
  { rows: ["events.read", "events.read.wall"], run: benchRead },
  { rows: ["events.follow", "events.follow.cpu"], run: () => benchFollow() },
  { rows: ["panel.runs", "panel.runs.cpu"], run: () => benchRuns() },
];
