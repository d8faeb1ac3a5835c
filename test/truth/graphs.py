"""What real Keras says of the graphs of models: reads programs as JSON, prints the edges of each model in them."""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

TIMES = "\u00d7"


def label(operation):
    if isinstance(operation, keras.layers.InputLayer):
        return "Input"
    if isinstance(operation, keras.Model):
        return "model"
    return type(operation).__name__ if isinstance(operation, keras.layers.Layer) else "operation"


def shape(tensor):
    dims = list(tensor.shape)[1:]
    return f" {TIMES} ".join(str(dim) for dim in dims) or "one number"


def edges(model):
    graph = model._functional if isinstance(model, keras.Sequential) else model
    found = []
    for node in (node for nodes in graph._nodes_by_depth.values() for node in nodes):
        for tensor in node.arguments.keras_tensors:
            source = tensor._keras_history.operation
            found.append(f"{label(source)} → {label(node.operation)}: {shape(tensor)}")
    for tensor in graph.outputs:
        found.append(f"{label(tensor._keras_history.operation)} → Output: {shape(tensor)}")
    return sorted(found)


answers = []
for program in json.load(sys.stdin):
    names = {}
    exec(program, names)
    models = {name: value for name, value in names.items() if isinstance(value, keras.Model)}
    answers.append({name: [edges(model), model.count_params()] for name, model in models.items()})
print("RESULT" + json.dumps(answers))
