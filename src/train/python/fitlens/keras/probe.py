"""Runs a model layer by layer on the data given to fit, with weights that are finite, to find the layer that makes a
NaN or an infinity of finite numbers. Puts everything back as it was. On the script's thread, between batches."""

from __future__ import annotations

import sys
import time

from . import state

_ROWS = 256


def find_in_model(model, data, start, later, until: float):
    """`start`: the weights as the training began; `later`: as they were since, the newest first. The text of the cause,
    or None where it cannot be told."""
    if not state.is_built(model):
        return None
    state.synchronize(model)
    variables = state.weights(model)
    now = state.values_of(model, variables)
    layer = _first_layer_with(model, variables, start) if start else None
    if layer is not None:
        # Later on a NaN is in all layers that learn; at the beginning it is where it came from.
        return f'layer "{layer}" (its weights)'
    states = [now, *later, *([start] if start else [])]
    finite = next((one for one in states if set(one) == set(variables) and _is_finite(one)), None)
    if finite is None:
        return None
    counters = state.metrics(model)
    counted = state.values_of(model, counters)
    try:
        if finite is not now:
            state.assign(model, variables, finite)
        return _find_in_outputs(model, data, until)
    finally:
        state.assign(model, variables, now)
        state.assign(model, counters, counted)


def _first_layer_with(model, variables: dict, arrays: dict):
    """The first layer in the order of the model whose weights are not finite."""
    names = {id(variables[name]): name for name in arrays if name in variables and not _is_finite({name: arrays[name]})}
    if not names:
        return None
    for layer in getattr(model, "layers", ()):
        if any(id(variable) in names for variable in layer.weights):
            return layer.name
    return None


def _find_in_outputs(model, data, until: float):
    probed = _probe(model)
    x = data[0]
    if probed is None or _length(x) is None:
        return None
    run, layers = probed
    for start in range(0, _length(x), _ROWS):
        if time.monotonic() > until:
            return None
        inputs = _rows(x, start)
        # The data itself is known to be finite.
        for layer, output in zip(layers, run(inputs)):
            if not _is_finite({str(i): one for i, one in enumerate(_flat(output))}):
                return f'layer "{layer.name}" (its output)'
    return None


def _probe(model):
    """What gives the outputs of all layers at once, and the layers in the order of the forward pass."""
    if not getattr(model, "inputs", None) or not getattr(model, "outputs", None):
        return None  # A model of the user's own class: its forward pass is its own.
    layers, outputs = [], []
    for layer in model.layers:
        try:
            output = layer.output
        except (AttributeError, ValueError, RuntimeError):
            return None  # Used several times, or not at all: the order of the pass is not that of the list.
        layers.append(layer)
        outputs.append(output)
    functional = next(base for base in type(model).__mro__ if base.__name__ == "Model")
    probe = functional(model.inputs, outputs)

    def run(inputs):
        results = probe(inputs, training=False)
        return results if isinstance(results, (list, tuple)) and len(outputs) > 1 else [results]

    return run, layers


def _is_finite(arrays: dict) -> bool:
    from .finite import first_not_finite

    return first_not_finite(arrays) is None


def _flat(structure) -> list:
    if isinstance(structure, dict):
        structure = list(structure.values())
    if isinstance(structure, (list, tuple)):
        return [one for item in structure for one in _flat(item)]
    return [structure]


def _length(x):
    """How many rows the features have; None for what cannot be looked at without taking from it."""
    flat = _flat(x)
    if not flat or not all(hasattr(one, "shape") and hasattr(one, "__getitem__") for one in flat):
        return None
    lengths = {int(one.shape[0]) if len(one.shape) > 0 and one.shape[0] is not None else -1 for one in flat}
    return lengths.pop() if len(lengths) == 1 and -1 not in lengths else None


def _rows(x, start: int):
    numpy = sys.modules["numpy"]
    if isinstance(x, dict):
        return {name: _rows(one, start) for name, one in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)([_rows(one, start) for one in x])
    rows = x[start : start + _ROWS]
    # As fit converts them.
    return rows.astype("float32") if isinstance(rows, numpy.ndarray) and rows.dtype == numpy.float64 else rows
