"""What Keras's own callbacks remember from epoch to epoch, such as how long EarlyStopping has waited: read for a
checkpoint, and put back. Callbacks of the user's own are left alone, except for what they inherit from Keras's."""

from __future__ import annotations

from .checkpoint import CheckpointError
from .state import to_array, to_tensor

_KNOWN = {
    "EarlyStopping": ("wait", "best", "best_epoch", "stopped_epoch"),
    "ReduceLROnPlateau": ("wait", "best", "cooldown_counter"),
    "ModelCheckpoint": ("best", "epochs_since_last_save", "_batches_seen_since_last_saving"),
}
_KERAS = ("keras", "tf_keras", "tensorflow")
_ABSENT = object()


def flat(callbacks) -> list:
    """The callbacks that were given to fit: none, one, a list, lists in lists or a CallbackList."""
    if callbacks is None:
        return []
    if hasattr(callbacks, "callbacks"):
        callbacks = callbacks.callbacks
    if not isinstance(callbacks, (list, tuple)):
        return [callbacks]
    return [one for item in callbacks for one in flat(item)]


def remembered(callbacks: list) -> tuple:
    """([{class, values}] in the order of the callbacks, tensors by name)."""
    told, tensors = [], {}
    for i, callback in enumerate(callbacks):
        values = {}
        for name in _names(callback):
            value = getattr(callback, name, _ABSENT)
            if value is None or isinstance(value, (bool, int, str)):
                values[name] = value
            elif value is not _ABSENT:
                number = _number(value)
                if number is not None:
                    # JSON has no NaN and no infinities.
                    values[name] = {"float": repr(number)}
        told.append({"class": type(callback).__name__, "values": values})
        tensors.update(_best_weights(i, callback))
    return told, tensors


def recall(callbacks: list, told, tensors: dict) -> None:
    """Puts it back where the callbacks are still the same."""
    if not isinstance(told, list) or len(told) != len(callbacks):
        return
    for i, (callback, kept) in enumerate(zip(callbacks, told)):
        if kept.get("class") != type(callback).__name__:
            continue
        for name in _names(callback):
            if name in kept["values"]:
                value = kept["values"][name]
                setattr(callback, name, float(value["float"]) if isinstance(value, dict) else value)
        prefix = f"callback/{i}/best_weights/"
        best = [(int(name[len(prefix) :]), tensor) for name, tensor in tensors.items() if name.startswith(prefix)]
        if best and hasattr(callback, "best_weights"):
            callback.best_weights = [to_array(tensor) for _, tensor in sorted(best, key=lambda item: item[0])]


def _names(callback) -> tuple:
    for base in type(callback).__mro__:
        if base.__name__ in _KNOWN and base.__module__.split(".")[0] in _KERAS:
            return _KNOWN[base.__name__]
    return ()


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _best_weights(i: int, callback) -> dict:
    best = getattr(callback, "best_weights", None)
    if not isinstance(best, list) or not _names(callback):
        return {}
    try:
        return {f"callback/{i}/best_weights/{j}": to_tensor(array) for j, array in enumerate(best)}
    except (AttributeError, CheckpointError):
        return {}
