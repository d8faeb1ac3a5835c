// The hook changes nothing that a Keras script prints or does: the same script with the same seed, with and without it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { more, runHooked, runPlain } from "./help";
import { FLAVOURS, LINEAR } from "./kerasScripts";

const SCRIPT = (importing: string) => `
${importing}
${LINEAR}
keras.utils.set_random_seed(7)

class Telling(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        print("batch", batch, {name: repr(float(value)) for name, value in sorted(logs.items())})
    def on_epoch_end(self, epoch, logs=None):
        print("epoch", epoch, sorted(logs), type(logs).__name__)

def told(history):
    print({name: [repr(float(value)) for value in values] for name, values in history.history.items()}, history.epoch)

model = keras.Sequential([
    keras.Input((3,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dropout(0.3), keras.layers.Dense(1)
])
model.compile("adam", "mse", metrics=["mae"])
model.summary()
told(model.fit(x, y, epochs=2, batch_size=16, verbose=2, validation_split=0.2, callbacks=[Telling()]))
# Without any callback, and with one list of all.
told(model.fit(x, y, epochs=1, verbose=0))
told(model.fit(x, y, epochs=4, initial_epoch=3, verbose=0, callbacks=keras.callbacks.CallbackList(
    [Telling()], add_history=True, model=model, epochs=4, steps=3, verbose=0)))
# ReduceLROnPlateau adds to the logs.
told(model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), callbacks=[
    keras.callbacks.ReduceLROnPlateau(patience=1), keras.callbacks.EarlyStopping(patience=1, min_delta=100.0)]))
print(model.evaluate(x, y, verbose=0), model.evaluate(x, y, verbose=0, return_dict=True))
print(model.train_on_batch(x, y), model.train_on_batch(x, y, return_dict=True))
print(model.predict(x[:2], verbose=0).tolist())
try:
    model.fit(x, y, nonsense=1)
except TypeError as error:
    print(str(error))
class Ending(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise LookupError("the user's own")
model.fit(x, y, verbose=0, callbacks=[Ending()])
`;

const WITHOUT_TIMES = /\b\d+(\.\d+)?(us|µs|ms|s)(\/(step|epoch))?\b/g;

for (const name of ["tf.keras of TensorFlow 2.15", "Keras 3 on JAX", ...more("Keras 3 on PyTorch")]) {
  test(`${name}: the script prints and ends as without the hook`, async (t) => {
    const { importing, python } = FLAVOURS[name]!;
    const hooked = await runHooked(t, { script: SCRIPT(importing), python: python() });
    const plain = await runPlain([hooked.script], { cwd: hooked.cwd, python: python() });
    assert.equal(plain.exitCode, 1);
    assert.match(plain.stderr, /LookupError: the user's own\s*$/);
    assert.equal(hooked.exitCode, 1);
    assert.equal(hooked.stdout.replace(WITHOUT_TIMES, "T"), plain.stdout.replace(WITHOUT_TIMES, "T"));
    assert.match(hooked.stderr, /LookupError: the user's own\s*$/);
    assert.doesNotMatch(hooked.stderr, /\[fitlens\]|slow compared/);
    assert.equal(hooked.status.state, "failed");
    assert.equal(hooked.status.error?.message, "LookupError: the user's own");
  });
}

test("a fault of the hook is one line, and the script trains on", async (t) => {
  const end = await runHooked(t, {
    script: `
${FLAVOURS["Keras 3 on JAX"]!.importing}
${LINEAR}
import fitlens.keras.fit as hook
def broken(*_):
    raise RuntimeError("a fault of the hook")
hook.own_values = hook.engine_of = hook.Rate = broken
history = linear().fit(x, y, batch_size=16, epochs=2, verbose=0)
print(len(history.history["loss"]))
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, "2\n");
  assert.equal(end.status.state, "finished");
  assert.equal(end.points("epoch_loss").length, 2);
  const lines = end.stderr.split("\n").filter((line) => line.includes("a fault of the hook"));
  assert.ok(lines.length >= 1 && lines.length <= 3, end.stderr);
  for (const line of lines) assert.match(line, /^\[fitlens\] The script trains on/);
  assert.match(end.status.warning ?? "", /a fault of the hook/);
});
