// What the editor shows of Python: lenses with the Keras of the selected interpreter, diagnostics with quick fixes, conversions, notebooks.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codeActions } from "../../../src/features/actions";
import { type Analysis, analyse } from "../../../src/features/analysis";
import { convertDocument } from "../../../src/features/convert";
import { diagnostics } from "../../../src/features/diagnostics";
import type { KnownPython } from "../../../src/features/keras";
import { trainingLenses } from "../../../src/features/lenses";
import { notebookText } from "../../../src/features/notebook";
import { trainTargets } from "../../../src/features/targets";
import { parse } from "../../../src/read/source";
import { testGrammars } from "../read/script";

const TF = "import tensorflow as tf\n";
const KERAS3 = "import keras\nmodel = keras.Sequential()\n";

/** A Python that has TensorFlow of that version, with the Keras that comes with it. */
const withTensorFlow = (tensorflow: string, keras = "3.15.0"): KnownPython => ({
  packages: { tensorflow, keras },
  backends: { default: "tensorflow" },
});
const NEW = withTensorFlow("2.21.0");
const OLD = withTensorFlow("2.15.1", "2.15.0");

async function read(text: string, uri = "file:///a.py"): Promise<Analysis> {
  return analyse(uri, parse(text, "python", await testGrammars()));
}

/** A notebook whose cells have the URIs `cell:0`, `cell:1` …, as it is asked about as a whole. */
async function notebook(...cells: string[]): Promise<Analysis> {
  const { text, parts } = notebookText(cells.map((cell, at) => ({ uri: `cell:${at}`, text: cell })));
  return analyse("file:///a.ipynb", parse(text, "python", await testGrammars()), parts);
}

