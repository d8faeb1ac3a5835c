"""Finds where a NaN or an infinity came from: the data given to fit, or the layer that makes it. Looks at data on the
recorder's thread; at the model only on the script's own thread, between batches. Names nothing that is not certain."""

from __future__ import annotations

import sys
import time

from ..guard import guard
from . import state
from .probe import find_in_model

# Looking through the data takes no longer than this, and the model's states that are kept are no larger.
SECONDS = 2.0
KEPT_BYTES = 32 << 20
_PIECE = 1 << 22


def watch(run, model, x, y) -> None:
    """A fit begins. What it is given is looked at only when something that is not finite turns up."""
    watching = getattr(run, "keras_finite", None)
    if watching is None:
        watching = run.keras_finite = _Watch(run)
        run.recorder.on_not_finite.append(watching.cause)
    watching.begin(model, x, y)


def training_begins(run) -> None:
    """On the script's thread, before the first batch, with the weights in place."""
    watching = getattr(run, "keras_finite", None)
    if watching is not None:
        with guard("NaN"):
            watching.training_begins()


def look(run) -> None:
    """On the script's thread, between batches."""
    watching = getattr(run, "keras_finite", None)
    if watching is not None:
        with guard("NaN"):
            watching.look()


def keep(run, model, arrays: dict) -> None:
    """A state of the model that was copied for a checkpoint: from it, it may be found what went wrong later."""
    watching = getattr(run, "keras_finite", None)
    if watching is not None:
        watching.keep(model, arrays)


def first_not_finite(named_arrays):
    """The first name whose array has a NaN or an infinity; None where all are finite. Takes a mapping or pairs."""
    pairs = named_arrays.items() if hasattr(named_arrays, "items") else named_arrays
    for name, array in pairs:
        if row_not_finite(array) is not None:
            return name
    return None


def row_not_finite(array, until: float = float("inf")):
    """Index along the first axis of the first value that is not finite; None where there is none, or none was found in
    time. Whole numbers and texts are finite."""
    numpy = sys.modules.get("numpy")
    array = _as_array(array)
    if numpy is None or array is None or array.dtype.kind not in "fcV" or array.size == 0:
        return None
    if array.dtype.kind == "V":
        # bfloat16 and its like, which numpy knows by their size only.
        array = array.astype("float32")
    if array.ndim == 0:
        return None if numpy.isfinite(array) else 0
    rows = max(1, _PIECE * len(array) // array.size)
    for start in range(0, len(array), rows):
        if time.monotonic() > until:
            return None
        finite = numpy.isfinite(array[start : start + rows])
        if not finite.all():
            return start + int(numpy.argmin(finite.reshape(len(finite), -1).all(axis=1)))
    return None


class _Watch:
    def __init__(self, run):
        self._run = run
        self._model = None
        self._data: tuple = (None, None)
        # States of the model's weights: as the training began, and the last few that were copied since.
        self._start = None
        self._later: list = []
        self._wants_state = False
        self._asked = None
        self._done = False

    def begin(self, model, x, y) -> None:
        self._data = (x, y)
        self._start, self._later = None, []
        self._model = model
        self._wants_state = not self._done

    def keep(self, model, arrays: dict) -> None:
        if self._done or model is not self._model or _bytes(arrays.values()) > KEPT_BYTES:
            return
        own = {name: array for name, array in arrays.items() if name.startswith(("model/", "random/"))}
        self._later = [*self._later[-1:], own]

    def cause(self, tag, step, epoch, value):
        """On the recorder's thread."""
        if self._done or tag.startswith(("validation", "eval")):
            return None
        until = time.monotonic() + SECONDS
        for what, data in zip(("features", "labels"), self._data):
            found = _in_data(data, until)
            if found is not None:
                name, row = found
                self._done = True
                return f"the {what}{name} given to fit (row {row})"
        self._asked = step
        return None

    def training_begins(self) -> None:
        if self._wants_state and state.is_built(self._model):
            self._start = self._copy()
            self._wants_state = False

    def look(self) -> None:
        if self._asked is not None and not self._done:
            self._done = True
            until = time.monotonic() + SECONDS
            text = find_in_model(self._model, self._data, self._start, self._later[::-1], until)
            found = self._run.status.current.get("notFinite")
            if text and found:
                self._run.status.set(notFinite={**found, "cause": text})
            self._start, self._later = None, []
        elif self._wants_state and state.is_built(self._model):
            # A model that is built by its first batch.
            self._wants_state = False
            first = self._copy()
            self._later = [first, *self._later] if first else self._later

    def _copy(self):
        variables = state.weights(self._model)
        if sum(_size(variable) for variable in variables.values()) * 4 > KEPT_BYTES:
            return None
        state.synchronize(self._model)
        return state.values_of(self._model, variables)


def _in_data(data, until: float, name: str = ""):
    """(name of the input, row) of the first value that is not finite in arrays and tensors, alone or in structures."""
    if isinstance(data, dict):
        pairs = [(f' "{key}"', one) for key, one in data.items()]
    elif hasattr(data, "columns") and hasattr(data, "to_numpy"):
        pairs = [(f' "{column}"', data[column]) for column in data.columns]
    elif isinstance(data, (list, tuple)) and any(hasattr(one, "shape") for one in data):
        pairs = [(f" number {i + 1}", one) for i, one in enumerate(data)] if len(data) > 1 else [("", data[0])]
    elif hasattr(data, "shape") and hasattr(data, "dtype"):
        row = row_not_finite(data, until)
        return None if row is None else (name, row)
    else:
        return None
    for own, one in pairs:
        found = _in_data(one, until, own)
        if found is not None:
            return found
    return None


def _as_array(data):
    """A numpy array of what is one, or a tensor in memory; None for what is neither."""
    numpy = sys.modules.get("numpy")
    try:
        if numpy is None or isinstance(data, numpy.ndarray):
            return data
        if hasattr(data, "detach"):
            data = data.detach().cpu()
            data = data.float() if "bfloat16" in str(data.dtype) else data
        return numpy.asarray(data.numpy() if hasattr(data, "numpy") else data)
    except Exception:  # noqa: BLE001 - a tensor of a graph, a sparse one: it cannot be looked at
        return None


def _size(variable) -> int:
    size = 1
    for length in variable.shape:
        size *= int(length or 1)
    return size


def _bytes(arrays) -> int:
    return sum(array.nbytes for array in arrays)
