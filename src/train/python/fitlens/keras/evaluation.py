"""One call of evaluate that the script makes by itself: its result goes into the run."""

from __future__ import annotations

from ..guard import guarded
from .about import engine_of, framework_of
from .snapshots import number


class Evaluation:
    attached = False

    def __init__(self, this, model, bound):
        self.run = this
        self.model = model
        self.logs = None
        this.note_call()
        this.status.set(framework=framework_of(model))
        if this.status.current["state"] == "starting":
            this.status.set(state="running")

    def ended(self, logs=None, **_) -> None:
        """What the callbacks are told has all names."""
        self.attached = True
        self.logs = logs

    def end(self) -> None:
        pass

    @guarded
    def tell(self, result) -> None:
        if "engine" not in self.run.status.current:
            self.run.status.set(engine=engine_of(self.model))
        logs = result if isinstance(result, dict) else self.logs
        values = logs.items() if logs else named(self.model, result)
        numbers = [(name, number(value)) for name, value in values]
        self.run.recorder.evaluation([(name, value) for name, value in numbers if value is not None])


def named(model, result) -> list:
    """The values of a result that comes without names."""
    values = list(result) if isinstance(result, (list, tuple)) else [result]
    names = list(getattr(model, "metrics_names", None) or [])
    if len(names) != len(values):
        names = ["loss", *(f"value_{i}" for i in range(1, len(values)))]
    return list(zip(names, values))
