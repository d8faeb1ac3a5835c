// Which call of fit finds which state again: finished calls, a stop, a model that has changed, damaged files, a full disk.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { more, runHooked, startHooked, testMore, until } from "./help";
import { beginning, JAX, TENSORFLOW } from "./kerasKinds";

const MODEL = `${beginning(JAX)}
def made(units=8):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model

class Told(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        print("trains epoch", epoch, flush=True)
plain = dict(batch_size=8, shuffle=False, verbose=0)
`;
const options = { env: JAX.env ?? {}, python: JAX.python() };

test("calls of fit that had finished are not trained again, and give their history", async (t) => {
  const script = `${MODEL}
model, other = made(), made(6)
first = model.fit(x, y, epochs=2, callbacks=[Told()], **plain)
tell(model, first)
print("evaluated", model.evaluate(x, y, verbose=0))
second = other.fit(x, y, epochs=3, callbacks=[Told()], **plain)
tell(other, second)
third = model.fit(x, y, epochs=4, initial_epoch=2, callbacks=[Told(), Die(3, 5)], **plain)
tell(model, third)
`;
  const whole = await runHooked(t, { ...options, script });
  assert.equal(whole.exitCode, 0, whole.stderr);
  const killed = await runHooked(t, { ...options, script, env: { ...options.env, DIE: "yes" } });
  assert.equal(killed.signal, "SIGKILL", killed.stderr);
  const again = await runHooked(t, { ...options, script, cwd: killed.cwd, folder: killed.folder });
  assert.equal(again.exitCode, 0, again.stderr);
  const without = (text: string) => text.split("\n").filter((line) => !line.startsWith("trains epoch"));
  assert.deepEqual(without(again.stdout), without(whole.stdout));
  // The third call was killed before its first checkpoint was due.
  assert.deepEqual(again.stdout.match(/trains epoch \d/g), ["trains epoch 2", "trains epoch 3"]);
  assert.equal(again.status.step, 9 * 8 - 2 * 8);
  assert.equal(again.points("evaluation_loss", "eval").length, 2);
  assert.equal(new Set(again.points("evaluation_loss", "eval").map(({ step }) => step)).size, 1);
});

test("a call that is stopped goes on at the batch where it was, and what the stopped script did later is not kept", async (t) => {
  const script = `${MODEL}
import time
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0 if this.resuming or os.environ.get("FAST") else 0.02)
model = made()
first = model.fit(x, y, epochs=12, callbacks=[Slow()], validation_data=(x[:8], y[:8]), **plain)
tell(model, first)
second = model.fit(x, y, epochs=2, **plain)
tell(model, second)
`;
  const whole = await runHooked(t, { ...options, script, env: { ...options.env, FAST: "yes" } });
  const run = startHooked(t, { ...options, script });
  await until("some epochs", () => run.points("batch_loss").length > 20);
  run.ask("stop");
  const stopped = await run.ended;
  assert.equal(stopped.status.state, "stopped", stopped.stderr);
  const { checkpoint } = stopped.status;
  assert.ok(checkpoint && checkpoint.step >= 20 && checkpoint.step < 96, JSON.stringify(checkpoint));
  assert.deepEqual(fs.readdirSync(path.join(run.folder, "checkpoints")), ["fit-1"]);
  // A part of an epoch is no epoch.
  assert.ok(stopped.points("epoch_loss").every(({ step }) => step % 8 === 0));
  const again = await runHooked(t, { ...options, script, cwd: run.cwd, folder: run.folder });
  assert.equal(again.exitCode, 0, again.stderr);
  assert.equal(again.stdout, whole.stdout);
  assert.ok(again.stderr.includes(`Goes on from step ${checkpoint.step},`), again.stderr);
  assert.equal(again.status.step, 14 * 8);
});

testMore("a model that has changed since starts anew, and the run says in what", async (t) => {
  const script = (units: number) => `${MODEL}
model = made(${units})
model.fit(x, y, epochs=3, callbacks=[Told(), Save(1, 3), Die(1, 5)], **plain)
`;
  const killed = await runHooked(t, { ...options, script: script(8), env: { ...options.env, DIE: "yes" } });
  assert.equal(killed.signal, "SIGKILL", killed.stderr);
  const again = await runHooked(t, { ...options, script: script(9), cwd: killed.cwd, folder: killed.folder });
  assert.equal(again.exitCode, 0, again.stderr);
  assert.deepEqual(again.stdout.match(/trains epoch \d/g), ["trains epoch 0", "trains epoch 1", "trains epoch 2"]);
  assert.match(
    again.status.warning ?? "",
    /^The model has changed since the checkpoint was written, so the call of fit starts from the beginning: sequential\/dense\/kernel has the shape \[4, 9\], in the checkpoint it is \[4, 8\]\.$/,
  );
  assert.equal(again.status.step, 24);
  // What is saved from now on is of the new model.
  const third = await runHooked(t, { ...options, script: script(9), cwd: killed.cwd, folder: killed.folder });
  assert.equal(third.stdout, "");
  assert.match(third.stderr, /had finished/);
});

test("a new optimizer goes on with the saved weights, and a new learning rate is meant", async (t) => {
  const script = (optimizer: string) => `${MODEL}
model = made()
model.compile(optimizer=${optimizer}, loss="mse")
model.fit(x, y, epochs=3, callbacks=[Told(), Save(1, 7), Die(2, 1)], **plain)
print("rate", round(float(model.optimizer.learning_rate.numpy()), 4))
`;
  const begin = async () => {
    const env = { ...options.env, DIE: "yes" };
    const killed = await runHooked(t, { ...options, script: script("keras.optimizers.Adam(0.01)"), env });
    return { ...options, cwd: killed.cwd, folder: killed.folder };
  };
  const slower = await runHooked(t, { ...(await begin()), script: script("keras.optimizers.Adam(0.002)") });
  assert.match(slower.stdout, /trains epoch 2\nrate 0\.002\n$/);
  assert.equal(slower.status.warning, undefined);
  const other = await runHooked(t, { ...(await begin()), script: script("keras.optimizers.SGD(0.05)") });
  assert.match(other.stdout, /trains epoch 2\nrate 0\.05\n$/);
  assert.match(other.status.warning ?? "", /^The optimizer has changed/);
});

