"""A batch's own values. Keras reports means over the epoch so far; what a batch has added to a mean's sum and to its
count is the batch's own mean, whatever the weights. A metric that is no mean stays as Keras reports it."""

from __future__ import annotations

import math
import struct
import sys

from ..recorder import Block
from .snapshots import in_graphs, number, snapshot_of

# Keras divides in single precision.
TOLERANCE = 1e-5
# The metrics' variables are read after this many batches, and then when it is asked for.
FIRST_BATCHES = 3


def own_values(model, logs):
    """What takes the metrics of one call that trains apart: `take(logs, …)` right after a batch, on the thread that
    trains; `values(taken, batches, is_first, is_last)` on the recorder's thread, in order. These are ([(name, value)],
    examples); `is_first`: Keras has set all metrics to zero before this batch; `is_last`: the last one of an epoch,
    which may be smaller."""
    if in_graphs(model):
        return FromLogs(model, logs)
    try:
        return FromState(model, logs)
    except Exception:  # noqa: BLE001 - variables that are somewhere else: on parameter servers, say
        return FromLogs(model, logs)


class FromState:
    """By the variables of the metrics. What they hold is read after the first batches, at the end of each epoch and
    some times a second in between; as long as every batch turns out to add the same to the counts, that and the means
    that Keras reports say what they held after the other batches. Where it is not so (weights, masks, batches of
    different sizes) they are read after every batch."""

    def __init__(self, model, logs):
        self.size = len(logs)
        self.names = tuple(logs)
        self._means = [metric for metric in leaves(model.metrics) if _is_mean(metric)]
        variables = [variable for metric in self._means for variable in (metric.total, metric.count)]
        self._snapshot = snapshot_of(model, variables)
        self._roots = [_is_root(metric) for metric in self._means]
        self._candidates = {name: self._likely(name) for name in self.names}
        # By the last reading.
        self._behind: dict = {}
        # Of each metric after the batch before: sum (None where it is not known) and count.
        self._before = self._zeros = [(0.0, 0.0)] * len(self._means)
        # What a batch adds to each count.
        self._steady = None
        self._is_steady = True
        self._counts_examples = None
        # Batches that the recorder has found steady so far.
        self._compared = 0
        # Called on the recorder's thread when batches turn out to be different.
        self.on_uneven = _nothing

    @property
    def is_steady(self) -> bool:
        """Nothing need be read after the next batches: their logs say all."""
        return self._is_steady and self._compared >= FIRST_BATCHES

    def _likely(self, name: str) -> list:
        """Which metrics may be behind a name in the logs, the likeliest first: an output's name may stand before it,
        and something after it where there are two of the same name."""
        exact = [i for i, metric in enumerate(self._means) if metric.name == name]
        return exact + [i for i, metric in enumerate(self._means) if metric.name != name and metric.name in name]

    def take(self, logs):
        values = tuple(logs.values())
        return values, self._snapshot.take(values)

    def values(self, taken, batches: int, is_first: bool, is_last: bool):
        logs, read = taken
        before = self._zeros if is_first else self._before
        if read is None:
            logged = [self._snapshot.number(value) for value in logs]
            added = [steady * batches for steady in self._steady]
            state = [(None, count + more) for (_, count), more in zip(before, added)]
        else:
            numbers = self._snapshot.numbers(read)
            count = 2 * len(self._means)
            state, logged = list(zip(numbers[0:count:2], numbers[1:count:2])), numbers[count:]
            added = [after - counted for (_, after), (_, counted) in zip(state, before)]
            if not is_last:
                self._look_at_counts([more / batches for more in added])
            self._find(logged, state)
        names, values = [], []
        for name, value in zip(self.names, logged):
            if value is not None:
                names.append(name)
                values.append(self._value(name, value, state, before, added))
        self._before = state
        return list(zip(names, _singles(values))), self._examples(added, batches)

    def block(self, taken):
        """Several batches for which nothing was read, [(logs, batches)], as a Block; None where one of them is out of
        the ordinary: then `values` is for each."""
        numpy = sys.modules.get("numpy")
        if numpy is None or self._steady is None or len(self._behind) < self.size:
            return None
        numbers = self._snapshot.many([value for logs, _ in taken for value in logs])
        if numbers is None:
            return None
        behind = [self._behind[name] for name in self.names]
        before, steady = [self._before[i] for i in behind], [self._steady[i] for i in behind]
        if any(total is None for total, _ in before) or min(steady) <= 0:
            return None
        logged = numpy.array(numbers, "float64").reshape(len(taken), self.size)
        batches = [count for _, count in taken]
        roots = [self._roots[i] for i in behind]
        added = numpy.outer(batches, steady)
        counts = numpy.cumsum(added, axis=0)
        counts += [count for _, count in before]
        totals = (numpy.where(roots, logged * logged, logged) if any(roots) else logged) * counts
        own = totals.copy()
        own[1:] -= totals[:-1]
        own[0] -= [total for total, _ in before]
        own /= added
        if any(roots):
            own = numpy.where(numpy.logical_and(roots, own >= 0), numpy.sqrt(numpy.abs(own)), own)
        with numpy.errstate(over="ignore"):
            rows = own.astype("float32")
        if not numpy.isfinite(rows).all():
            return None
        each = sum(batches)
        state = [(None, count + more * each) for (_, count), more in zip(self._before, self._steady)]
        for i, total, count in zip(behind, totals[-1].tolist(), counts[-1].tolist()):
            state[i] = (total, count)
        self._before = state
        return Block(self.names, rows, self._examples([steady * each for steady in self._steady], each))

    def skip(self, taken, is_first: bool) -> None:
        """A batch that an earlier attempt has trained: what follows counts from here."""
        if taken[1] is not None:
            numbers = self._snapshot.numbers(taken[1])
            count = 2 * len(self._means)
            self._before = list(zip(numbers[0:count:2], numbers[1:count:2]))

    def _look_at_counts(self, each) -> None:
        self._compared += 1
        if self._steady is None:
            self._steady = each
        elif any(not _same(more, steady) for more, steady in zip(each, self._steady)):
            self._is_steady = False
            self.on_uneven()

    def _find(self, logged, state) -> None:
        """Which metric is behind which name. What a training step of the user's own returns may be something else under
        the same name: then no metric says the same for long, and from there on it stays as it is."""
        self._behind = {}
        for name, value in zip(self.names, logged):
            candidates = self._candidates[name]
            for order, i in enumerate(candidates):
                total, count = state[i]
                mean = total / count if count else 0.0
                is_free = i not in self._behind.values()
                if is_free and value is not None and _same(mean, value * value if self._roots[i] else value):
                    self._behind[name] = i
                    candidates.insert(0, candidates.pop(order))
                    break
            else:
                self._candidates[name] = []

    def _value(self, name, logged, state, before, added):
        """`state` learns what was not read."""
        i = self._behind.get(name)
        if i is None:
            return logged
        total, count = state[i]
        if total is None:
            total = (logged * logged if self._roots[i] else logged) * count
            state[i] = total, count
        earlier = before[i][0]
        # Less than before: somebody has set it to zero in between, and all that it holds is this batch's.
        if added[i] <= 0 or earlier is None:
            return logged
        own = (total - earlier) / added[i]
        return math.sqrt(own) if self._roots[i] and own >= 0 else own

    def _examples(self, added, batches: int) -> float:
        """What a batch adds to the count of its loss is its size, unless the loss is counted by batches."""
        loss = self._behind.get("loss")
        if loss is None:
            return 0
        more = added[loss]
        if self._counts_examples is None:
            self._counts_examples = more != batches
        return more if self._counts_examples and more > 0 else 0


