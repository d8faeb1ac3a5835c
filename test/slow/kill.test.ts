// kill -9 at ten random moments, also inside of saves: every metric that was flushed is kept, each attempt goes on from the last
// checkpoint, and the training ends with the weights of one that nobody killed.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { RunEvents } from "../../src/runs/events";
import { runHooked, startHooked, until } from "../python/help";
import { beginning, JAX, type Kind, TENSORFLOW_215 } from "../python/kerasKinds";

const KILLS = 10;
const STEPS = 960;

/** A model of some size and a checkpoint after every fourth batch, so that it is being saved most of the time. */
const scriptOf = (kind: Kind) => `${beginning(kind)}
import time
model = keras.Sequential([${kind.input}, keras.layers.Dense(1500, activation="relu"), keras.layers.Dense(600), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
class Often(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if os.environ.get("OFTEN"):
            time.sleep(0.02)
            if batch % 4 == 1:
                resume_of(this).checkpoint()
history = model.fit(x, y, epochs=120, batch_size=8, shuffle=False, verbose=0, callbacks=[Often()])
tell(model, history)
`;

/** The same numbers in every run of the test. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function leftovers(folder: string): string[] {
  const kept = path.join(folder, "checkpoints", "fit-1");
  return fs.existsSync(kept) ? fs.readdirSync(kept).filter((name) => name.endsWith(".tmp")) : [];
}

/** Resolves while a checkpoint is being written: to another file than those that kills have left. */
async function saving(folder: string): Promise<void> {
  const before = leftovers(folder);
  const deadline = performance.now() + 60_000;
  while (leftovers(folder).every((name) => before.includes(name))) {
    assert.ok(performance.now() < deadline, "waited for a save");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function stepGoneOnFrom(stderr: string): number | undefined {
  const told = /Goes on from step (\d+)/.exec(stderr);
  return told ? Number(told[1]) : undefined;
}

/** All points as a reader finds them, by source, tag and step. */
function allPoints(folder: string): Map<string, number> {
  const points = new Map<string, number>();
  for (const { source, tag, steps, values } of new RunEvents(folder).read().series) {
    for (const [at, step] of steps.entries()) points.set(`${source} ${tag} ${step}`, values[at]!);
  }
  return points;
}

for (const kind of [JAX, TENSORFLOW_215]) {
  test(`${kind.name}, killed ${KILLS} times`, { timeout: 1_800_000 }, async (t) => {
    const script = scriptOf(kind);
    const options = { script, python: kind.python(), env: { ...kind.env, OFTEN: "yes" } };
    const whole = await runHooked(t, { ...options, env: kind.env ?? {} });
    assert.equal(whole.exitCode, 0, whole.stderr);

    const next = random(4);
    let place: { cwd?: string; folder?: string } = {};
    let inSaves = 0;
    let reached = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const run = startHooked(t, { ...options, ...place });
      // Spread over the run; some come while the model is still being compiled.
      const step = Math.round(((kill + next()) / KILLS) * STEPS * 0.9);
      if (kill % 5 === 4) await until("the attempt", () => run.status().attempt === kill + 1);
      else await until(`step ${step}`, () => (run.points("batch_loss").at(-1)?.step ?? 0) >= step);
      if (kill % 5 === 2) await saving(run.folder);
      else await new Promise((resolve) => setTimeout(resolve, next() * 300));
      const flushed = allPoints(run.folder);
      const promised = run.status().checkpoint?.step ?? 0;
      run.child.kill("SIGKILL");
      const killed = await run.ended;
      assert.equal(killed.signal, "SIGKILL", killed.stderr);
      inSaves += leftovers(run.folder).length > 0 ? 1 : 0;
      const kept = allPoints(run.folder);
      for (const name of flushed.keys()) assert.ok(kept.has(name), `${name} was flushed before kill ${kill + 1}`);
      const from = stepGoneOnFrom(killed.stderr);
      if (from !== undefined) assert.ok(from >= reached, `attempt ${kill + 1} went on from ${from}, not ${reached}`);
      // What the status promises is on the disk.
      reached = Math.max(reached, promised);
      place = { cwd: run.cwd, folder: run.folder };
    }
    t.diagnostic(`${inSaves} of ${KILLS} kills came inside of a save; the last checkpoint is of step ${reached}`);
    assert.ok(inSaves > 0, "no kill came inside of a save");
    assert.ok(reached > 0, "no checkpoint was made");
    const last = await runHooked(t, { ...options, ...place, env: kind.env ?? {} });
    assert.equal(last.exitCode, 0, last.stderr);
    assert.ok((stepGoneOnFrom(last.stderr) ?? 0) >= reached, last.stderr);
    assert.equal(last.stdout, whole.stdout);
    assert.equal(last.status.state, "finished");
    assert.equal(last.status.step, STEPS);
    const [all, unharmed] = [allPoints(last.folder), allPoints(whole.folder)];
    for (const [name, value] of unharmed) {
      if (!/ (batch|epoch)_/.test(name)) continue;
      // A batch's own value is found from the means of an epoch, in 32 bits.
      const found = all.get(name) ?? Number.NaN;
      assert.ok(Math.abs(found - value) <= 1e-4 * Math.abs(value) + 1e-6, `${name}: ${found}, unharmed ${value}`);
    }
    assert.deepEqual(leftovers(last.folder), []);
  });
}