describe("lenses in Python", () => {
  const titles = async (text: string, python: KnownPython = null) =>
    trainingLenses(await read(text), python).map(({ command }) => command?.title);
  const lenses = (name: string, text: string, python: KnownPython, ...expected: string[]) =>
    test(name, async () => assert.deepEqual(await titles(text, python), ["▶ Train", "Debug", "Metrics", ...expected]));

  lenses("tf.keras", `${TF}tf.keras.Sequential().fit(x)`, null, "Convert to Estimator");
  lenses("tf.keras under TensorFlow 2.15", `${TF}tf.keras.Sequential().fit(x)`, OLD, "Convert to Estimator");
  lenses("Keras 3", `${KERAS3}model.fit(x)`, NEW, "Backend: tensorflow ▾");
  lenses("Keras 2 alone", `${KERAS3}model.fit(x)`, OLD, "Convert to Estimator");
  lenses("keras, where the version is not known", `${KERAS3}model.fit(x)`, null);
  lenses("keras_core", "import keras_core as keras\nkeras.Sequential().fit(x)", NEW, "Backend: tensorflow ▾");
  lenses("tf_keras", "import tf_keras\ntf_keras.Sequential().fit(x)", NEW);
  lenses("train_on_batch", `${TF}tf.keras.Sequential().train_on_batch(x, y)`, null);
  lenses("an Estimator", `${TF}tf.estimator.Estimator(f).train(g)`, OLD);
  lenses("train_and_evaluate", `${TF}e = tf.estimator.Estimator(f)\ntf.estimator.train_and_evaluate(e, a, b)`, OLD);
  lenses("a wrapper", "from keras.wrappers.scikit_learn import KerasClassifier\nKerasClassifier(f).fit(x, y)", OLD);
  lenses(
    "a model of Keras 3 by another file",
    `${KERAS3}from b import net\nnet.fit(x, epochs=2)`,
    NEW,
    "Backend: tensorflow ▾",
  );

  const chosen: KnownPython = { packages: { keras: "3.1.0" }, backends: { "file:///a.py": "jax", default: "torch" } };
  lenses("the backend chosen for the file", `${KERAS3}model.fit(x)`, chosen, "Backend: jax ▾");
  lenses(
    "the usual backend",
    `${KERAS3}model.fit(x)`,
    { ...chosen!, backends: { default: "torch" } },
    "Backend: torch ▾",
  );
  const own = (how: string) => `import os\n${how}\n${KERAS3}model.fit(x)`;
  lenses("a script that sets it", own('os.environ["KERAS_BACKEND"] = "torch"'), chosen, "Backend: torch ▾");
  lenses("a script that sets it, without a Python", own("os.environ['KERAS_BACKEND'] = 'jax'"), null, "Backend: jax ▾");
  lenses("a script with a default", own('os.environ.setdefault("KERAS_BACKEND", "torch")'), chosen, "Backend: jax ▾");
  lenses("a script that updates", own('os.environ.update({"KERAS_BACKEND": "torch"})'), chosen, "Backend: torch ▾");
  lenses("another variable", own('os.environ["TF_BACKEND"] = "torch"'), chosen, "Backend: jax ▾");
  lenses("only a comment", own('# os.environ["KERAS_BACKEND"] = "torch"'), chosen, "Backend: jax ▾");
  lenses("not known to the script", own('os.environ["KERAS_BACKEND"] = name'), chosen, "Backend: jax ▾");

  test("the backend's command gets the document", async () => {
    const lens = trainingLenses(await read(`${KERAS3}model.fit(x)`), NEW).at(-1);
    assert.deepEqual(lens?.command?.arguments, ["file:///a.py"]);
    assert.equal(lens?.command?.command, "fitlens.selectBackend");
  });
  test("stand at the method's name", async () => {
    const analysis = await read(`${TF}(\n    tf.keras.Sequential()\n    .fit(x)\n)`);
    assert.deepEqual(trainTargets(analysis), [
      { uri: "file:///a.py", line: 3, character: 5, call: "fit", receiver: "tf.keras.Sequential()" },
    ]);
  });
  test("train_and_evaluate names its estimator", async () => {
    const analysis = await read(`${TF}def go(est):\n    tf.estimator.train_and_evaluate(est, a, b)`);
    assert.deepEqual(trainTargets(analysis), [
      { uri: "file:///a.py", line: 2, character: 17, call: "train_and_evaluate", receiver: "est" },
    ]);
  });
});

