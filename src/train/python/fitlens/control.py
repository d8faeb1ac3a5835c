"""What the user asks of a running training, read from control.json. Knows nothing of what is trained."""

from __future__ import annotations

import os
import threading
import time

from .files import read_json
from .guard import guard


class Control:
    """`pending` says at no cost that something was asked for; then `between()` is worth a call."""

    def __init__(self, folder: str, status, recorder):
        self._file = os.path.join(folder, "control.json")
        self._status = status
        self._recorder = recorder
        self._seen = 0
        # The launcher takes away what was asked of an earlier attempt.
        self._done = 0
        self._checkpoint = False
        self._changed = threading.Event()
        self.pending = False
        self.paused = False
        self.stop_requested = False
        # Called without arguments on the recorder's thread when a stop is asked for.
        self.on_stop: list = []

    def poll(self) -> None:
        """Looks into the file; called ten times a second by the recorder's thread."""
        try:
            modified = os.stat(self._file).st_mtime_ns
        except OSError:
            return
        if modified == self._seen:
            return
        asked = read_json(self._file)
        if not isinstance(asked, dict) or not isinstance(asked.get("sequence"), (int, float)):
            return
        self._seen = modified
        if asked["sequence"] > self._done:
            self._done = asked["sequence"]
            self._take(asked.get("request"))

    def _take(self, request) -> None:
        if request == "stop":
            self.stop_requested = True
            self.paused = False
        elif request == "checkpoint":
            self._checkpoint = True
        elif request in ("pause", "continue"):
            self.paused = request == "pause"
        self.pending = self.stop_requested or self.paused or self._checkpoint
        self._changed.set()
        if request == "stop":
            for callback in list(self.on_stop):
                with guard("stop"):
                    callback()

    def take_checkpoint(self) -> bool:
        """Whether a checkpoint was asked for since the last call."""
        asked, self._checkpoint = self._checkpoint, False
        self.pending = self.stop_requested or self.paused
        return asked

    def between(self) -> None:
        """Between two batches: waits while paused, returns at once otherwise."""
        if not self.paused:
            return
        began = time.monotonic()
        self._recorder.flush()
        self._status.set(state="paused")
        while self.paused:
            self._changed.clear()
            self._changed.wait(0.5)
        self._recorder.paused_for(time.monotonic() - began)
        self._status.set(state="running")
