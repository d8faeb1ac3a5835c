"""Runs programs and tells what Keras's own summary says of their `model`, as JSON after RESULT. Reads a list of programs."""

import json
import os
import sys
import warnings

from counting import count

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

asked = json.load(sys.stdin)
if asked["library"] == "keras3":
    os.environ["KERAS_BACKEND"] = "jax"

import keras


def shapes_of(value):
    if isinstance(value, dict):
        return {key: shapes_of(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and any(not isinstance(one, (int, type(None))) for one in value):
        return [shapes_of(one) for one in value]
    return [None if size is None else int(size) for size in getattr(value, "shape", value)]


def row_of(layer):
    is_layer = isinstance(layer, keras.layers.Layer)
    made = type(layer).__name__
    nodes = getattr(layer, "_inbound_nodes", [])
    outputs = None
    if nodes:
        last = nodes[-1]
        outputs = last.output_tensors if hasattr(last, "output_tensors") else last.outputs
        outputs = shapes_of(outputs)
        while isinstance(outputs, list) and len(outputs) == 1 and isinstance(outputs[0], list):
            outputs = outputs[0]
    return {
        "kind": made,
        "isOperation": not is_layer or "OpLambda" in made,
        "outputs": outputs,
        "parameters": layer.count_params() if is_layer else 0,
        "trainable": layer.trainable if is_layer and layer.weights else None,
    }


def summary_of(model):
    lines = []
    model.summary(print_fn=lambda text, line_break=True: lines.append(text))
    words = [one.strip() for one in "\n".join(lines).split("\n")]
    is_graph = type(model).__name__ == "Functional" and hasattr(model, "_operations")
    return {
        "rows": [row_of(layer) for layer in (model._operations if is_graph else model.layers)],
        "total": count(model.weights),
        "trainable": count(model.trainable_weights),
        "fixed": count(model.non_trainable_weights),
        "sizes": [one for one in words if " params:" in one],
    }


answers = []
for program in asked["programs"]:
    scope = {"__name__": "__main__"}
    exec(program, scope)
    answers.append(summary_of(scope["model"]))
print("RESULT" + json.dumps(answers))
