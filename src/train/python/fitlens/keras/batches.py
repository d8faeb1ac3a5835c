"""Loops of the user's own around train_on_batch: each call is a batch of the run."""

from __future__ import annotations

import _thread

from ..guard import guard, guarded
from ..recorder import Batch
from .about import engine_of, framework_of
from .evaluation import named
from .own import leaves, own_values
from .rate import Rate
from .snapshots import number
from .state import is_keras3
from .summary import is_ready, tell_model


class _Loop:
    """What is known of a model that is trained batch by batch."""

    def __init__(self, this, model, prefix: str):
        self.prefix = prefix
        self.rate = Rate(model)
        self.trained = 0
        self.own = None
        self.names = None


class Batches:
    """One call."""

    attached = False

    def __init__(self, this, model, bound):
        self.run = this
        self.model = model
        self._arguments = bound.arguments
        self._loop = _loop_of(this, model)

    def end(self) -> None:
        pass

    @guarded
    def tell(self, result) -> None:
        loop, model = self._loop, self.model
        loop.trained += 1
        if loop.trained == 1:
            self.run.status.set(engine=engine_of(model))
            if is_ready(model):
                tell_model(self.run, model)
        values = list(result.items()) if isinstance(result, dict) else _named(loop, model, result)
        values = [(name, number(value)) for name, value in values]
        values = [(name, value) for name, value in values if value is not None]
        if self._arguments.get("reset_metrics") is False:
            # Keras 2 goes on with its means where it is told to.
            if loop.own is None:
                loop.own = own_values(model, dict(values))
            values, _ = loop.own.values(loop.own.take(dict(values)), 1, False, True)
        rate = loop.rate.take(loop.trained)
        values = [(loop.prefix + name, value) for name, value in values]
        examples = _examples(self._arguments.get("x"))
        self.run.recorder.deferred(lambda: Batch(values, examples, None if rate is None else loop.rate.number_of(rate)))

    def between(self) -> None:
        control = self.run.control
        if not control.pending:
            return
        with guard("pause"):
            control.between()
            # There is no call to go on from: a checkpoint that is asked for is the script's own affair.
            control.take_checkpoint()
        if control.stop_requested:
            _thread.interrupt_main()


def _loop_of(this, model) -> _Loop:
    loops = getattr(this, "keras_loops", None)
    if loops is None:
        loops = this.keras_loops = {}
        this.control.on_stop.append(_interrupt)
    loop = loops.get(id(model))
    if loop is None:
        this.note_call()
        this.status.set(framework=framework_of(model))
        if not loops:
            this.recorder.begin()
        # Two models that are trained in turn have curves of their own.
        loop = loops[id(model)] = _Loop(this, model, f"{model.name}_" if loops else "")
        loop.model = model
    return loop


@guarded
def _interrupt() -> None:
    """As Ctrl+C does: such a loop looks at nothing else. Inside of a call, the call's end does it."""
    from ..run import tapped

    if tapped.depth == 0:
        _thread.interrupt_main()


def _named(loop, model, result) -> list:
    if not is_keras3(model):
        return named(model, result)
    values = list(result) if isinstance(result, (list, tuple)) else [result]
    if loop.names is None or len(loop.names) != len(values):
        loop.names = _names_of_keras_3(model, len(values))
    return list(zip(loop.names, values))


def _names_of_keras_3(model, count: int) -> list:
    """In the order in which Keras 3 makes a list of its logs."""
    known = list(model.get_metrics_result())
    short = [metric.name for metric in leaves(model.metrics)]
    names = [name for name in short if name in known] + sorted(name for name in known if name not in short)
    return names if len(names) == count else ["loss", *(f"value_{i}" for i in range(1, count))]


def _examples(x) -> int:
    while isinstance(x, (list, tuple, dict)) and x:
        x = next(iter(x.values())) if isinstance(x, dict) else x[0]
    shape = getattr(x, "shape", None)
    try:
        return int(shape[0])
    except (TypeError, ValueError, IndexError):
        return 0
