// TensorBoard's own reader opens what an Estimator leaves in modelDir. Needs a Python with TensorBoard in FITLENS_TEST_PYTHON.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig, setVerbosity, tensorInputFn } from "../../src/estimator/index";
import { data, folder, labelsFor } from "../unit/estimator/help";

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util
def read(folder):
    events = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0}).Reload()
    scalars = {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
    for tag in events.Tags()["tensors"]:
        for e in events.Tensors(tag):
            value = tensor_util.make_ndarray(e.tensor_proto).ravel()[0]
            scalars.setdefault(tag, []).append([e.step, value.decode() if isinstance(value, bytes) else float(value)])
    return scalars
print(json.dumps([read(folder) for folder in sys.argv[1:]]))
`;

type Series = Record<string, [number, number | string][]>;

const python = process.env["FITLENS_TEST_PYTHON"];

test("TensorBoard reads the summaries of training and evaluation", {
  skip: !python && "no FITLENS_TEST_PYTHON",
}, async (t) => {
  setVerbosity("silent");
  const modelDir = folder(t);
  const x = data(1, [40, 4]);
  const y = labelsFor(x, 3);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], activation: "softmax" })] });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const config = new RunConfig({ saveSummarySteps: 10, logStepCountSteps: 10 });
  const estimator = modelToEstimator({ kerasModel: model, modelDir, config });
  const losses: number[] = [];
  const hooks = [{ afterRun: (_: unknown, { loss }: { loss: number | null }) => void losses.push(loss!) }];
  await estimator.train(tensorInputFn({ x, y, numEpochs: null }), { steps: 31, hooks });
  const results = await estimator.evaluate(tensorInputFn({ x, y, shuffle: false }));

  const out = execFileSync(python!, ["-c", READ, modelDir, estimator.evalDir()], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [trained, evaluated] = JSON.parse(out) as [Series, Series];
  assert.deepEqual(
    trained["loss"],
    [1, 11, 21, 31].map((step) => [step, losses[step - 1]]),
  );
  assert.deepEqual(
    trained["global_step/sec"]?.map(([step]) => step),
    [11, 21, 31],
  );
  assert.deepEqual(
    Object.keys(evaluated).filter((tag) => tag !== "checkpoint_path"),
    ["acc", "loss"],
  );
  assert.deepEqual(evaluated["acc"], [[31, Math.fround(results["acc"]!)]]);
  assert.deepEqual(evaluated["loss"], [[31, Math.fround(results["loss"]!)]]);
  assert.deepEqual(evaluated["checkpoint_path"], [[31, await estimator.latestCheckpoint()]]);
});
