// Where a NaN came from: the data, a layer's weights, a layer's output, or, where it cannot be told, nothing.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { more, PACKAGE, runHooked, runPlain, temporary } from "./help";
import { beginning, JAX, type Kind, TENSORFLOW, TENSORFLOW_215, TORCH } from "./kerasKinds";

async function causeOf(t: Parameters<typeof temporary>[0], kind: Kind, script: string): Promise<string | undefined> {
  const end = await runHooked(t, { script: beginning(kind) + script, python: kind.python(), env: kind.env ?? {} });
  assert.equal(end.exitCode, 0, end.stderr);
  const found = end.status.notFinite as { tag: string; cause?: string } | undefined;
  assert.ok(found, "something is not finite");
  return found.cause;
}

const SMALL = `
def made(*layers):
    model = keras.Sequential(list(layers))
    model.compile(optimizer="sgd", loss="mse")
    return model
dense = keras.layers.Dense
plain = dict(epochs=2, batch_size=8, verbose=0)
`;

for (const kind of [JAX, ...more(TORCH), TENSORFLOW_215]) {
  test(`NaN in the features and in the labels, ${kind.name}`, async (t) => {
    const model = `${SMALL}\nmodel = made(${kind.input}, dense(3), dense(1))\n`;
    const features = await causeOf(t, kind, `${model}x[17, 2] = float("nan")\nmodel.fit(x, y, **plain)\n`);
    assert.equal(features, "the features given to fit (row 17)");
    const labels = await causeOf(t, kind, `${model}y[3] = float("inf")\nmodel.fit(x, y, **plain)\n`);
    assert.equal(labels, "the labels given to fit (row 3)");
  });
}

test("NaN in one of several named inputs", async (t) => {
  const script = `${SMALL}
one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
model = keras.Model({"one": one, "two": two}, dense(1)(keras.layers.concatenate([one, two])))
model.compile(optimizer="sgd", loss="mse")
other = x.copy()
other[40, 0] = float("nan")
model.fit({"one": x, "two": other}, y, **plain)
`;
  assert.equal(await causeOf(t, JAX, script), 'the features "two" given to fit (row 40)');
});

for (const kind of [JAX, ...more(TENSORFLOW), TENSORFLOW_215]) {
  test(`a layer that makes a NaN of finite numbers is named, ${kind.name}`, async (t) => {
    const logarithm = kind === TENSORFLOW_215 ? "tensorflow.math.log" : "keras.ops.log";
    const script = `${SMALL}
${kind === TENSORFLOW_215 ? "import tensorflow" : ""}
x[33, 1] = 0
def log(inputs):
    return ${logarithm}(inputs)
model = made(${kind.input}, keras.layers.Lambda(log, name="log"), dense(3, name="after"), dense(1, name="last"))
model.fit(x, y, **plain)
`;
    assert.equal(await causeOf(t, kind, script), 'layer "log" (its output)');
  });
}

test("weights that were not finite from the beginning are named by their layer", async (t) => {
  const script = `${SMALL}
model = made(${JAX.input}, dense(3, name="before"), dense(3, name="broken"), dense(1, name="after"))
kernel, bias = model.get_layer("broken").get_weights()
kernel[1, 1] = float("inf")
model.get_layer("broken").set_weights([kernel, bias])
model.fit(x, y, **plain)
`;
  assert.equal(await causeOf(t, JAX, script), 'layer "broken" (its weights)');
});

test("where it cannot be told, nothing is named, and the model is left as it was", async (t) => {
  const script = `${SMALL}
model = made(${JAX.input}, dense(30), dense(30), dense(1))
model.compile(optimizer=keras.optimizers.SGD(1e6), loss="mse")
model.fit(x, y, **plain)
print(all(numpy.isnan(array).all() for array in model.get_weights()))
`;
  assert.equal(await causeOf(t, JAX, script), undefined);
});

test("the first array that is not finite, by name, whatever its type", async (t) => {
  const script = `
import sys
sys.path.insert(0, ${JSON.stringify(path.dirname(PACKAGE))})
import numpy
from fitlens.keras.finite import first_not_finite, row_not_finite
nan = numpy.full((3, 2), numpy.nan)
whole, words = numpy.arange(4), numpy.array(["a", "b"])
print(first_not_finite({"a": whole, "b": words, "c": numpy.zeros((0, 3)), "d": nan, "e": nan}))
print(first_not_finite([("a", numpy.float32(1.0)), ("b", numpy.array(numpy.inf))]))
print(first_not_finite({"a": whole, "b": 1.0, "c": None}))
import ml_dtypes
half = numpy.ones((5, 2), dtype=ml_dtypes.bfloat16)
print(row_not_finite(half))
half[4, 1] = numpy.nan
print(row_not_finite(half), row_not_finite(numpy.full(3, 1j * numpy.inf)))
large = numpy.zeros((3, 5_000_000), dtype="float16")
large[2, 7] = -numpy.inf
print(row_not_finite(large))
`;
  const end = await runPlain(["-c", script], { cwd: temporary(t) });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, "d\nb\nNone\nNone\n4 0\n2\n");
});
