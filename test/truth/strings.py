"""Tells which strings the installed Keras takes: reads {kind: [names]} as JSON, prints those that it refuses as JSON after RESULT."""

import json
import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

import keras
import numpy

MODULES = {
    "activation": keras.activations,
    "loss": keras.losses,
    "metric": keras.metrics,
    "optimizer": keras.optimizers,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}


def takes(kind, name):
    if kind == "metric" and name in ("accuracy", "acc", "crossentropy", "ce"):
        # Which one it is the model tells.
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile(loss="mse", metrics=[name])
        model.train_on_batch(numpy.ones((1, 1)), numpy.ones((1, 1)))
        return True
    if kind in ("padding", "data_format"):
        layer = {"causal": keras.layers.Conv1D}.get(name, keras.layers.Conv2D)
        layer(1, 2, **{kind: name})
        return True
    return MODULES[kind].get(name) is not None


refused = []
for kind, names in json.load(sys.stdin).items():
    for name in names:
        try:
            if not takes(kind, name):
                refused.append(f"{kind} {name}")
        except Exception as error:  # noqa: BLE001 - that it is refused is the answer
            refused.append(f"{kind} {name}: {type(error).__name__} {' '.join(str(error).split())[:80]}")
listed = {
    kind: [name for name in dir(MODULES[kind]) if name.islower() and not name.startswith("_") and callable(getattr(MODULES[kind], name))]
    for kind in ("activation", "loss", "initializer")
}
print("RESULT" + json.dumps({"refused": refused, "listed": listed}))
