// Estimators under the hook, with real TensorFlow 2.15: what is recorded, and that the training stays what it was.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { HEAD } from "./estimatorScripts";
import { more, pythonEstimator, runHooked, runPlain, temporary } from "./help";

interface Model {
  name: string;
  optimizer?: string;
  loss?: string;
  layers: { name: string; className: string; outputShape: (number | null)[]; parameters: number }[];
  parameters: number;
  trainableParameters: number;
}

const modelOf = (folder: string): Model => JSON.parse(fs.readFileSync(path.join(folder, "model.json"), "utf8"));

const steps = (points: { step: number }[]) => points.map(({ step }) => step);
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test("a canned Estimator: every step's own loss, evaluation, model, graph and how it stands", async (t) => {
  const end = await runHooked(t, {
    python: pythonEstimator(),
    script: `${HEAD}
class Losses(tf.estimator.SessionRunHook):
    def before_run(self, context):
        return tf.estimator.SessionRunArgs(context.original_args.fetches[1])
    def after_run(self, context, values):
        print(float(values.results))

e = canned("model_dir")
e.train(data, hooks=[Losses()], steps=12)
print("evaluated", float(e.evaluate(lambda: data(1))["loss"]))
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  const printed = end.stdout.trim().split("\n");
  const losses = printed.slice(0, 12).map(Number);
  assert.deepEqual(
    end.points("batch_loss"),
    losses.map((value, at) => ({ step: at + 1, value })),
  );
  assert.deepEqual(end.points("evaluation_loss", "eval"), [{ step: 12, value: Number(printed[12]!.split(" ")[1]) }]);
  assert.ok(end.tags("eval").includes("evaluation_auc_precision_recall"));
  assert.ok(!end.tags("eval").some((tag) => tag.includes("global_step")));
  assert.ok(Math.abs(end.points("learning_rate")[0]!.value - 0.001) < 1e-9);
  const { status } = end;
  assert.equal(status.state, "finished");
  assert.equal(status.framework, "tf.estimator 2.15.0");
  assert.equal(status.engine?.name, "tensorflow");
  assert.match(status.engine?.version ?? "", /^2\.15\./);
  assert.match(status.engine?.device ?? "", /^CPU, \d+ cores?$/);
  assert.deepEqual([status.step, status.steps], [12, 12]);
  assert.equal(status.batchSize, 32);
  assert.equal(status.checkpoint?.step, 12);
  assert.equal(status.call?.file, end.script);
  const model = modelOf(end.folder);
  assert.deepEqual(
    model.layers.map((layer) => [layer.name, layer.className, layer.outputShape, layer.parameters]),
    [
      ["dnn/hiddenlayer_0", "Dense", [null, 8], 40],
      ["dnn/hiddenlayer_1", "Dense", [null, 4], 36],
      ["dnn/logits", "Dense", [null, 1], 5],
    ],
  );
  assert.deepEqual([model.optimizer, model.loss, model.parameters], ["Adagrad", "sigmoid cross entropy", 81]);
  const events = fs.readdirSync(path.join(end.folder, "train")).map((name) => path.join(end.folder, "train", name));
  assert.ok(
    events.some((file) => fs.readFileSync(file).includes("dnn/hiddenlayer_0/kernel")),
    "the graph is there",
  );
});

test("a model_fn: its decaying learning rate, batch normalization, NaN told with the step", async (t) => {
  const end = await runHooked(t, {
    python: pythonEstimator(),
    script: `${HEAD}
e = custom("model_dir")
e.train(data, hooks=[Slow(0.06)], steps=25)
def broken():
    return data().map(lambda f, l: ({"x": f["x"] / 0.0 * 0.0}, l))
try:
    e.train(broken, steps=5)
except tf.compat.v1.train.NanLossDuringTrainingError as error:
    print(error)
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, "NaN loss during training.\n");
  const rates = new Set(end.points("learning_rate").map(({ value }) => Number(value.toPrecision(3))));
  assert.deepEqual([...rates], [0.01, 0.005, 0.0025]);
  for (const { step, value } of end.points("learning_rate").filter((point) => point.step <= 25)) {
    assert.ok(Math.abs(value - 0.01 * 0.5 ** Math.floor((step - 1) / 10)) < 1e-8, `${step}: ${value}`);
  }
  const { notFinite } = end.status;
  assert.deepEqual([notFinite?.tag, notFinite?.step, notFinite?.value], ["batch_loss", 26, "NaN"]);
  assert.match(notFinite?.cause ?? "", /hidden\/kernel/);
  const model = modelOf(end.folder);
  assert.deepEqual(
    model.layers.map(({ name, className, parameters }) => [name, className, parameters]),
    [
      ["hidden", "Dense", 40],
      ["norm", "BatchNormalization", 32],
      ["out", "Dense", 18],
    ],
  );
  assert.deepEqual([model.parameters, model.trainableParameters, model.optimizer], [90, 74, "Adam"]);
  assert.equal(model.loss, "sparse softmax cross entropy");
});

test("train_and_evaluate: evaluations are validation, at their steps", async (t) => {
  const end = await runHooked(t, {
    python: pythonEstimator(),
    script: `${HEAD}
e = canned("model_dir", save_checkpoints_steps=10)
metrics, _ = tf.estimator.train_and_evaluate(
    e,
    tf.estimator.TrainSpec(data, max_steps=30),
    tf.estimator.EvalSpec(lambda: data(1), steps=None, throttle_secs=0),
)
print(float(metrics["loss"]), int(metrics["global_step"]))
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  const validation = end.points("epoch_loss", "validation");
  assert.deepEqual(steps(validation), [10, 20, 30]);
  const [loss, step] = end.stdout.trim().split(" ").map(Number);
  assert.deepEqual({ step, value: loss }, validation[2]);
  assert.deepEqual(end.tags("eval"), []);
  assert.deepEqual(steps(end.points("batch_loss")), upTo(30));
});

test("an InMemoryEvaluatorHook is validation; a second one has tags of its own", async (t) => {
  const end = await runHooked(t, {
    python: pythonEstimator(),
    script: `${HEAD}
e = custom("model_dir")
Hook = tf.estimator.experimental.InMemoryEvaluatorHook
e.train(data, hooks=[Hook(e, lambda: data(1), every_n_iter=5), Hook(e, data, 2, name="seen", every_n_iter=10)], steps=10)
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.deepEqual([...new Set(steps(end.points("epoch_accuracy", "validation")))], [0, 5, 10]);
  assert.deepEqual([...new Set(steps(end.points("epoch_accuracy/seen", "validation")))], [0, 10]);
});

test("model_to_estimator", async (t) => {
  const end = await runHooked(t, {
    python: pythonEstimator(),
    script: `${HEAD}
tf.keras.utils.set_random_seed(1)
model = tf.keras.Sequential([tf.keras.Input((4,), name="x"), tf.keras.layers.Dense(8, "relu"), tf.keras.layers.Dense(1)])
model.compile(tf.keras.optimizers.legacy.Adam(0.02), "mse", metrics=["mae"])
e = tf.keras.estimator.model_to_estimator(model, config=config())
e.train(data, steps=15)
e.evaluate(lambda: data(1))
print(e.model_dir)
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.deepEqual(steps(end.points("batch_loss")), upTo(15));
  assert.ok(end.tags("eval").includes("evaluation_mae"));
  assert.equal(modelOf(end.folder).parameters, 49);
  assert.ok(Math.abs(end.points("learning_rate")[0]!.value - 0.02) < 1e-8);
  assert.equal(end.stdout.trim(), path.join(end.folder, "checkpoints", "model"));
});

const UNCHANGED: Record<string, string> = {
  "a canned Estimator": `
e = canned("model_dir", save_checkpoints_steps=7)
e.train(data, steps=20)
show(e.evaluate(lambda: data(1)))
e.train(data, max_steps=30)
print(values(e))
`,
  "a model_fn without model_dir, trained until its input ends": `
e = custom()
e.train(lambda: data(2))
show(e.evaluate(data, steps=3, name="few"))
print(values(e), [p["class"] for p in e.predict(lambda: data(1))][:20])
`,
  "dropout and hooks that use random numbers of the graph": `
class Noise(tf.estimator.SessionRunHook):
    def begin(self):
        self.noise = tf.random.uniform(())
    def before_run(self, context):
        return tf.estimator.SessionRunArgs(self.noise)
    def after_run(self, context, values):
        print(values.results)
e = tf.estimator.DNNClassifier([8], columns, "model_dir", dropout=0.5, config=config())
e.train(data, steps=5, hooks=[Noise()])
print(values(e))
`,
  "a failure inside of an input function": `
def wrong():
    raise ValueError("no data here")
canned("model_dir").train(wrong, steps=3)
`,
  "wrong arguments": `
try:
    canned("model_dir").train(data, steps=1, max_steps=2)
except ValueError as error:
    print(error)
canned("model_dir").train(data, steps=0)
`,
};

const SHORT = ["a canned Estimator"];
const LONG = Object.keys(UNCHANGED).filter((name) => !SHORT.includes(name));

for (const name of [...SHORT, ...more(...LONG)]) {
  const body = UNCHANGED[name]!;
  test(`nothing changes for the script: ${name}`, async (t) => {
    const cwd = temporary(t);
    const [one, two] = [path.join(cwd, "plain"), path.join(cwd, "hooked")];
    for (const folder of [one, two]) fs.mkdirSync(folder);
    const script = path.join(cwd, "train.py");
    fs.writeFileSync(script, HEAD + body);
    const plain = await runPlain([script], { cwd: one, python: pythonEstimator() });
    const hooked = await runHooked(t, { file: script, cwd: two, python: pythonEstimator() });
    assert.equal(hooked.stdout, plain.stdout);
    assert.deepEqual([hooked.exitCode, hooked.signal], [plain.exitCode, plain.signal]);
    assert.doesNotMatch(hooked.stderr, /\[fitlens\]/);
    assert.deepEqual(filesOf(path.join(two, "model_dir")), filesOf(path.join(one, "model_dir")));
    if (plain.exitCode !== 0) {
      assert.equal(hooked.status.state, "failed");
      const traceback = (text: string) => text.slice(text.indexOf("Traceback (most recent call last)"));
      assert.equal(traceback(hooked.stderr), traceback(plain.stderr));
    }
  });
}

/** Names in a model_dir without the times and the host in those of event files. */
function filesOf(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replace(/tfevents\..*/, "tfevents"))
    .sort();
}
