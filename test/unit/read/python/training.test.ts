// Which Python calls train: `▶` marks each that must be found; what is not marked must not be.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pythonOf } from "../script";

const TF = "import tensorflow as tf\n";
const KERAS = "from tensorflow import keras\n";

/** `▶` stands right before the name of each method that trains. */
async function check(marked: string): Promise<void> {
  const text = marked.replaceAll("▶", "");
  const expected: number[] = [];
  for (let at = marked.indexOf("▶"); at >= 0; at = marked.indexOf("▶", at + 1)) expected.push(at - expected.length);
  const { calls, source } = await pythonOf(text);
  const found = calls.map(({ call }) => {
    const callee = call.childForFieldName("function")!;
    return (callee.childForFieldName("attribute") ?? callee).startIndex;
  });
  const show = (offsets: number[]) =>
    offsets.map((at) => `${JSON.stringify(text.slice(at, at + 30))} in line ${source.positionAt(at).line + 1}`);
  assert.deepEqual(show(found), show(expected));
}

const cases = (title: string, list: Record<string, string>) =>
  describe(title, () => {
    for (const [name, text] of Object.entries(list)) test(name, () => check(text));
  });

cases("Keras under any name", {
  "tf.keras": `${TF}m = tf.keras.Sequential()\nm.▶fit(x)`,
  "tf.keras.models": `${TF}m = tf.keras.models.Sequential([])\nm.▶fit(x)`,
  "from tensorflow import keras": `${KERAS}m = keras.Model(a, b)\nm.▶fit(x)`,
  "a class by name": "from tensorflow.keras.models import Sequential\nSequential().▶fit(x)",
  "under another name": "from tensorflow.keras.models import Sequential as Net\nNet().▶fit(x)",
  "import keras": "import keras\nm = keras.Sequential()\nm.▶fit(x)",
  "keras.models": "from keras.models import Model\nm = Model(a, b)\nm.▶fit(x)",
  "a module under another name": "import tensorflow.keras.models as km\nkm.Sequential().▶fit(x)",
  "the dotted name": "import tensorflow.keras.models\ntensorflow.keras.models.Sequential().▶fit(x)",
  tf_keras: "import tf_keras\ntf_keras.Sequential().▶fit(x)",
  "tf_keras as keras": "import tf_keras as keras\nkeras.Sequential().▶fit(x)",
  keras_core: "import keras_core as keras\nkeras.Sequential().▶fit(x)",
  "compat.v1": "import tensorflow.compat.v1 as tf\ntf.keras.Sequential().▶fit(x)",
  "compat.v2, from": "from tensorflow.compat import v2 as tf\ntf.keras.Sequential().▶fit(x)",
  "tensorflow.python": "from tensorflow.python.keras.models import Sequential\nSequential().▶fit(x)",
  "tensorflow.python.keras": "from tensorflow.python import keras\nkeras.Sequential().▶fit(x)",
  "keras.src": "from keras.src.models import Sequential\nSequential().▶fit(x)",
  "an alias by assignment": `${TF}keras = tf.keras\nmodels = keras.models\nmodels.Sequential().▶fit(x)`,
  "a star": "from keras.models import *\nfrom keras.layers import *\nm = Sequential()\nm.▶fit(x)",
  "in parentheses": "from tensorflow.keras.models import (\n    Model,\n    Sequential,\n)\nSequential().▶fit(x)",
  "whichever is there":
    "try:\n    import tf_keras as keras\nexcept ImportError:\n    from tensorflow import keras\nkeras.Sequential().▶fit(x)",
  "imported in a function": "def f():\n    import keras\n    keras.Sequential().▶fit(x)",
});

