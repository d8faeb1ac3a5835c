"""model.json: the model as it was really built, and the graph that TensorBoard shows."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from ..files import write_json_atomic
from ..guard import guard
from .state import is_built

FORMAT = 1


def is_ready(model) -> bool:
    """It has its weights: a model of the user's own class gets them with its first batch."""
    return is_built(model) and bool(getattr(model, "layers", None) or model.weights)


def tell_model(this, model) -> None:
    """Of the model that trains first in a run. The work is the recorder's."""
    if getattr(this, "keras_told", False):
        return
    this.keras_told = True
    this.recorder.later(_write, this, model)


def _write(this, model) -> None:
    with guard("model.json"):
        write_json_atomic(os.path.join(this.folder, "model.json"), summary_of(model))
    if type(model).__name__ in ("Sequential", "Functional", "Model") or hasattr(model, "_is_graph_network"):
        with guard("graph"):
            text = _as_json(model)
            if text:
                this.recorder.graph(keras_json=text)


def _as_json(model):
    """None for what has none: a class of the user's own, or a layer without get_config."""
    is_graph = getattr(model, "_is_graph_network", None)
    if is_graph is None:
        is_graph = any(base.__name__ in ("Functional", "Sequential") for base in type(model).__mro__)
    if not is_graph:
        return None
    try:
        with _without_tensorflow():
            return model.to_json()
    except Exception:  # noqa: BLE001 - what cannot be written as JSON has no graph
        return None


@contextmanager
def _without_tensorflow():
    """Keras 3 asks of each value whether it is one of TensorFlow's, and imports TensorFlow to know. Where a script on
    JAX or PyTorch has not imported it, none is: the import would take seconds, and write lines into the script's
    output."""
    saving = sys.modules.get("keras.src.saving.serialization_lib")
    own = getattr(saving, "tf", None)
    if own is None or "tensorflow" in sys.modules:
        yield
        return
    saving.tf = _Absent
    try:
        yield
    finally:
        saving.tf = own


class _Absent:
    available = False


def summary_of(model) -> dict:
    """A ModelSummary of src/protocol/run.ts."""
    summary = {
        "format": FORMAT,
        "name": str(model.name),
        "layers": [_layer(layer) for layer in model.layers],
        "parameters": _count(model.weights),
        "trainableParameters": _count(model.trainable_weights),
    }
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None:
        optimizer = getattr(optimizer, "inner_optimizer", None) or optimizer
        summary["optimizer"] = type(optimizer).__name__
    # TensorFlow's trainer of Keras 3 has a method of this name too.
    loss = _loss_name(vars(model).get("loss"))
    if loss:
        summary["loss"] = loss
    return summary


def _layer(layer) -> dict:
    return {
        "name": str(layer.name),
        "className": type(layer).__name__,
        "outputShape": _output_shape(layer),
        "parameters": _count(layer.weights),
        "trainable": bool(layer.trainable),
    }


def _output_shape(layer) -> list:
    """Of the layer's first output, where it is known, without the batch: some backends build for batches of one
    size."""
    try:
        shape = getattr(layer, "output_shape", None)
        if shape is None:
            shape = layer.output
            while isinstance(shape, (list, tuple, dict)) and shape:
                shape = next(iter(shape.values())) if isinstance(shape, dict) else shape[0]
            shape = shape.shape
    except Exception:  # noqa: BLE001 - a layer that is called from the user's own code knows no output
        return []
    while isinstance(shape, dict) or (isinstance(shape, (list, tuple)) and shape and _is_shape(shape[0])):
        shape = next(iter(shape.values())) if isinstance(shape, dict) else shape[0]
    try:
        return [None if length is None or not i else int(length) for i, length in enumerate(shape)]
    except (TypeError, ValueError):
        return []


def _is_shape(value) -> bool:
    return isinstance(value, (list, tuple)) or type(value).__name__ == "TensorShape"


def _count(weights) -> int:
    """A weight that several layers share counts once."""
    total, seen = 0, set()
    for weight in weights:
        if id(weight) in seen:
            continue
        seen.add(id(weight))
        size = 1
        for length in weight.shape:
            size *= int(length or 1)
        total += size
    return total


def _loss_name(loss):
    if isinstance(loss, str):
        return loss
    if isinstance(loss, dict):
        loss = list(loss.values())
    if isinstance(loss, (list, tuple)):
        names = [name for name in (_loss_name(one) for one in loss) if name]
        return ", ".join(dict.fromkeys(names)) or None
    if loss is None:
        return None
    name = getattr(loss, "__name__", None)
    if name is None:
        name = getattr(loss, "name", None) or type(loss).__name__
    return "a function" if name == "<lambda>" else str(name)
