// A call of fit that was killed in the middle of an epoch and is resumed ends where an unharmed one ends: the same weights to
// the last bit, the same history, the same charts. On every Keras.
import assert from "node:assert/strict";
import { test } from "node:test";
import { more, type Point, runHooked, temporary } from "./help";
import { beginning, JAX, type Kind, SEED, TENSORFLOW, TENSORFLOW_215, TF_KERAS, TORCH } from "./kerasKinds";

interface Variant {
  name: string;
  kind: Kind;
  optimizer?: string;
  /** Without an Input: its weights come with the first batch. */
  deferred?: boolean;
  /** The last batch of which a checkpoint tells; the kill comes at batch 5 of epoch 3. */
  saved?: [number, number];
}

const variants: Variant[] = [
  { name: `${JAX.name}, with TensorFlow beside it`, kind: { ...JAX, seed: SEED } },
  ...[TENSORFLOW_215, ...more(TENSORFLOW, TORCH, TF_KERAS)].map((kind) => ({ name: kind.name, kind })),
  ...more({
    name: "TensorFlow 2.15 with an optimizer of before",
    kind: TENSORFLOW_215,
    optimizer: "keras.optimizers.legacy.Adam(0.01)",
  }),
  ...more({ name: "a model that is built by its first batch, on TensorFlow", kind: TENSORFLOW, deferred: true }),
  { name: "a model that is built by its first batch, on PyTorch", kind: TORCH, deferred: true },
  { name: "a checkpoint at the last batch of an epoch", kind: JAX, saved: [2, 7] },
];

function scriptOf({ kind, optimizer = `"adam"`, deferred, saved = [3, 2] }: Variant): string {
  return `${beginning(kind)}
layers = [
    ${deferred ? "" : `${kind.input},`}
    keras.layers.Dense(16, activation="relu"),
    keras.layers.BatchNormalization(),
    ${kind.dropout ? "keras.layers.Dropout(0.3, seed=3)," : ""}
    keras.layers.Dense(1),
]
model = keras.Sequential(layers)
model.compile(optimizer=${optimizer}, loss="mse", metrics=["mae"])
slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=0.5)
early = keras.callbacks.EarlyStopping(monitor="loss", patience=50, restore_best_weights=True)
history = model.fit(
    x, y, epochs=6, batch_size=8, shuffle=False, verbose=0, validation_data=(x[:8], y[:8]),
    callbacks=[slower, early, Save(${saved.join(", ")}), Die(3, 5)],
)
tell(model, history)
print("waits", early.wait, early.best, slower.wait)
import sys
print("has TensorFlow", "tensorflow" in sys.modules)
`;
}

/** What a reader shows of points whose steps come twice: the newest. */
function newest(points: readonly Point[]): Point[] {
  const byStep = new Map(points.map(({ step, value }) => [step, value]));
  return [...byStep].sort(([a], [b]) => a - b).map(([step, value]) => ({ step, value }));
}

for (const variant of variants) {
  test(variant.name, async (t) => {
    const { kind } = variant;
    const options = { script: scriptOf(variant), python: kind.python(), env: kind.env ?? {} };
    const [unharmed, killed] = await Promise.all([
      runHooked(t, options),
      runHooked(t, { ...options, cwd: temporary(t), env: { ...kind.env, DIE: "yes" } }),
    ]);
    assert.equal(unharmed.exitCode, 0, unharmed.stderr);
    assert.equal(killed.signal, "SIGKILL", killed.stderr);
    assert.equal(killed.stdout, "");
    const step = variant.saved ? 24 : 27;
    assert.equal(killed.points("batch_loss").length, 30);

    const again = await runHooked(t, { ...options, cwd: killed.cwd, folder: killed.folder });
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(again.stdout, unharmed.stdout);
    const hasTensorFlow = kind !== JAX && kind !== TORCH;
    assert.match(again.stdout, new RegExp(`^has TensorFlow ${hasTensorFlow ? "True" : "False"}$`, "m"));
    assert.match(again.stderr, new RegExp(`Goes on from step ${step}, in epoch \\d of 6`));
    assert.equal(again.status.warning, undefined);
    assert.equal(again.status.state, "finished");
    assert.equal(again.status.step, 48);
    assert.equal(again.status.epoch, 6);
    for (const [tag, source] of [
      ["batch_loss"],
      ["epoch_loss"],
      ["epoch_mae"],
      ["epoch_loss", "validation"],
    ] as const) {
      sameCurve(newest(again.points(tag, source)), unharmed.points(tag, source), `${tag} ${source ?? ""}`);
    }
  });
}

/** A batch's own value is found from the means of an epoch, in 32 bits. */
function sameCurve(actual: readonly Point[], expected: readonly Point[], what: string): void {
  assert.deepEqual(
    actual.map(({ step }) => step),
    expected.map(({ step }) => step),
    what,
  );
  for (const [i, { step, value }] of expected.entries()) {
    assert.ok(
      Math.abs(actual[i]!.value - value) < 2e-5 * Math.abs(value),
      `${what} ${step}: ${actual[i]!.value}, ${value}`,
    );
  }
}
