"""Builds models of keras.applications with random weights and says what they give and how many parameters they have.

Reads {"library": "keras3" | "keras2", "cases": [{"name": …, "config": {…}}]} from the standard input and
writes one JSON line for each case to the file named. Weights are never filled: only their shapes are asked for.
"""

import contextlib
import inspect
import json
import math
import os
import sys
import warnings

from counting import count

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

asked = json.load(sys.stdin)
if asked["library"] == "keras3":
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras
else:
    import tensorflow
    from tensorflow import keras


def unfilled():
    if asked["library"] == "keras3":
        return keras.StatelessScope(initialize_variables=False)
    return tensorflow.Graph().as_default()


PRODUCTS = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense"}


def layers_in(model):
    for layer in model.layers:
        yield from layers_in(layer) if hasattr(layer, "layers") else [layer]


def macs_of(model):
    """Each number of a kernel is multiplied once for each place of the map that it gives."""
    total = 0
    for layer in layers_in(model):
        kernels = [weight for weight in layer.weights if len(weight.shape) > 1]
        if kernels and type(layer).__name__ not in PRODUCTS:
            raise NotImplementedError(f"what {type(layer).__name__} costs")
        if kernels:
            total += count(kernels) * math.prod(int(size) for size in layer.output.shape[1:-1])
    return total


def answer(case):
    config = {key: tuple(value) if isinstance(value, list) else value for key, value in case["config"].items()}
    keras.backend.clear_session()
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(unfilled())
            model = getattr(keras.applications, case["name"])(weights=None, **config)
        trainable, fixed = model.trainable_weights, model.non_trainable_weights
        # The states of random numbers are no parameters.
        fixed = [weight for weight in fixed if "seed" not in getattr(weight, "path", weight.name)]
        shape = [None if size is None else int(size) for size in model.output_shape]
        given = [None if size is None else int(size) for size in model.input_shape]
        counts = {"trainable": count(trainable), "fixed": count(fixed)}
        # Without a size nothing can be said of the places.
        macs = macs_of(model) if None not in given[1:] else None
        return {"ok": True, "input": given, "output": shape, **counts, "macs": macs}
    except Exception as error:  # noqa: BLE001 - that it fails is the answer
        return {"ok": False, "error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"}


functions = {
    name: [
        [one.name, one.default]
        for one in inspect.signature(function).parameters.values()
        if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    for name, function in sorted(vars(keras.applications).items())
    if inspect.isfunction(function)
}
modules = {
    name: sorted(one for one, thing in vars(module).items() if inspect.isfunction(thing) and not one.startswith("_"))
    for name, module in sorted(vars(keras.applications).items())
    if inspect.ismodule(module)
}
with open(sys.argv[1], "w", buffering=1) as file:
    file.write(json.dumps({"functions": functions, "modules": modules}) + "\n")
    for case in asked["cases"]:
        file.write(json.dumps(answer(case)) + "\n")
