// Keras scripts for the tests, for each Keras there is, and what a loop in plain NumPy says of the same training.
import { python, pythonEstimator } from "./help";

export interface Flavour {
  /** How the script gets its Keras. */
  importing: string;
  python: () => string;
  framework: RegExp;
  engine: string;
}

export const FLAVOURS: Record<string, Flavour> = {
  "tf.keras of TensorFlow 2.15": {
    importing: "from tensorflow import keras",
    python: pythonEstimator,
    framework: /^Keras 2\.15\./,
    engine: "tensorflow",
  },
  "Keras 3 on TensorFlow": {
    importing: 'import os; os.environ["KERAS_BACKEND"] = "tensorflow"; import keras',
    python,
    framework: /^Keras 3\./,
    engine: "tensorflow",
  },
  "Keras 3 on JAX": {
    importing: 'import os; os.environ["KERAS_BACKEND"] = "jax"; import keras',
    python,
    framework: /^Keras 3\./,
    engine: "jax",
  },
  "Keras 3 on PyTorch": {
    importing: 'import os; os.environ["KERAS_BACKEND"] = "torch"; import keras',
    python,
    framework: /^Keras 3\./,
    engine: "torch",
  },
  tf_keras: { importing: "import tf_keras as keras", python, framework: /^tf_keras 2\./, engine: "tensorflow" },
};

/** 74 examples in batches of 16: the last batch has 10. `linear(…)` and its loop train the same, batch after batch. */
export const LINEAR = `
import json
import numpy as np
rng = np.random.default_rng(1)
x = rng.normal(size=(74, 3)).astype("float32")
y = (x @ [[1.0], [-2.0], [0.5]] + 0.3).astype("float32")
weights = rng.uniform(0.2, 2.0, size=74).astype("float32")
start = np.array([[0.1], [0.2], [-0.3]], "float32")

def linear(name="out", **compiling):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name=name)], name="linear")
    model.layers[-1].set_weights([start, np.zeros(1, "float32")])
    model.compile(**{"optimizer": keras.optimizers.SGD(0.05), "loss": "mse", "metrics": ["mae"], **compiling})
    return model

def loop(epochs=1, sample_weight=None, rate=lambda step: 0.05, size=16):
    """Loss, mean absolute error and weighted mean absolute error of each batch, without Keras."""
    w, b, step, found = start.astype("float64"), 0.0, 0, []
    ends = np.cumsum(size) if isinstance(size, list) else [*range(size, len(x), size), len(x)]
    for epoch in range(epochs):
        for at, end in zip([0, *ends], ends):
            inputs, wanted = x[at:end].astype("float64"), y[at:end].astype("float64")
            factor = np.ones((len(inputs), 1)) if sample_weight is None else sample_weight[at:end, None]
            error = inputs @ w + b - wanted
            absolute = np.abs(error)
            found.append(((factor * error**2).mean(), absolute.mean(), (factor * absolute).sum() / factor.sum()))
            w = w - rate(step) * 2 * inputs.T @ (factor * error) / len(inputs)
            b = b - rate(step) * 2 * (factor * error).mean()
            step += 1
    return [[float(value) for value in column] for column in zip(*found)]
`;