class FromLogs:
    """By what Keras reports, where the variables cannot be had: in graphs of TensorFlow 1. There the loss is the
    batch's own already; means are taken to count by examples, as they do without weights."""

    def __init__(self, model, logs):
        self.size = len(logs)
        metrics = leaves(model.metrics)
        outputs = getattr(model, "_per_output_weighted_metrics", None) or ()
        weighted = {id(metric) for of_output in outputs for metric in of_output.values()}
        means = {metric.name for metric in metrics if _is_mean(metric) and id(metric) not in weighted}
        self._own = {"loss"} if "batch" in logs else set()
        self._means = means - self._own
        self._before: dict = {}
        self._counted = 0.0

    # Never: it has nothing else than the logs of every batch.
    is_steady = False

    def take(self, logs):
        return dict(logs)

    def skip(self, logs, is_first: bool) -> None:
        self.values(logs, 1, is_first, False)

    def values(self, logs, batches: int, is_first: bool, is_last: bool):
        if is_first:
            self._before, self._counted = {}, 0.0
        size = number(logs.pop("size", None)) or 0
        logs.pop("batch", None)
        # Where batches come from an iterator they are all said to have one example.
        examples = size if size > 1 else 0
        weight = examples or batches
        counted, before = self._counted + weight, self._counted
        values = []
        for name, value in logs.items():
            value = number(value)
            if value is None:
                continue
            own = value
            if name in self._means:
                if is_last and not examples:
                    continue  # Nobody knows how much smaller it is than the others.
                own = (value * counted - self._before.get(name, 0.0) * before) / weight
                self._before[name] = value
            values.append((name, own))
        self._counted = counted
        return values, examples


def _nothing() -> None:
    pass


def leaves(metrics) -> list:
    """The metrics themselves: some hold others (CompileMetrics of Keras 3)."""
    found: list = []
    for metric in metrics:
        inner = getattr(metric, "metrics", None)
        if isinstance(inner, (list, tuple)) and not hasattr(metric, "total"):
            found.extend(leaves(inner))
        else:
            found.append(metric)
    return found


def _is_mean(metric) -> bool:
    """It has a sum and a count, both single numbers."""
    return all(_is_scalar(getattr(metric, name, None)) for name in ("total", "count"))


def _is_scalar(variable) -> bool:
    shape = getattr(variable, "shape", None)
    try:
        return shape is not None and hasattr(variable, "assign") and len(shape) == 0
    except (TypeError, ValueError):
        return False


def _is_root(metric) -> bool:
    return any(base.__name__ == "RootMeanSquaredError" for base in type(metric).__mro__)


def _singles(values: list):
    """They are no more precise than what they were made of, and event files hold them so."""
    try:
        form = f"{len(values)}f"
        return struct.unpack(form, struct.pack(form, *values))
    except OverflowError:
        return values


def _same(a: float, b: float) -> bool:
    if a == b or (a != a and b != b):
        return True
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))
