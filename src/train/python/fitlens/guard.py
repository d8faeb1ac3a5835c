"""Keeps faults of the hook away from the user's script: each becomes one line in the output. Knows nothing of what is
guarded."""

from __future__ import annotations

import functools
import sys

_said = set()
_warn = None


def say(text: str) -> None:
    """A line of ours in the run's output."""
    try:
        (sys.stderr or sys.__stderr__).write(f"[fitlens] {text}\n")
    except Exception:  # noqa: BLE001 - where even the output is gone there is nobody to tell
        pass


def say_once(text: str) -> None:
    if text not in _said:
        _said.add(text)
        say(text)


def warn_through(warn) -> None:
    """From now on faults are told by this function as well: the run's `status.warn`."""
    global _warn
    _warn = warn


def report(error: BaseException, what: str = "") -> None:
    """One line for each fault, however often it comes back."""
    where = f"{what}: " if what else ""
    text = (
        f"{where}{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}"
    )
    if text in _said:
        return
    _said.add(text)
    place = _place(error)
    text = f"The script trains on, but Fitlens could not follow all of it. {text}{place}"
    if _warn is None:
        say(text)
    else:
        _warn(text)


def _place(error: BaseException) -> str:
    """The last line of ours that it went through, for a report to those who write Fitlens."""
    trace, ours = error.__traceback__, None
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("fitlens"):
            ours = f" ({name}:{trace.tb_lineno})"
        trace = trace.tb_next
    return ours or ""


class guard:
    """`with guard():` what goes wrong inside is told, and the script goes on. KeyboardInterrupt and SystemExit pass."""

    def __init__(self, what: str = ""):
        self._what = what

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace) -> bool:
        if error is None or not isinstance(error, Exception):
            return False
        report(error, self._what)
        return True


def guarded(function):
    """The same for a whole function, which then returns None."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - this is the boundary
            report(error)
            return None

    return wrapper
