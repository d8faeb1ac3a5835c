"""What one call of fit has reached: its epochs, its history and where its steps are. Knows no files and no frameworks
but the History that Keras gives."""

from __future__ import annotations

import sys
import time


class Call:
    """What one call of fit has reached."""

    def __init__(self, ordinal: int, model, epochs, initial_epoch: int, step: int, run_epoch: int):
        self.ordinal = ordinal
        self.model = model
        self.epochs = epochs
        self.initial_epoch = initial_epoch
        # Epochs of this call that are over, and those of the run when it was at 0.
        self.epoch = initial_epoch
        self.first_epoch = run_epoch - initial_epoch
        # The step at which the epoch under way began, and how many it takes where that is known.
        self.epoch_step = step
        self.steps = None
        self.history: dict = {}
        self.history_epochs: list = []
        self.last = None
        self.callbacks: list = []
        # As the script has set them.
        self.rates: list = []
        # What it goes on from, until that is put back.
        self.saved: dict = {}
        self.pending = None
        self.tensors: dict = {}
        self.recalled = False
        self.passing = None
        # Names of the last epoch's values that are in the history.
        self.written: set = set()
        self.due = False
        self.stop_saved = False
        self.began = time.monotonic()
        self.outcome = None

    @property
    def last_epoch(self):
        return self.epochs or 1

    @property
    def name(self) -> str:
        return "the call of fit" if self.ordinal == 1 else f"the call of fit number {self.ordinal}"

    def is_done(self, told: dict) -> bool:
        """Whether a saved state leaves nothing to train. A user who asks for more epochs than before gets them."""
        ended_early = told["finished"] and (told["epochs"] or 0) >= self.last_epoch
        return told["epoch"] >= self.last_epoch or ended_early

    def forget(self) -> None:
        """It starts from the beginning."""
        self.saved, self.pending, self.tensors, self.epoch = {}, None, {}, self.initial_epoch

    def take_history(self, told: dict) -> None:
        self.history = {name: list(values) for name, values in told["history"].items()}
        self.history_epochs = list(told["history_epochs"])

    def settle(self, forget: bool = True) -> None:
        """Takes the last epoch's values over. Callbacks may add to its logs until the next epoch begins."""
        if self.last is None:
            return
        epoch, logs = self.last
        if self.history_epochs[-1:] != [epoch]:
            self.history_epochs.append(epoch)
            self.written = set()
        for name, value in logs.items() if hasattr(logs, "items") else (logs or ()):
            plain = _plain(value)
            if plain is None or name in self.written:
                continue
            self.written.add(name)
            self.history.setdefault(name, []).append(plain)
        if forget:
            self.last = None


def history_of(model, package: str, told: dict):
    """Keras's own object, as fit returns it."""
    history = sys.modules[f"{package}.callbacks"].History()
    history.set_model(model)
    history.epoch = list(told["history_epochs"])
    history.history = {name: list(values) for name, values in told["history"].items()}
    model.history = history
    return history


def prepend(history, before: dict) -> None:
    """What the user reads after fit covers the epochs of the attempts before."""
    if not before or not hasattr(history, "history"):
        return
    after = history.history
    names = [*before["history"], *(name for name in after if name not in before["history"])]
    history.history = {name: [*before["history"].get(name, []), *after.get(name, [])] for name in names}
    history.epoch = [*before["history_epochs"], *history.epoch]


def _plain(value):
    """A number, or lists of numbers for a metric that is an array; None for what is neither."""
    if isinstance(value, (bool, int, float)):
        return value
    value = value.tolist() if hasattr(value, "tolist") else value
    try:
        return value if isinstance(value, (int, float, list)) else float(value)
    except (TypeError, ValueError):
        return None