describe("tf.estimator under a newer TensorFlow", () => {
  const SCRIPT = `${TF}e = tf.estimator.Estimator(f)\ne.train(g)\ntf.estimator.RunConfig()\n`;
  const found = async (text: string, python: KnownPython = NEW) =>
    diagnostics(await read(text), python).filter(({ code }) => code === "estimator-removed");

  test("is said once, at the first place, with what to do", async () => {
    const [one, ...more] = await found(SCRIPT);
    assert.deepEqual(more, []);
    assert.equal(
      one?.message,
      "The selected Python has TensorFlow 2.21, which has no `tf.estimator`: it left TensorFlow with 2.16. Run this file with TensorFlow 2.15.",
    );
    assert.deepEqual(one?.range, { start: { line: 1, character: 4 }, end: { line: 1, character: 16 } });
    assert.equal(one?.severity, 2);
  });
  const warns = (name: string, text: string, line: number) =>
    test(name, async () =>
      assert.deepEqual(
        (await found(text)).map(({ range }) => range.start.line),
        [line],
      ),
    );
  warns("by name", "from tensorflow.estimator import DNNClassifier\n", 0);
  warns("as a module", "from tensorflow import estimator\n", 0);
  warns("compat.v1", "import tensorflow.compat.v1 as tf\ntf.estimator.RunConfig()\n", 1);
  warns("model_to_estimator", `${TF}tf.keras.estimator.model_to_estimator(m)\n`, 1);
  warns("the package alone", "import tensorflow_estimator as tfe\n", 0);

  const silent = (name: string, text: string, python: KnownPython = NEW) =>
    test(name, async () => assert.deepEqual(await found(text, python), []));
  silent("not under TensorFlow 2.15", SCRIPT, OLD);
  silent("not under TensorFlow 1", SCRIPT, withTensorFlow("1.15.0"));
  silent("not where nothing is known", SCRIPT, null);
  silent("not where the packages are not known", SCRIPT, { packages: null, backends: { default: "tensorflow" } });
  silent("not without TensorFlow", SCRIPT, { packages: { keras: "3.0.0" }, backends: { default: "tensorflow" } });
  silent("not where the version is not known", SCRIPT, withTensorFlow("of unknown version"));
  silent("not where the script asks for it first", `${TF}if hasattr(tf, "estimator"):\n    tf.estimator.RunConfig()\n`);
  silent(
    "not where it is tried",
    `try:\n    from tensorflow import estimator\nexcept ImportError:\n    estimator = None\n`,
  );
  silent("not an estimator of scikit-learn", `${TF}estimator = make()\nsearch.estimator.fit(x)\n`);
  test("TensorFlow 2.16 counts", async () =>
    assert.equal((await found(SCRIPT, withTensorFlow("2.16.0rc0"))).length, 1));
  test("TensorFlow 3 counts", async () => assert.equal((await found(SCRIPT, withTensorFlow("3.0.0"))).length, 1));

  test("the quick fix makes an environment", async () => {
    const analysis = await read(SCRIPT);
    const at = { line: 1, character: 8 };
    const [fix, ...more] = codeActions(analysis, { start: at, end: at }, ["quickfix"], NEW);
    assert.deepEqual(more, []);
    assert.equal(fix?.title, "Create an Environment with TensorFlow 2.15…");
    assert.deepEqual(fix?.command?.arguments, ["estimator"]);
    assert.equal(fix?.command?.command, "fitlens.createEnvironment");
    assert.equal(fix?.diagnostics?.[0]?.code, "estimator-removed");
    const elsewhere = { line: 3, character: 8 };
    assert.deepEqual(codeActions(analysis, { start: elsewhere, end: elsewhere }, ["quickfix"], NEW), []);
  });
});

describe("a script of Keras 3 is not converted", () => {
  const SCRIPT = 'import keras\nm = keras.Sequential()\nm.compile("sgd", "mse")\nm.fit(x, y)\n';
  const result = async (keras: string) =>
    convertDocument(await read(SCRIPT), null, {}, { packages: { keras }, backends: { default: "tensorflow" } });
  test("where the selected Python has it", async () => {
    const refused = await result("3.15.0");
    assert.equal(!refused.ok && refused.code, "keras-3");
  });
  test("Keras 2 is", async () => assert.equal((await result("2.15.0")).ok, true));
});

describe("Convert to Estimator is offered in Python", () => {
  const SCRIPT = `${TF}def build():
    net = tf.keras.Sequential([
        tf.keras.layers.Dense(1),
    ])
    return net
model = build()
model.compile(
    optimizer="sgd",
)
x = tf.ones([1, 1])
model.fit(x, x, epochs=3)
model.predict(x)
`;
  const at = async (marked: string, python: KnownPython = null) => {
    const analysis = await read(marked.replace("|", ""));
    const place = analysis.source.positionAt(marked.indexOf("|"));
    return codeActions(analysis, { start: place, end: place }, undefined, python).map(({ title }) => title);
  };
  for (const place of [
    "keras.Sequ|ential",
    "Den|se(1)",
    "mo|del = build",
    'optimizer="s|gd"',
    "model.f|it",
    "epochs|=3",
  ])
    test(`at ${place}`, async () =>
      assert.deepEqual(await at(SCRIPT.replace(place.replace("|", ""), place)), ["Convert to Estimator"]));
  for (const place of ["import| tensorflow", "x| = tf", "model.pre|dict", "retu|rn net"])
    test(`not at ${place}`, async () => assert.deepEqual(await at(SCRIPT.replace(place.replace("|", ""), place)), []));
  test("not under Keras 3", async () => assert.deepEqual(await at(`${KERAS3}model.f|it(x)`, NEW), []));
});