test("the newest checkpoint is damaged: the one before it is used", async (t) => {
  const script = `${MODEL}
model = made()
history = model.fit(x, y, epochs=4, callbacks=[Save(1, 3), Save(2, 3), Die(2, 5)], **plain)
tell(model, history)
`;
  const whole = await runHooked(t, { ...options, script });
  const killed = await runHooked(t, { ...options, script, env: { ...options.env, DIE: "yes" } });
  const folder = path.join(killed.folder, "checkpoints", "fit-1");
  const files = fs.readdirSync(folder).sort();
  assert.equal(files.length, 2);
  const newest = path.join(folder, files[1]!);
  fs.truncateSync(newest, fs.statSync(newest).size - 100);
  const again = await runHooked(t, { ...options, script, cwd: killed.cwd, folder: killed.folder });
  assert.equal(again.stdout, whole.stdout);
  assert.match(
    again.stderr,
    /Goes on from step 12, in epoch 2 of 4\. 10 batches or a few more, trained after that checkpoint, are trained again\./,
  );
  assert.match(again.status.warning ?? "", /checkpoint-\d+\.safetensors cannot be read/);
});

testMore("a full disk costs the checkpoint, never the training", async (t) => {
  const script = `${MODEL}
import resource
class Full(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if not this.resuming and epoch == 1:
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
model = made(400)
history = model.fit(x, y, epochs=4, callbacks=[Save(0, 5), Full(), Save(2, 5), Die(3, 5)], **plain)
tell(model, history)
`;
  const whole = await runHooked(t, { ...options, script });
  assert.equal(whole.exitCode, 0, whole.stderr);
  assert.match(
    whole.status.warning ?? "",
    /A checkpoint could not be written .*File too large.* Free space on that disk/,
  );
  const killed = await runHooked(t, { ...options, script, env: { ...options.env, DIE: "yes" } });
  const again = await runHooked(t, { ...options, script, cwd: killed.cwd, folder: killed.folder });
  assert.equal(again.stdout, whole.stdout);
  assert.match(again.stderr, /Goes on from step 6,/);
});

test("a model of the user's own with two optimizers, half precision, and data from a dataset", async (t) => {
  const script = `${beginning(TENSORFLOW)}
import tensorflow as tf
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.left = keras.layers.Dense(8, dtype="bfloat16")
        self.right = keras.layers.Dense(1, dtype="float16")
        self.second = keras.optimizers.SGD(0.01, momentum=0.9)
    def call(self, inputs):
        return tf.cast(self.right(self.left(inputs)), "float32")
    def train_step(self, data):
        given, wanted = data
        with tf.GradientTape(persistent=True) as tape:
            loss = tf.reduce_mean((self(given, training=True) - wanted) ** 2)
        for optimizer, layer in ((self.optimizer, self.left), (self.second, self.right)):
            variables = layer.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return {"loss": loss}
model = Two()
model.compile(optimizer="adam", loss="mse")
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
history = model.fit(data, epochs=4, verbose=0, callbacks=[Save(2, 3), Die(2, 5)])
tell(model, history)
`;
  const ours = { ...options, env: TENSORFLOW.env ?? {} };
  const whole = await runHooked(t, { ...ours, script });
  assert.equal(whole.exitCode, 0, whole.stderr);
  const killed = await runHooked(t, { ...ours, script, env: { ...ours.env, DIE: "yes" } });
  const again = await runHooked(t, { ...ours, script, cwd: killed.cwd, folder: killed.folder });
  assert.equal(again.exitCode, 0, again.stderr);
  assert.equal(again.stdout, whole.stdout);
  assert.match(again.stderr, /Goes on from step 20, in epoch 3 of 4/);
  assert.equal(again.status.warning, undefined);
});

for (const [what, settings, fit] of [
  ["at the ends of epochs", "resume.INTERVAL = 0.3", "epochs=8, batch_size=8"],
  ...more(["in the middle of a long epoch", "resume.INTERVAL = resume.LONG_EPOCH = 0.3", "epochs=1, batch_size=1"]),
]) {
  test(`checkpoints are made without being asked for: ${what}`, async (t) => {
    const script = `${MODEL}
${settings}
resume.SHARE_OF_TIME = 0
import time
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0 if this.resuming or os.environ.get("FAST") else 0.04)
        if os.environ.get("DIE") and this.recorder.step == 60:
            os.kill(os.getpid(), 9)
model = made()
history = model.fit(x, y, ${fit}, shuffle=False, verbose=0, callbacks=[Slow()])
tell(model, history)
`;
    const whole = await runHooked(t, { ...options, script, env: { ...options.env, FAST: "yes" } });
    const killed = await runHooked(t, { ...options, script, env: { ...options.env, DIE: "yes" } });
    assert.equal(killed.signal, "SIGKILL", killed.stderr);
    const again = await runHooked(t, { ...options, script, cwd: killed.cwd, folder: killed.folder });
    assert.equal(again.stdout, whole.stdout);
    const step = Number(/Goes on from step (\d+)/.exec(again.stderr)?.[1]);
    assert.ok(step >= 8 && step <= 60, again.stderr);
    if (what === "at the ends of epochs") assert.equal(step % 8, 0);
    assert.equal(again.status.step, 64);
  });
}
