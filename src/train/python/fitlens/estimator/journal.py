"""What a run's calls of Estimator.train have reached, in checkpoints/estimator.json: where each began and ended, so
that a resumed run trains only what is left of `steps=` and its charts go on. Knows no TensorFlow."""

from __future__ import annotations

import os

from ..files import read_json, write_json_atomic
from ..guard import guard

FORMAT = 1


class Journal:
    """`before` is what the attempts before this one have left."""

    def __init__(self, run):
        self._checkpoints = run.checkpoints
        self.file = os.path.join(run.checkpoints, "estimator.json")
        found = read_json(self.file) if run.resuming else None
        found = found if isinstance(found, dict) and found.get("format") == FORMAT else {}
        self.before: list = [call for call in found.get("calls") or [] if _is_call(call)]
        self.saved: dict = found.get("saved") if isinstance(found.get("saved"), dict) else {}
        # Of a call that this attempt has not come to yet, the old record stays.
        self._calls: list = list(self.before)
        self.count = 0

    def next(self) -> int:
        """The number of the next call of train in this attempt, from 0."""
        self.count += 1
        return self.count - 1

    def known(self, number: int, folder: str, global_step: int):
        """What an earlier attempt has recorded of this call; None where the checkpoints have begun anew since."""
        if number >= len(self.before):
            return None
        call = self.before[number]
        return call if call["folder"] == folder and call["begin"] <= global_step else None

    def step_at(self, number: int, folder: str, global_step: int):
        """Batches of the run when this folder's training stood there; None where no call tells."""
        calls = self._line(number, folder)
        saved = self.saved.get(folder)
        if self._is_last(calls, folder) and isinstance(saved, dict) and saved.get("globalStep") == global_step:
            return saved["step"]
        calls = [call for call in calls if call["begin"] <= global_step]
        return calls[-1]["step"] + global_step - calls[-1]["begin"] if calls else None

    def _line(self, number: int, folder: str) -> list:
        """The calls on this folder that went on from each other, and this one is among: a script may empty it and
        begin anew."""
        lines: list = []
        for at, call in enumerate(self.before):
            if call["folder"] != folder:
                continue
            last = lines[-1][-1] if lines else None
            if last is None or call["begin"] < (last["begin"] if last.get("end") is None else last["end"]):
                if lines and at > number:
                    break
                lines.append([])
            lines[-1].append(call)
        return lines[-1] if lines else []

    def _is_last(self, calls: list, folder: str) -> bool:
        on_folder = [call for call in self.before if call["folder"] == folder]
        return bool(calls) and calls[-1] is on_folder[-1]

    def begun(self, number: int, folder: str, begin: int, step: int) -> None:
        call = {"folder": folder, "begin": begin, "step": step, "end": None, "finished": False}
        self._calls[number : number + 1] = [call]
        self.write()

    def ended(self, number: int, global_step: int, finished: bool) -> None:
        if number < len(self._calls):
            self._calls[number].update(end=global_step, finished=finished)
            self.write()

    def keep(self, folder: str, global_step: int, step: int, prefix=None) -> None:
        """A checkpoint of this folder's training is there; `prefix` where it is one of the run's own."""
        entry = {"globalStep": global_step, "step": step}
        if prefix is not None:
            entry["prefix"] = os.path.relpath(prefix, self._checkpoints)
        elif "prefix" in self.saved.get(folder, {}) and self.saved[folder]["globalStep"] >= global_step:
            return
        self.saved[folder] = entry
        self.write()

    def own(self, number: int, folder: str):
        """Global step and file prefix of the run's own newest checkpoint, if it is of what this call trains."""
        saved = self.saved.get(folder)
        if not self._is_last(self._line(number, folder), folder):
            return None
        if not isinstance(saved, dict) or not isinstance(saved.get("prefix"), str):
            return None
        return saved["globalStep"], os.path.join(self._checkpoints, saved["prefix"])

    def write(self) -> None:
        with guard("estimator.json"):
            os.makedirs(self._checkpoints, exist_ok=True)
            write_json_atomic(self.file, {"format": FORMAT, "calls": self._calls, "saved": self.saved})


def _is_call(call) -> bool:
    return isinstance(call, dict) and all(isinstance(call.get(name), int) for name in ("begin", "step"))