cases("where models come from", {
  "a function": `${KERAS}def build():\n    m = keras.Sequential()\n    m.compile()\n    return m\nm = build()\nm.▶fit(x)`,
  "a function written below": `${KERAS}def main():\n    m = build()\n    m.▶fit(x)\ndef build():\n    return keras.Sequential()`,
  "a function, at once": `${KERAS}def build():\n    return keras.Sequential()\nbuild().▶fit(x)`,
  "a function that returns two": `${KERAS}def build():\n    a = keras.Model(i, o)\n    return a, 3\nm, n = build()\nm.▶fit(x)\nn.fit(x)`,
  "a lambda": `${KERAS}build = lambda: keras.Sequential()\nbuild().▶fit(x)`,
  "a file": `${KERAS}m = keras.models.load_model("m.keras")\nm.▶fit(x)`,
  "a copy": `${KERAS}m = keras.models.clone_model(other)\nm.▶fit(x)`,
  "an application": `${KERAS}m = keras.applications.MobileNetV2(weights=None)\nm.▶fit(x)`,
  "an application by name": "from keras.applications.vgg16 import VGG16\nm = VGG16()\nm.▶fit(x)",
  "a subclass": `${KERAS}class Net(keras.Model):\n    pass\nm = Net()\nm.▶fit(x)`,
  "a subclass of a subclass": `${KERAS}class A(keras.Model): pass\nclass B(A): pass\nB().▶fit(x)`,
  "a subclass with a mixin": `${KERAS}class Mixin: pass\nclass A(Mixin, keras.Model): pass\nA().▶fit(x)`,
  "a subclass, from its configuration": `${KERAS}class A(keras.Model): pass\nA.from_config(c).▶fit(x)`,
  "self, in a subclass": `${KERAS}class A(keras.Model):\n    def go(self, x):\n        self.▶fit(x)`,
  "a model's attribute": `${KERAS}class T:\n    def __init__(self):\n        self.m = keras.Sequential()\n    def go(self):\n        self.m.▶fit(x)`,
  "a model's attribute, by a method": `${KERAS}class T:\n    def __init__(self):\n        self.m = self.build()\n    def build(self):\n        return keras.Sequential()\n    def go(self):\n        self.m.▶fit(x)`,
  "an attribute of the class": `${KERAS}class T:\n    m = keras.Sequential()\n    def go(self):\n        self.m.▶fit(x)`,
  "a parameter": `${KERAS}def train(model, x):\n    model.▶fit(x)`,
  "a parameter by its type": `${KERAS}def train(m: keras.Model, x):\n    m.▶fit(x)`,
  "a parameter by its type, optional": `${KERAS}from typing import Optional\ndef train(m: Optional[keras.Model]):\n    m.▶fit(x)`,
  "a parameter by its type, in quotes": `${KERAS}def train(m: "keras.Model"):\n    m.▶fit(x)`,
  "by what a function says to return": `${KERAS}def build(k) -> keras.Model:\n    return make(k)\nm = build(1)\nm.▶fit(x)`,
  "another file": `${KERAS}from mine import build\nmodel = build()\nmodel.▶fit(x, y)`,
  "another file, by the arguments": `${KERAS}from mine import build\nthing = build()\nthing.▶fit(x, y, epochs=3)`,
  "another file, without Keras": "from mine import build\nmodel = build()\nmodel.▶fit(x, epochs=3, validation_data=v)",
  "one of two": `${KERAS}m = keras.Sequential() if a else keras.Model(i, o)\nm.▶fit(x)`,
  "in branches": `${KERAS}if a:\n    m = keras.Sequential()\nelse:\n    m = make()\nm.▶fit(x)`,
  "None at first": `${KERAS}m = None\ndef f():\n    global m\n    m = keras.Sequential()\ndef g():\n    m.▶fit(x)`,
  "in with": `${KERAS}with strategy.scope():\n    m = keras.Sequential()\nm.▶fit(x)`,
  "a walrus": `${KERAS}if (m := keras.Sequential()):\n    m.▶fit(x)`,
  "a loop over models": `${KERAS}a = keras.Sequential()\nfor m in [a, keras.Sequential()]:\n    m.▶fit(x)`,
  "a dictionary of models": `${KERAS}models = {"a": keras.Sequential()}\nmodels["a"].▶fit(x)`,
  "two in a tuple": `${KERAS}a, b = keras.Sequential(), 3\na.▶fit(x)\nb.fit(x)`,
  "a wrapper for scikit-learn": `from keras.wrappers.scikit_learn import KerasClassifier\nc = KerasClassifier(build)\nc.▶fit(x, y)`,
  KerasHub: "import keras_hub\nc = keras_hub.models.BertClassifier.from_preset('bert')\nc.▶fit(x)",
  "Hugging Face": "from transformers import TFAutoModel\nb = TFAutoModel.from_pretrained('b')\nb.▶fit(x)",
  "a name made of itself": `${KERAS}model = model\nmodel.▶fit(x)`,
});

