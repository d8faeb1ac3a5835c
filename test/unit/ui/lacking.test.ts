// What a Python file needs and an interpreter lacks, said before it is started.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PythonInfo } from "../../../src/train/interpreters";
import { type BackendWish, lackingIn } from "../../../src/ui/lacking";
import { backendInScript } from "../../../src/ui/pythonNeeds";

const having = (packages: Record<string, string>): PythonInfo => ({
  path: "/env/bin/python",
  version: "3.11.7",
  prefix: "/env",
  packages,
});
const NEWEST = having({ tensorflow: "2.21.0", keras: "3.15.0", jax: "0.9.0" });
const OLD = having({ tensorflow: "2.15.1", keras: "2.15.0", "tensorflow-estimator": "2.15.0" });
const BARE = having({});
const USUAL: BackendWish = { usual: "tensorflow" };

const sentence = (text: string, python: PythonInfo, wish = USUAL) => lackingIn(text, python, wish)?.sentence;

for (const [what, text, python, wish] of [
  ["Keras 3 with TensorFlow", "import keras\n", NEWEST, USUAL],
  ["tf.keras", "import tensorflow as tf\nfrom tensorflow import keras\n", OLD, USUAL],
  ["tf.estimator under 2.15", "import tensorflow as tf\ntf.estimator.Estimator(f)\n", OLD, USUAL],
  ["a chosen backend that is there", "import keras\n", NEWEST, { chosen: "jax", usual: "tensorflow" }],
  ["a backend set in the script", 'import os\nos.environ["KERAS_BACKEND"] = "jax"\nimport keras\n', NEWEST, USUAL],
  [
    "a backend set in a way that is not read",
    "import os\nos.environ['KERAS_BACKEND'] = name\nimport keras\n",
    NEWEST,
    USUAL,
  ],
  ["Keras 2 whatever is configured for Keras 3", "import keras\n", OLD, { usual: "jax" }],
  ["nothing that trains", "print(1)\n", BARE, USUAL],
] as const) {
  test(`nothing is said of ${what}`, () => assert.equal(lackingIn(text, python, wish), undefined));
}

test("tf.estimator under a newer TensorFlow needs the last one that has it", () => {
  const lacking = lackingIn("import tensorflow as tf\ntf.estimator.Estimator(f)\n", NEWEST, USUAL);
  assert.match(lacking?.sentence ?? "", /TensorFlow 2\.21\.0, which has no tf\.estimator any more/);
  assert.equal(lacking?.need, "estimator");
  assert.equal(lacking?.refused, undefined);
});

test("imports that are missing are named", () => {
  assert.equal(
    sentence("import keras, torch\n", NEWEST),
    "The script imports PyTorch, which this Python (3.11) does not have.",
  );
  assert.deepEqual(lackingIn("import keras\nimport torch\n", NEWEST, USUAL)?.backend, "torch");
  assert.match(sentence("import tensorflow\n", BARE) ?? "", /imports TensorFlow/);
});

test("a backend that was chosen and is missing is refused, because the launcher would refuse it", () => {
  const lacking = lackingIn("import keras\n", NEWEST, { chosen: "torch", usual: "tensorflow" });
  assert.match(lacking?.sentence ?? "", /has no PyTorch, which the backend torch needs/);
  assert.deepEqual([lacking?.refused, lacking?.backend], [true, "torch"]);
});

test("the backend that Keras takes by itself must be there as well", () => {
  assert.match(sentence("import keras\n", NEWEST, { usual: "torch" }) ?? "", /has no PyTorch/);
  assert.match(sentence("import keras\n", having({ keras: "3.15.0" })) ?? "", /has no TensorFlow/);
  assert.match(
    sentence('import os\nos.environ["KERAS_BACKEND"] = "torch"\nimport keras\n', NEWEST) ?? "",
    /has no PyTorch, which the backend torch needs/,
  );
});

test("an interpreter that does not work is told in its own words", () => {
  const broken = { ...BARE, problem: "/env/bin/python does not exist." };
  assert.deepEqual(lackingIn("import tensorflow as tf\ntf.estimator.Estimator(f)", broken, USUAL), {
    sentence: "/env/bin/python does not exist.",
    need: "estimator",
    refused: true,
  });
});

for (const [text, backend] of [
  ["import keras", undefined],
  ['os.environ["KERAS_BACKEND"] = "jax"', "jax"],
  ["os.environ['KERAS_BACKEND']='torch'", "torch"],
  ['os.environ.setdefault("KERAS_BACKEND", "tensorflow")', "tensorflow"],
  ['os.environ.update({"KERAS_BACKEND": "jax"})', "jax"],
  ['keras.config.set_backend("torch")', "torch"],
  ["%env KERAS_BACKEND=jax", null],
] as const) {
  test(`${text} sets ${backend ?? (backend === null ? "what is not read" : "nothing")}`, () =>
    assert.equal(backendInScript(text), backend));
}
