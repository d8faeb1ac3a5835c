"""The run of this process: its folder, and the thread that keeps the folder true. Knows nothing of what is trained."""

from __future__ import annotations

import os
import threading
import time

from . import guard as faults
from .attempts import claim_attempt
from .control import Control
from .files import read_json
from .output import Output
from .places import calling_place
from .recorder import Recorder
from .status import Status

TICK_SECONDS = 0.1


class Tapped:
    """How deep this process is in calls that Fitlens follows itself: what writers log meanwhile is known already."""

    def __init__(self):
        self._depth = 0
        self._began = 0.0
        self._spans: list = []

    @property
    def depth(self) -> int:
        return self._depth

    @depth.setter
    def depth(self, depth: int) -> None:
        if depth > 0 and self._depth == 0:
            self._began = time.time()
        elif depth == 0 and self._depth > 0:
            self._spans.append((self._began, time.time()))
        self._depth = depth

    def __enter__(self):
        self.depth += 1
        return self

    def __exit__(self, *_):
        self.depth -= 1

    def at(self, wall: float) -> bool:
        """Whether it was inside such a call at that time (seconds since 1970)."""
        if self._depth > 0 and wall >= self._began:
            return True
        return any(began <= wall <= ended for began, ended in self._spans)


tapped = Tapped()


class Run:
    """A run that this process trains."""

    def __init__(self, folder: str):
        """Claims the run's next attempt; raises Held where another process trains it."""
        self.folder = folder
        self.checkpoints = os.path.join(folder, "checkpoints")
        self.attempt = claim_attempt(folder)
        self.resuming = self.attempt > 1
        self.status = Status(folder, self.attempt, _reached(folder))
        self.recorder = Recorder(folder, self.status)
        self.control = Control(folder, self.status, self.recorder)
        # Called without arguments about ten times a second on the run's thread.
        self.on_tick: list = []
        self._output = Output(folder)
        self._awaited = threading.Event()
        self.ended = False
        faults.warn_through(self.status.warn)
        self.status.write()
        self._thread = threading.Thread(target=self._follow, name="fitlens", daemon=True)
        self._thread.start()

    def note_call(self) -> None:
        """The user's line that trains, as the stack of the caller shows it."""
        place = calling_place()
        if place is not None:
            self.status.set(call=place)

    def tick_soon(self) -> None:
        """The run's thread looks at once at what there is, not only at its next time."""
        self._awaited.set()

    def _follow(self) -> None:
        while not self.ended:
            if self._awaited.wait(TICK_SECONDS):
                self._awaited.clear()
            if not self.ended:
                self.tick()

    def tick(self) -> None:
        for work in (self.control.poll, *self.on_tick, self._drain, self._output.check, self.status.tick):
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the thread goes on
                faults.report(error)

    def _drain(self) -> None:
        self.recorder.drain(aside=True)

    def end(self, **ending) -> None:
        """Writes what is still to write, and how it ended. Only the first call counts."""
        if self.ended:
            return
        self.ended = True
        self._awaited.set()
        for work in self.on_tick:
            with faults.guard():
                work()
        with faults.guard():
            self.recorder.close()
        with faults.guard():
            self._output.end()
        self.status.end(**ending)


_current = None
_maker = None


def current():
    """The run of this process, or None. In watch mode the first call makes it: call it when something trains."""
    global _current, _maker
    if _current is None and _maker is not None:
        make, _maker = _maker, None
        with faults.guard("run"):
            _current = make()
    return _current


def is_followed() -> bool:
    """Whether current() would give a run, without making one."""
    return _current is not None or _maker is not None


def is_made() -> bool:
    """Whether this process has a run by now."""
    return _current is not None


def begin(folder: str) -> Run:
    """The launcher has made the run's folder for this process."""
    global _current
    _current = Run(folder)
    return _current


def make_when_needed(make) -> None:
    """Watch mode: `make()` gives the run when something begins to train. None: nothing is followed any more."""
    global _current, _maker
    _current, _maker = None, make


def _forget() -> None:
    """In a forked child: the run is its parent's."""
    global _current, _maker
    _current = _maker = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _reached(folder: str) -> dict:
    """The launcher has left in the status what earlier attempts have reached."""
    status = read_json(os.path.join(folder, "status.json"))
    names = ("step", "epoch", "epochs", "stepsPerEpoch", "latest", "checkpoint")
    return {name: status[name] for name in names if name in status} if isinstance(status, dict) else {}
