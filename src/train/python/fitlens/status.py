"""status.json of the run: replaced at every change of state and at most twice a second otherwise. Names as RunStatus in
src/protocol/run.ts. A disk that refuses is told once; it never disturbs the training."""

from __future__ import annotations

import os
import threading
import time

from .files import write_json_atomic
from .guard import say, say_once
from .process import identify

FORMAT = 1
INTERVAL = 0.5
HEARTBEAT = 1.0


class Status:
    """How the run stands. `current` is what the next write will tell."""

    def __init__(self, folder: str, attempt: int, known: dict):
        """`known`: what an earlier attempt has reached."""
        self._file = os.path.join(folder, "status.json")
        self._lock = threading.RLock()
        self._written_at = float("-inf")
        self._changed = True
        self._ended = False
        now = _millis()
        self.current: dict = {
            **known,
            **identify(),
            "state": "starting",
            "attempt": attempt,
            "startedAt": now,
            "heartbeat": now,
        }

    def set(self, **change) -> None:
        """Notes something; None takes a field away. A new state is written at once, the rest within half a second."""
        with self._lock:
            if self._ended:
                return
            new_state = change.get("state", self.current["state"]) != self.current["state"]
            for name, value in change.items():
                # Only these may be null in the file.
                if value is None and name not in ("stepsPerEpoch", "exitCode"):
                    self.current.pop(name, None)
                else:
                    self.current[name] = value
            self._changed = True
            if new_state:
                self.write()

    def warn(self, text: str) -> None:
        """What could not be done though training goes on: in the status and as one line in the output."""
        with self._lock:
            if self._ended or self.current.get("warning") == text:
                return
            self.current["warning"] = text
            say(text)
            self.write()

    def tick(self) -> None:
        """Writes what has changed, if the last time is long enough ago; the heartbeat in any case."""
        ago = time.monotonic() - self._written_at
        if ago >= HEARTBEAT or (self._changed and ago >= INTERVAL):
            self.write()

    def write(self) -> None:
        with self._lock:
            if self._ended:
                return
            self._written_at = time.monotonic()
            self._changed = False
            self.current["heartbeat"] = _millis()
            try:
                write_json_atomic(self._file, {"format": FORMAT, **self.current})
            except (OSError, ValueError, TypeError) as error:
                say_once(f"The run's status cannot be written: {error}")

    def end(self, **change) -> None:
        """The last write. Nothing changes it afterwards."""
        with self._lock:
            if self._ended:
                return
            self.current.pop("secondsLeft", None)
            self.current.update(change, endedAt=_millis())
            self.write()
            self._ended = True


def _millis() -> int:
    return int(time.time() * 1000)
