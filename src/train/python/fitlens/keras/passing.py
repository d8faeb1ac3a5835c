"""Passes over the batches of an epoch that were trained before the interruption: takes them from the data without
training on them, so that Keras's counters, callbacks and data stand where they stood. Knows no checkpoints."""

from __future__ import annotations

import sys

from ..guard import guard
from .state import is_keras3


class Passing:
    """Stands in for the model's train_function until `batches` are passed over. `ready()` is called with the metrics
    built, before the first step; what the model's metrics then say are the logs of the batches passed over."""

    def __init__(self, model, batches: int, ready):
        self._model = model
        self._left = batches
        self._ready = ready
        self._logs: dict = {}
        # JAX takes the state out of the model before the first batch, and has built everything before.
        self._begun = hasattr(model, "jax_state_sync")
        if self._begun:
            with guard("metrics of the interrupted epoch"):
                self._begin()
        self._train = model.train_function
        # Until the first batch that is really trained.
        self.active = True
        model.train_function = self

    def __call__(self, *arguments):
        if self._left <= 0:
            self.stop()
            return self._train(*arguments)
        # JAX gives the state first. Torch gives the batches themselves, the others an iterator.
        data = arguments[-1]
        steps = 1
        if isinstance(data, (list, tuple)):
            batch = data[0]
        else:
            batch = next(data)
            steps = self._steps_per_execution()
            for _ in range(steps - 1):
                try:
                    next(data)
                except StopIteration:
                    break
        if not self._begun:
            self._begun = True
            with guard("metrics of the interrupted epoch"):
                build_metrics(self._model, batch)
                self._begin()
        self._left -= steps
        counter = getattr(self._model, "_train_counter", None)
        if hasattr(counter, "assign_add"):
            counter.assign_add(steps)
        return (self._logs, arguments[0]) if len(arguments) > 1 else self._logs

    def stop(self) -> None:
        self.active = False
        if self._model.train_function is self:
            self._model.train_function = self._train

    def _begin(self) -> None:
        self._ready()
        self._logs = {name: _number(value) for name, value in self._model.get_metrics_result().items()}

    def _steps_per_execution(self) -> int:
        if is_keras3(self._model):
            return int(self._model.steps_per_execution)
        steps = getattr(self._model, "_steps_per_execution", None)
        return 1 if steps is None else int(steps.numpy() if hasattr(steps, "numpy") else steps)


def build_metrics(model, batch) -> None:
    """Makes the variables of the metrics, which else come with the first step."""
    if is_keras3(model):
        build = getattr(model, "_symbolic_build", None)
        if build is not None:
            build(data_batch=batch)
        return
    x, y, *_ = (*batch, None) if isinstance(batch, (tuple, list)) else (batch, None)
    losses, metrics = getattr(model, "compiled_loss", None), getattr(model, "compiled_metrics", None)
    unbuilt = [one for one in (losses, metrics) if one is not None and not one.built]
    if not unbuilt:
        return
    predicted = model(x, training=False)
    for one in unbuilt:
        if one is losses:
            one.build(predicted)
        else:
            one.build(predicted, y)


def build_model(model, data) -> bool:
    """Builds a model that waits for its first batch, from the features given to fit. Whether it has worked."""
    sample = _sample(data)
    if sample is None:
        return False
    model(sample)
    return True


def _sample(data):
    """One example of the features, or zeros of their shapes where looking would take one away; None where unknown."""
    spec = getattr(data, "element_spec", None)
    if spec is not None:
        tensorflow = sys.modules["tensorflow"]
        x = spec[0] if isinstance(spec, tuple) else spec
        return _map(x, lambda one: tensorflow.zeros([length or 1 for length in one.shape], one.dtype))
    if hasattr(data, "shape") or isinstance(data, (dict, list, tuple)):
        return _map(data, lambda one: one[:1])
    if hasattr(data, "__getitem__") and hasattr(data, "__len__"):
        batch = data[0]
        return batch[0] if isinstance(batch, (tuple, list)) else batch
    return None


def _map(structure, change):
    if isinstance(structure, dict):
        return {name: _map(one, change) for name, one in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)([_map(one, change) for one in structure])
    return change(structure)


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