describe("fit before compile in Python", () => {
  const found = async (text: string) => diagnostics(await read(`from tensorflow import keras\n${text}`));
  const warns = (name: string, text: string) =>
    test(name, async () => {
      const [one] = await found(text);
      assert.equal(
        one?.message,
        "`m` is not compiled when `m.fit` runs. Call `m.compile(optimizer=…, loss=…)` before it.",
      );
    });
  const silent = (name: string, text: string) => test(name, async () => assert.deepEqual(await found(text), []));
  const M = "m = keras.Sequential()\n";

  warns("never compiled", `${M}m.fit(x, y)`);
  warns("layers added in between", `${M}m.add(a)\nm.summary()\nm.fit(x, y)`);
  warns("compiled afterwards", `${M}m.fit(x, y)\nm.compile()`);
  warns("in a function", "def f():\n    m = keras.Model(i, o)\n    m.fit(x, y)");
  test("the later compile is named", async () => {
    const [one] = await found(`${M}m.fit(x, y)\nm.compile()`);
    assert.equal(one?.relatedInformation?.[0]?.location.range.start.line, 3);
  });

  silent("compiled", `${M}m.compile()\nm.fit(x, y)`);
  silent("compiled by a function that is given the model", `${M}prepare(m)\nm.fit(x, y)`);
  silent("compiled under another name", `${M}n = m\nn.compile()\nm.fit(x, y)`);
  silent("compiled in a branch", `${M}if a:\n    m.compile()\nm.fit(x, y)`);
  silent("compiled by a function that sees the model", `${M}def c():\n    m.compile()\nc()\nm.fit(x, y)`);
  silent("fit in a function, compiled outside", `${M}def f():\n    m.fit(x, y)\nm.compile()\nf()`);
  silent("fit in a loop", `${M}for i in a:\n    m.fit(x, y)\n`);
  silent("made by a function", "m = make()\nm.fit(x, y)");
  silent("loaded, with what it was compiled with", 'm = keras.models.load_model("m")\nm.fit(x, y)');
  warns("a class of the file", "class N(keras.Model): pass\nm = N()\nm.fit(x, y)");
  silent(
    "a class of the file that compiles itself",
    "class N(keras.Model):\n    def compile(self): pass\nm = N()\nm.fit(x, y)",
  );
  silent("something unknown is compiled, which it may be", `${M}for n in models:\n    n.compile()\nm.fit(x, y)`);
  silent("put where others find it", `${M}registry["m"] = m\nrun()\nm.fit(x, y)`);
  silent("seen by a function that is given away", `${M}def c():\n    m.compile()\nschedule(c)\nm.fit(x, y)`);
  silent("its method is given away", `${M}run(m.compile)\nm.fit(x, y)`);
  silent("a method of it that nobody knows", `${M}m.prepare()\nm.fit(x, y)`);
  silent("made elsewhere, trained in a function", `${M}def f():\n    m.fit(x, y)`);
  silent("an attribute of it is set", `${M}m.compiled = True\nm.fit(x, y)`);
  silent("an error in the code around", `${M}m.compile(\nm.fit(x, y)`);
  silent("assigned again", `${M}m = other()\nm.fit(x, y)`);
  silent("in a list", `${M}all = [m]\ngo(all)\nm.fit(x, y)`);
});