cases("how it is called", {
  "with a history": `${KERAS}m = keras.Sequential()\nhistory = m.▶fit(x, y, epochs=3)`,
  returned: `${KERAS}m = keras.Sequential()\ndef f():\n    return m.▶fit(x)`,
  "over lines": `${KERAS}m = keras.Sequential()\nm.▶fit(\n    x,\n    y,\n)`,
  "in a chain over lines": `${KERAS}(\n    keras.Sequential()\n    .▶fit(x)\n)`,
  "history at once": `${KERAS}m = keras.Sequential()\nh = m.▶fit(x).history["loss"]`,
  "within a main": `${KERAS}m = keras.Sequential()\nif __name__ == "__main__":\n    m.▶fit(x)`,
  fit_generator: `${KERAS}m = keras.Sequential()\nm.▶fit_generator(g, steps_per_epoch=3)`,
  train_on_batch: `${KERAS}m = keras.Sequential()\nfor x, y in d:\n    loss = m.▶train_on_batch(x, y)`,
  "train_on_batch of something unknown": `${KERAS}def f(d):\n    d.▶train_on_batch(x, y)`,
  "twice in a line": `${KERAS}m = keras.Sequential()\nm.▶fit(x); m.▶fit(y)`,
  "a space before": `${KERAS}m = keras.Sequential()\nm.▶fit (x)`,
});

cases("Estimators", {
  train: `${TF}e = tf.estimator.Estimator(model_fn)\ne.▶train(f, steps=3)`,
  "pre-made": `${TF}c = tf.estimator.DNNClassifier(hidden_units=[1], feature_columns=[])\nc.▶train(input_fn=f)`,
  "by name": "from tensorflow.estimator import LinearRegressor\nLinearRegressor(c).▶train(f)",
  "compat.v1": `${TF}tf.compat.v1.estimator.LinearClassifier(c).▶train(f)`,
  "the package": "import tensorflow_estimator as tfe\ntfe.estimator.Estimator(f).▶train(g)",
  model_to_estimator: `${TF}e = tf.keras.estimator.model_to_estimator(keras_model=m)\ne.▶train(f)`,
  train_and_evaluate: `${TF}e = tf.estimator.Estimator(f)\ntf.estimator.▶train_and_evaluate(e, a, b)`,
  "train_and_evaluate by name": "from tensorflow.estimator import train_and_evaluate\n▶train_and_evaluate(e, a, b)",
  "train_and_evaluate of a parameter": `${TF}def go(e):\n    tf.estimator.▶train_and_evaluate(estimator=e, train_spec=a, eval_spec=b)`,
  TPUEstimator: `${TF}e = tf.compat.v1.estimator.tpu.TPUEstimator(f)\ne.▶train(g)`,
  "a parameter": `${TF}def go(estimator: tf.estimator.Estimator):\n    estimator.▶train(f)`,
  "a parameter without type": `${TF}tf.estimator.RunConfig()\ndef go(classifier):\n    classifier.▶train(f)`,
  "from another file": `${TF}from mine import make\nthing = make()\nthing.▶train(input_fn=f, steps=3)`,
  "fit of an Estimator": `${TF}e = tf.estimator.Estimator(f)\ne.fit(x)`,
  "evaluate and predict": `${TF}e = tf.estimator.Estimator(f)\ne.evaluate(f)\ne.predict(f)`,
  "train of something else": `${TF}tf.estimator.RunConfig()\ndog.train("sit")\ntrainer.train()`,
});

