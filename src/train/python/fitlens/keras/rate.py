"""The learning rate that a step was trained with: a variable, a schedule or a number. Knows optimizers of Keras 2
and 3."""

from __future__ import annotations

import sys
import time

from .snapshots import in_graphs, number, snapshot_of
from .state import keras_package

SECONDS = 0.1


class Rate:
    """Of one call that trains. It is looked at ten times a second at most."""

    def __init__(self, model):
        self._looked = 0.0
        self._snapshot = self._schedule = self._constant = None
        optimizer = getattr(model, "optimizer", None)
        optimizer = getattr(optimizer, "inner_optimizer", None) or optimizer
        rate = getattr(optimizer, "_learning_rate", None)
        if rate is None:
            rate = (getattr(optimizer, "_hyper", None) or {}).get("learning_rate")
        is_schedule = hasattr(type(rate), "from_config") and callable(rate)
        current = getattr(optimizer, "_current_learning_rate", None)
        if is_schedule and hasattr(current, "assign"):
            rate, is_schedule = current, False  # Keras 2.11 to 2.15 keep what the schedule has given.
        self._in_session = None
        if in_graphs(model):
            # A session is asked, at the ends of epochs only.
            if not is_schedule and rate is not None:
                get_value = sys.modules[f"{keras_package(model)}.backend"].get_value
                self._in_session = lambda: get_value(rate)
        elif is_schedule:
            self._schedule = rate
            self._begin = _iterations(optimizer)
        elif hasattr(rate, "assign"):
            self._snapshot = snapshot_of(model, [rate])
        else:
            self._constant = number(rate)

    def take(self, step: int, now: bool = False):
        """On the thread that trains: what `number_of` makes the rate of, or None where it is not time. `step` counts
        from 1 since the training began."""
        if self._in_session is not None:
            return number(self._in_session()) if now else None
        if self._snapshot is None and self._schedule is None and self._constant is None:
            return None
        seconds = time.monotonic()
        if seconds - self._looked < SECONDS and not now:
            return None
        self._looked = seconds
        return self._snapshot.take() if self._snapshot is not None else step

    def number_of(self, taken):
        if self._in_session is not None:
            return taken
        if self._snapshot is not None:
            return self._snapshot.numbers(taken)[0]
        if self._schedule is None:
            return self._constant
        return number(self._schedule(self._begin + taken - 1))


def _iterations(optimizer) -> int:
    counted = getattr(optimizer, "_iterations", None)
    if counted is None:
        counted = getattr(optimizer, "iterations", 0)
    return int(counted.numpy() if hasattr(counted, "numpy") else counted)
