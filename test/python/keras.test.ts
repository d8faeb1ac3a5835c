// What Keras trains, batch by batch: every Keras against a loop in NumPy that knows nothing of Keras's metrics. One process each.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { ModelSummary } from "../../src/protocol/run";
import { type HookedEnd, runHooked } from "./help";
import { FLAVOURS, LINEAR } from "./kerasScripts";

const SCRIPT = (importing: string) => `
${importing}
${LINEAR}
keras.utils.set_random_seed(1)
expected = {}

# 1. Two epochs with validation, a schedule and metrics that are no means.
schedule = keras.optimizers.schedules.ExponentialDecay(0.05, 2, 0.9)
model = linear(optimizer=keras.optimizers.SGD(schedule), metrics=["mae", keras.metrics.RootMeanSquaredError(name="rmse")])
history = model.fit(x, y, batch_size=16, epochs=2, shuffle=False, verbose=0, validation_data=(x[:20], y[:20]))
expected["plain"] = loop(2, rate=lambda step: 0.05 * 0.9 ** (step / 2))
expected["history"] = {name: [float(value) for value in values] for name, values in history.history.items()}

# 2. By itself: an evaluation.
expected["evaluation"] = [float(value) for value in model.evaluate(x, y, verbose=0)]

# 3. Weighted examples: no batch counts as much as the one before.
model = linear(weighted_metrics=[keras.metrics.MeanAbsoluteError(name="weighted")])
model.fit(x, y, batch_size=16, shuffle=False, verbose=0, sample_weight=weights)
expected["weighted"] = loop(sample_weight=weights)

# 4. Two outputs.
inputs = keras.Input((3,))
heads = [keras.layers.Dense(1, name=name) for name in ("one", "two")]
model = keras.Model(inputs, [head(inputs) for head in heads])
for head in heads:
    head.set_weights([start, np.zeros(1, "float32")])
model.compile(keras.optimizers.SGD(0.05), ["mse", "mse"], metrics=[["mae"], ["mae"]])
model.fit(x, [y, y], batch_size=16, shuffle=False, verbose=0)
expected["one of two"] = loop()

# 5. A class of the user's own, whose fit calls Keras's, with a train_step of its own.
class Own(keras.Model):
    def __init__(self):
        super().__init__(name="own")
        self.dense = keras.layers.Dense(1)
    def call(self, inputs):
        return self.dense(inputs)
    def fit(self, *args, **kwargs):
        return super().fit(*args, **kwargs)
own = Own()
own.compile(keras.optimizers.SGD(0.05), "mse")
own.fit(x, y, batch_size=37, verbose=0)

# 6. A loop of the user's own.
model = linear()
returned = [model.train_on_batch(x[at : at + 16], y[at : at + 16]) for at in range(0, 74, 16)]
expected["by hand"] = loop()
expected["returned"] = [[float(value) for value in values] for values in returned]

# 7. Batches of different sizes, and nobody knows how many.
sizes = [16, 30, 4, 24]
def batches():
    for i, size in enumerate(sizes):
        at = sum(sizes[:i])
        yield x[at : at + size], y[at : at + size]
model = linear()
model.fit(batches(), verbose=0)
expected["sizes"] = loop(size=sizes)
print(json.dumps(expected))
`;

for (const [name, flavour] of Object.entries(FLAVOURS)) {
  test(`${name}: every batch has its own values`, async (t) => {
    const end = await runHooked(t, { script: SCRIPT(flavour.importing), python: flavour.python() });
    assert.equal(end.exitCode, 0, end.stderr);
    assert.doesNotMatch(end.stderr, /\[fitlens\]/);
    const expected = JSON.parse(end.stdout.trim().split("\n").at(-1)!);

    const [loss, mae] = expected.plain as [number[], number[]];
    near(at(end, "batch_loss", 1, 10), loss);
    near(at(end, "batch_mae", 1, 10), mae);
    near(
      at(end, "batch_rmse", 1, 10),
      loss.map((value) => Math.sqrt(value)),
    );
    const { history } = expected;
    near(at(end, "epoch_loss", 5, 10), history.loss);
    near(at(end, "epoch_loss", 5, 10, "validation"), history.val_loss);
    near(at(end, "epoch_mae", 5, 10, "validation"), history.val_mae);
    const rates = end.points("learning_rate").filter(({ step }) => step <= 10);
    for (const { step, value } of rates) near([value], [0.05 * 0.9 ** ((step - 1) / 2)]);
    assert.deepEqual(new Set([rates[0]?.step, rates.at(-1)?.step]), new Set([1, 10]));

    near(at(end, "evaluation_loss", 10, 10, "eval"), expected.evaluation.slice(0, 1));
    near(at(end, "evaluation_mae", 10, 10, "eval"), expected.evaluation.slice(1, 2));
    assert.equal(end.points("evaluation_loss", "eval").length, 1);

    near(at(end, "batch_loss", 11, 15), expected.weighted[0]);
    near(at(end, "batch_mae", 11, 15), expected.weighted[1]);
    near(at(end, "batch_weighted", 11, 15), expected.weighted[2]);

    const one = expected["one of two"];
    near(
      at(end, "batch_loss", 16, 20),
      one[0].map((value: number) => 2 * value),
    );
    for (const head of ["one", "two"]) near(at(end, `batch_${head}_mae`, 16, 20), one[1]);

    assert.equal(at(end, "batch_loss", 21, 22).length, 2);
    near(at(end, "batch_linear_loss", 23, 27), []);
    near(at(end, "batch_loss", 23, 27), expected["by hand"][0]);
    near(
      at(end, "batch_mae", 23, 27),
      expected.returned.map((values: number[]) => values[1]),
    );

    near(at(end, "batch_loss", 28, 31), expected.sizes[0]);
    near(at(end, "batch_mae", 28, 31), expected.sizes[1]);

    assert.equal(end.status.state, "finished");
    assert.equal(end.status.step, 31);
    assert.equal(end.status.epoch, 6);
    assert.match(end.status.framework ?? "", flavour.framework);
    assert.equal(end.status.engine?.name, flavour.engine);
    assert.equal(end.status.engine?.device, "CPU");
    assert.equal(end.status.warning, undefined);
    const summary = v.parse(ModelSummary, JSON.parse(fs.readFileSync(path.join(end.folder, "model.json"), "utf8")));
    assert.deepEqual(summary, {
      format: 1,
      name: "linear",
      optimizer: "SGD",
      loss: "mse",
      layers: summary.layers,
      parameters: 4,
      trainableParameters: 4,
    });
    assert.deepEqual(
      summary.layers.find((layer) => layer.name === "out"),
      { name: "out", className: "Dense", outputShape: [null, 1], parameters: 4, trainable: true },
    );
  });
}

function at(end: HookedEnd, tag: string, first: number, last: number, source?: "validation" | "eval"): number[] {
  return end
    .points(tag, source)
    .filter(({ step }) => step >= first && step <= last)
    .map(({ value }) => value);
}

/** Keras computes in single precision, and its sums grow. */
function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length, `${found} should be ${expected}`);
  found.forEach((value, i) => {
    const wanted = expected[i]!;
    assert.ok(Math.abs(value - wanted) <= 2e-5 + 1e-4 * Math.abs(wanted), `${value} should be ${wanted}, at ${i}`);
  });
}
