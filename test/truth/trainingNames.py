"""Prints as JSON what compile and fit know in real Keras: names by kind, arguments of optimizers and of methods."""

import inspect
import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if sys.argv[1] == "keras3":
    import keras
else:
    from tensorflow import keras


def known(get, names):
    found = []
    for name in names:
        try:
            get(name)
        except Exception:  # noqa: BLE001 - that it fails is the answer
            continue
        found.append(name)
    return found


def signature(function):
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [
        one.name
        for one in parameters
        if one.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    ]


NO_NAMES = ("get", "serialize", "deserialize", "experimental")


def public(module):
    return [name for name in dir(module) if not name.startswith("_") and name not in NO_NAMES]


optimizers = [
    name
    for name in public(keras.optimizers)
    if inspect.isclass(getattr(keras.optimizers, name)) and name not in ("Optimizer", "LossScaleOptimizer")
]
names = {
    "loss": known(keras.losses.get, public(keras.losses)),
    "metric": known(keras.metrics.get, public(keras.metrics)),
    "activation": known(keras.activations.get, public(keras.activations)),
    "optimizer": known(keras.optimizers.get, [name.lower() for name in optimizers]),
}
methods = {name: signature(getattr(keras.Model, name)) for name in ("compile", "fit", "predict")}
arguments = {name: signature(getattr(keras.optimizers, name).__init__) for name in optimizers}
print("RESULT" + json.dumps({"names": names, "methods": methods, "optimizers": arguments}))
