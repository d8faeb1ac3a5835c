// The run's folder as the hook keeps it: points, status, control; through real processes that call the recorder directly.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readStatus } from "../../src/runs/read";
import { runHooked, startHooked, until } from "./help";

const TRAIN = `
import time
from fitlens import run
this = run.current()
`;

test("batches, epochs, validation and evaluation have the tags and steps of all runs", async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
this.recorder.begin(epochs=2, steps_per_epoch=3, batch_size=8)
for epoch in range(2):
    for batch in range(3):
        this.recorder.batch({"loss": 1.0 / (1 + this.recorder.step), "acc": 0.5}, examples=8)
    this.recorder.epoch_end({"loss": 0.5, "val_loss": 0.25, "matrix": [[1]]})
this.recorder.train_end()
this.recorder.evaluation({"loss": 0.125})
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.deepEqual(
    end.points("batch_loss").map(({ step }) => step),
    [1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(
    end.points("batch_loss").map(({ value }) => value),
    [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6],
  );
  assert.equal(end.points("batch_accuracy").length, 6);
  assert.deepEqual(end.points("epoch_loss"), [
    { step: 3, value: 0.5 },
    { step: 6, value: 0.5 },
  ]);
  assert.deepEqual(
    end.points("epoch_loss", "validation").map(({ step }) => step),
    [3, 6],
  );
  assert.deepEqual(end.points("evaluation_loss", "eval"), [{ step: 6, value: 0.125 }]);
  assert.equal(end.status.state, "finished");
  assert.equal(end.status.step, 6);
  assert.equal(end.status.epoch, 2);
  assert.equal(end.status.epochs, 2);
  assert.equal(end.status.attempt, 1);
  assert.deepEqual(end.status.latest, { loss: 0.5, val_loss: 0.25, evaluation_loss: 0.125 });
});

test("values are converted on the run's own thread, and one that fails costs no other", async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
import threading
class Late:
    def __float__(self):
        assert threading.current_thread().name == "fitlens"
        return 2.0
def broken():
    raise ValueError("no value")
this.recorder.begin()
this.recorder.batch({"loss": Late()})
this.recorder.deferred(lambda: [("loss", 3.0)])
this.recorder.deferred(broken)
this.recorder.batch({"loss": 4.0})
time.sleep(0.5)
`,
  });
  assert.deepEqual(end.points("batch_loss"), [
    { step: 1, value: 2 },
    { step: 2, value: 3 },
    { step: 4, value: 4 },
  ]);
  assert.match(end.stderr, /^\[fitlens\] .*no value/);
  assert.equal(end.stderr.trim().split("\n").length, 1);
  assert.equal(end.status.state, "finished");
});

test("the first value that is not finite is named, with its cause", async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
this.recorder.on_not_finite.append(lambda tag, step, epoch, value: f"asked for {tag}")
this.recorder.begin()
for value in (1.0, float("nan"), float("inf")):
    this.recorder.batch({"loss": value})
`,
  });
  const cause = "asked for batch_loss";
  assert.deepEqual(end.status.notFinite, { tag: "batch_loss", step: 2, epoch: 1, value: "NaN", cause });
  assert.deepEqual(
    end.points("batch_loss").map(({ value }) => value),
    [1, Number.NaN, Number.POSITIVE_INFINITY],
  );
});

test("pause waits, continue goes on, stop is told", async (t) => {
  const run = startHooked(t, {
    script: `${TRAIN}
this.recorder.begin()
while not this.control.stop_requested:
    this.recorder.batch({"loss": 1.0})
    time.sleep(0.01)
    if this.control.pending:
        this.control.between()
        if this.control.take_checkpoint():
            print("checkpoint", flush=True)
raise SystemExit(3)
`,
  });
  await until("points", () => run.points("batch_loss").length > 3);
  run.ask("pause");
  await until("the pause", () => run.status().state === "paused");
  const paused = run.points("batch_loss").length;
  run.ask("continue");
  await until("more points", () => run.points("batch_loss").length > paused);
  run.ask("checkpoint");
  await until("a checkpoint", () => run.output().stdout.includes("checkpoint"));
  run.ask("stop");
  const end = await run.ended;
  assert.equal(end.status.state, "stopped");
  assert.equal(end.status.exitCode, 3);
});

test("after kill -9 every flushed point is there, and the next attempt goes on", async (t) => {
  const script = `${TRAIN}
print(this.attempt, this.resuming, this.recorder.step, flush=True)
this.recorder.begin()
for _ in range(10 if this.resuming else 1000000):
    this.recorder.batch({"loss": 1.0})
    time.sleep(0.001)
`;
  const run = startHooked(t, { script });
  const flushed = await until("points", () => run.points("batch_loss").length > 50 && run.points("batch_loss").length);
  run.child.kill("SIGKILL");
  const killed = await run.ended;
  assert.equal(killed.status.state, "lost");
  assert.ok(killed.points("batch_loss").length >= flushed);
  const again = await runHooked(t, { script, cwd: run.cwd, folder: run.folder });
  assert.match(again.stdout, /^2 True/);
  assert.equal(again.status.attempt, 2);
  assert.equal(again.status.state, "finished");
});

test("a second process does not train a run that is being trained", async (t) => {
  const script = "import time\ntime.sleep(60)\n";
  const run = startHooked(t, { script });
  await until("the first claim", () => run.status().pid === run.child.pid);
  const second = await runHooked(t, { script, cwd: run.cwd, folder: run.folder });
  assert.equal(second.exitCode, 1);
  assert.match(second.stderr, new RegExp(`Process ${run.child.pid} trains this run already`));
});

test("a forked child writes nothing, and ends without ending the run", {
  skip: process.platform === "win32",
}, async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
import os
recorder = this.recorder
recorder.begin()
recorder.batch({"loss": 1.0})
child = os.fork()
if child == 0:
    assert run.current() is None
    recorder.batch({"loss": 2.0})
    os._exit(5)
os.waitpid(child, 0)
recorder.batch({"loss": 3.0})
`,
  });
  assert.deepEqual(
    end.points("batch_loss").map(({ value }) => value),
    [1, 3],
  );
  assert.equal(end.status.state, "finished");
});

test("a run's folder that is deleted stays deleted, and the script goes on", async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
import shutil
this.recorder.begin()
this.recorder.batch({"loss": 1.0})
this.recorder.flush()
shutil.rmtree(this.folder)
for _ in range(100):
    this.recorder.batch({"loss": 2.0})
    time.sleep(0.01)
print("to the end")
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, "to the end\n");
  assert.equal(fs.existsSync(end.folder), false);
  assert.match(end.stderr, /\[fitlens\] Metrics are not complete/);
});

test("a full disk costs points, never the training", { skip: process.platform === "win32" }, async (t) => {
  const end = await runHooked(t, {
    script: `${TRAIN}
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, resource.RLIM_INFINITY))
this.recorder.begin()
for _ in range(2000):
    this.recorder.batch({"loss": 0.1})
    time.sleep(0.0005)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print("to the end")
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, "to the end\n");
  assert.match(end.status.warning ?? "", /Metrics are not complete: .*File too large/);
  // The room came back: nothing that was kept meanwhile is lost.
  assert.equal(end.points("batch_loss").length, 2000);
});

test("a claim that another boot left is passed over", async (t) => {
  const end = await runHooked(t, { script: "print(1)\n" });
  const file = path.join(end.folder, "attempt-1.json");
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, bootId: "another", pidStart: "1" }));
  await runHooked(t, { script: "print(1)\n", cwd: end.cwd, folder: end.folder });
  assert.equal(readStatus(end.folder, undefined).value.attempt, 2);
});