cases("false friends", {
  "scikit-learn": `${KERAS}from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()\nscaler.fit(x)`,
  "scikit-learn's classifier": `${KERAS}from sklearn.svm import SVC\nmodel = SVC()\nmodel.fit(x, y)`,
  "scikit-learn's pipeline": `${KERAS}from sklearn.pipeline import make_pipeline\nmodel = make_pipeline(a)\nmodel.fit(x, y)`,
  "a parameter beside scikit-learn's models": `${KERAS}from sklearn.svm import SVC\ndef f(model):\n    model.fit(x, y)`,
  "a tokenizer": `${KERAS}t = keras.preprocessing.text.Tokenizer()\nt.fit_on_texts(texts)`,
  "a generator of images": `${KERAS}d = keras.preprocessing.image.ImageDataGenerator()\nd.fit(x)`,
  "a layer": `${KERAS}n = keras.layers.Normalization()\nn.adapt(x)\nn.fit(x)`,
  fit_transform: `${KERAS}from sklearn.decomposition import PCA\npca = PCA()\npca.fit_transform(x)`,
  "no library": "model.fit(x, y)",
  PyTorch: "import torch\nmodel = Net()\nmodel.fit(x, epochs=3, batch_size=3)",
  "PyTorch's train": `import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.train()\nmodel.train(True)`,
  Lightning: "import pytorch_lightning as pl\ntrainer = pl.Trainer(max_epochs=3)\ntrainer.fit(model, loader)",
  XGBoost: `${KERAS}import xgboost as xgb\nmodel = xgb.XGBClassifier()\nmodel.fit(x, y)`,
  "a class of the file": `${KERAS}class Line:\n    def fit(self, x): pass\nmodel = Line()\nmodel.fit(x)`,
  "a tuner": `${KERAS}import keras_tuner as kt\ntuner = kt.RandomSearch(f)\ntuner.search(x)\ntuner.fit(x)`,
  "something small that is unknown": `${KERAS}scaler = load()\nscaler.fit(x)`,
  "in a string": `${KERAS}s = "model.fit(x, y)"\nt = """\nmodel.fit(x, y)\n"""`,
  "in a comment": `${KERAS}# model.fit(x, y)`,
  "a method of that name": `${KERAS}class A:\n    def fit(self, x): pass\n    def train(self, x): pass`,
  "not called": `${KERAS}m = keras.Sequential()\nf = m.fit\nm.fit`,
  "another method": `${KERAS}m = keras.Sequential()\nm.fitting(x)\nm.refit(x)\nm.evaluate(x)`,
  "a function": `${KERAS}fit(x, y)\ntrain_on_batch(x)`,
  shadowed: `${KERAS}m = keras.Sequential()\ndef f():\n    m = []\n    m.fit(x)`,
  "a history": `${KERAS}m = keras.Sequential()\nh = m.▶fit(x)\nh.fit(y)`,
});

cases("broken code takes away only what it touches", {
  "an open bracket behind": `${KERAS}m = keras.Sequential()\nm.▶fit(x)\nprint((`,
  "half a statement before": `${KERAS}m = keras.Sequential()\nx =\nm.▶fit(x)`,
  "half an argument": `${KERAS}m = keras.Sequential()\nm.▶fit(x, epochs=)`,
  "a function without body": `${KERAS}m = keras.Sequential()\nm.▶fit(x)\ndef f(`,
});