describe("notebooks", () => {
  test("names of earlier cells are known in later ones, and places are those of the cells", async () => {
    const all = await notebook(
      "%pip install keras\nfrom tensorflow import keras",
      "def build():\n    return keras.Sequential()",
      "!ls\n\nm = build()\nm.fit(x)\n",
    );
    const target = { uri: "cell:2", line: 3, character: 2, call: "fit", receiver: "m" };
    assert.deepEqual(trainTargets(all), [target]);
    assert.deepEqual(trainTargets({ ...all, uri: "cell:2" }), [target]);
    assert.deepEqual(trainTargets({ ...all, uri: "cell:0" }), []);
    const [lens] = trainingLenses({ ...all, uri: "cell:2" });
    assert.deepEqual(lens?.range, { start: { line: 3, character: 2 }, end: { line: 3, character: 5 } });
  });

  test("a cell that is broken or of another language leaves the others", async () => {
    const all = await notebook(
      "from tensorflow import keras\nm = keras.Sequential()",
      's = """not closed',
      "%%html\n<b>'",
      "print((",
      "%%time\nm.fit(x)",
    );
    assert.deepEqual(
      trainTargets(all).map(({ uri, line }) => [uri, line]),
      [["cell:4", 1]],
    );
  });

  test("diagnostics are those of the cell", async () => {
    const all = await notebook(TF, "\n\ntf.estimator.RunConfig()");
    assert.deepEqual(diagnostics({ ...all, uri: "cell:0" }, NEW), []);
    const [one] = diagnostics({ ...all, uri: "cell:1" }, NEW);
    assert.equal(one?.range.start.line, 2);
  });

  test("cells may run in any order: only within one a missing compile is certain", async () => {
    const make = "import tensorflow as tf\nm = tf.keras.Sequential()";
    assert.deepEqual(diagnostics(await notebook(make, "m.fit(x)")), []);
    const found = diagnostics(await notebook("a = 1", `${make}\nm.fit(x)`));
    assert.deepEqual(
      found.map(({ code, range }) => [code, range.start.line]),
      [["fit-before-compile", 2]],
    );
  });

  test("code actions are those of the cell", async () => {
    const all = await notebook(TF, "m = tf.keras.Sequential()\nm.fit(x)", "m.summary()");
    const at = (uri: string, line: number) =>
      codeActions({ ...all, uri }, { start: { line, character: 0 }, end: { line, character: 0 } }).map(
        ({ title }) => title,
      );
    assert.deepEqual(at("cell:1", 1), ["Convert to Estimator"]);
    assert.deepEqual(at("cell:0", 0), []);
  });

  const COMPILED = 'model.compile(optimizer="sgd", loss="mse")';
  test("a cell is converted with its magics as they are", async () => {
    const all = await notebook(
      "import numpy as np\nimport tensorflow as tf",
      "x = np.ones((8, 1))\ny = np.ones((8, 1))",
      `!ls\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])\n${COMPILED}\nmodel.fit(x, y, epochs=2)\n`,
    );
    const result = convertDocument({ ...all, uri: "cell:2" }, 4, { line: 3 });
    assert.equal(result.ok, true, JSON.stringify(result));
    if (!result.ok) return;
    assert.equal(result.version, 4);
    assert.match(result.newText, /^!ls\n/m);
    assert.match(result.newText, /model_to_estimator\(/);
    assert.doesNotMatch(result.newText, /import numpy/);
  });
  test("the magic of the whole cell stays its first line", async () => {
    const all = await notebook(
      "import tensorflow as tf\nimport numpy as np\nx = np.ones((8, 1))",
      `model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])\n${COMPILED}\n`,
      "%%time\nmodel.fit(x, x, epochs=2)",
    );
    const result = convertDocument({ ...all, uri: "cell:2" }, null, { line: 1 });
    assert.equal(result.ok, true, JSON.stringify(result));
    if (result.ok) assert.match(result.newText, /^%%time\ndef array_input_fn/);
  });
  test("a refusal's line is that of the cell", async () => {
    const all = await notebook(TF, "a = 1", `m = make()\n${COMPILED}\n\nm.fit(*data)`);
    const result = convertDocument({ ...all, uri: "cell:2" }, null, {});
    assert.equal(result.ok, false);
    if (!result.ok && result.line !== undefined) assert.ok(result.line < 4, JSON.stringify(result));
  });
});
