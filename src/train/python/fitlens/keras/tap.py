"""Sees what Keras trains without touching the user's code: the calls that train or evaluate are wrapped, and what they
tell their callbacks is heard before the callbacks are. No callback of ours is among the user's, so what Keras makes of
them (its own conversions, threads, warnings and output) stays as it is."""

from __future__ import annotations

import functools
import inspect

from .. import run
from ..guard import guard
from .batches import Batches
from .evaluation import Evaluation
from .fit import Fit

# Calls under way that wait for the list of callbacks they make, innermost last.
_under_way: list = []


def tap_model(model_class) -> None:
    """Wraps the methods where they are defined, so that a class of the user's own that overrides one is tapped once."""
    for name, wrap in (("fit", _wrap_fit), ("evaluate", _wrap_evaluate), ("train_on_batch", _wrap_train_on_batch)):
        for base in model_class.__mro__:
            original = base.__dict__.get(name)
            if original is None:
                continue
            if callable(original) and not hasattr(original, "_fitlens"):
                wrapped = functools.wraps(original)(wrap(original))
                wrapped._fitlens = True
                setattr(base, name, wrapped)
            break


def tap_callbacks(list_class) -> None:
    """The list that a call makes tells it that it is there."""
    train_begin, test_end = list_class.on_train_begin, list_class.on_test_end
    if hasattr(train_begin, "_fitlens"):
        return

    @functools.wraps(train_begin)
    def on_train_begin(self, *args, **kwargs):
        waiting = _waiting(Fit, self)
        result = train_begin(self, *args, **kwargs)
        if waiting is not None:
            waiting.attach(self)
        return result

    @functools.wraps(test_end)
    def on_test_end(self, *args, **kwargs):
        result = test_end(self, *args, **kwargs)
        waiting = _waiting(Evaluation, self)
        if waiting is not None:
            waiting.ended(*args, **kwargs)
        return result

    on_train_begin._fitlens = on_test_end._fitlens = True
    list_class.on_train_begin, list_class.on_test_end = on_train_begin, on_test_end


def _waiting(kind, callbacks):
    """The call under way that this list belongs to. Callbacks may train other models in between."""
    if not _under_way:
        return None
    call = _under_way[-1]
    model = getattr(callbacks, "model", None)
    ours = isinstance(call, kind) and not call.attached and (model is None or model is call.model)
    return call if ours else None


def _begin(kind, original, model, args, kwargs):
    """The call as it will be followed; None where it is not: inside of another one, or nothing is followed here."""
    if run.tapped.depth > 0 or not run.is_followed():
        return None
    with guard(kind.__name__):
        try:
            bound = inspect.signature(original).bind(model, *args, **kwargs)
        except TypeError:
            return None  # Keras will say it.
        bound.apply_defaults()
        this = run.current()
        return this and kind(this, model, bound)
    return None


def _wrap_fit(original):
    def fit(self, *args, **kwargs):
        call = _begin(Fit, original, self, args, kwargs)
        if call is None:
            return original(self, *args, **kwargs)

        def train(initial_epoch):
            # It may be called once more, where the first time proves that it has to begin anew.
            call.attached = False
            if initial_epoch == call.initial_epoch:
                return original(self, *args, **kwargs)
            call.set_initial_epoch(initial_epoch)
            return original(*call.bound.args, **call.bound.kwargs)

        return _follow(call, lambda: call.around(train))

    return fit


def _wrap_evaluate(original):
    def evaluate(self, *args, **kwargs):
        call = _begin(Evaluation, original, self, args, kwargs)
        if call is None:
            return original(self, *args, **kwargs)
        result = _follow(call, lambda: original(self, *args, **kwargs))
        call.tell(result)
        return result

    return evaluate


def _wrap_train_on_batch(original):
    def train_on_batch(self, *args, **kwargs):
        call = _begin(Batches, original, self, args, kwargs)
        if call is None:
            return original(self, *args, **kwargs)
        result = _follow(call, lambda: original(self, *args, **kwargs))
        call.tell(result)
        # Out here, where an interrupt is the user's.
        call.between()
        return result

    return train_on_batch


def _follow(call, work):
    _under_way.append(call)
    try:
        with run.tapped:
            return work()
    finally:
        _under_way.remove(call)
        call.end()
