"""How the process ended, in plain words, with the place in the user's source. It only looks: what Python prints and
the exit code stay as they are."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback

from .guard import guard
from .places import failing_place

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "jax", "torch", "tensorflow_estimator")
CREATE = "make an environment that has it by Fitlens: Create Environment…"

_end: dict = {}


def note_end(error: BaseException) -> None:
    """What ended the script; kept until the process ends."""
    with guard("failure"):
        _end.update(_described(error))


def forget_end() -> None:
    _end.clear()


def ending(run, exit_code=None) -> dict:
    """The last change of the run's status."""
    stopped = run.control.stop_requested or _end.get("interrupted", False)
    code = _end.get("exitCode", 0) if exit_code is None else exit_code
    if stopped:
        return {"state": "stopped", "exitCode": code}
    if code == 0:
        return {"state": "finished", "exitCode": 0}
    error = _end.get("error") if exit_code is None else None
    error = error or {"message": f"The script ended itself with exit code {code}."}
    call = run.status.current.get("call")
    if "at" not in error and call and "stack" in error:
        error["at"] = call
    return {"state": "failed", "exitCode": code, "error": error}


def _described(error: BaseException) -> dict:
    if isinstance(error, SystemExit):
        return _exit(error)
    if isinstance(error, KeyboardInterrupt):
        return {"exitCode": 130, "interrupted": True}
    return {"exitCode": 1, "error": describe(error)}


def describe(error: BaseException) -> dict:
    """Message, place and stack of an exception."""
    described = {"message": message(error)}
    at = failing_place(error)
    if at is not None:
        described["at"] = at
    described["stack"] = "".join(traceback.format_exception(type(error), error, error.__traceback__))[-20_000:]
    return described


def message(error: BaseException) -> str:
    """The exception in one line, with what to do next where that is known."""
    with guard("failure"):
        for advice in (_missing_module, _no_keyboard, _no_estimator, _out_of_memory):
            text = advice(error)
            if text:
                return text
    return plain(error)


def plain(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    name = type(error).__name__
    return f"{name}: {lines[0].strip()[:1000]}" if lines else name


def _missing_module(error):
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    package = error.name.split(".")[0]
    try:
        known = importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        known = False
    if known:
        return None
    where = f"{sys.executable} (Python {'.'.join(map(str, sys.version_info[:3]))})"
    if package in FRAMEWORKS:
        return f"No module named '{error.name}': {where} does not have it. Select another interpreter, or {CREATE}"
    return f"No module named '{error.name}': {where} does not have it. Install it there, or select another interpreter."


def _no_keyboard(error):
    if not isinstance(error, EOFError) or "reading a line" not in str(error):
        return None
    at = failing_place(error)
    where = f" in line {at['line']} of {os.path.basename(at['file'])}" if at else ""
    return (
        f"The script reads from the keyboard{where}, and a run in the background has none. Start it with Debug instead."
    )


def _no_estimator(error):
    if not isinstance(error, AttributeError) or "'estimator'" not in str(error) or "tensorflow" not in str(error):
        return None
    return f"{plain(error)}. TensorFlow 2.16 and later have no tf.estimator: convert to Keras, or {CREATE}"


def _out_of_memory(error):
    text = str(error)
    if isinstance(error, MemoryError):
        return "Out of memory (MemoryError). Train with smaller batches, or keep less data in memory."
    name = type(error).__name__
    if name in ("ResourceExhaustedError", "OutOfMemoryError") or "RESOURCE_EXHAUSTED" in text:
        return f"Out of memory. Train with smaller batches. {plain(error)}"
    return None


def _exit(error: SystemExit) -> dict:
    code = error.code
    if code is None:
        return {"exitCode": 0}
    if not isinstance(code, int):
        return {"exitCode": 1, "error": {"message": str(code)[:1000] or "The script ended itself with exit code 1."}}
    described = {"exitCode": code & 0xFF}
    usage = _usage(error) if code == 2 else None
    if usage:
        described["error"] = {"message": usage}
        at = failing_place(error)
        if at is not None:
            described["error"]["at"] = at
    return described


def _usage(error: SystemExit):
    """What argparse or click has said of the arguments."""
    said, trace = None, error.__traceback__
    while trace is not None:
        code, names = trace.tb_frame.f_code, trace.tb_frame.f_locals
        if os.path.basename(code.co_filename) == "argparse.py" and code.co_name == "error" and "message" in names:
            said = f"{names['self'].format_usage().strip()}: {names['message']}"
        trace = trace.tb_next
    context = error.__context__
    if said is None and hasattr(context, "format_message"):
        said = context.format_message()
    if not said:
        return None
    return f"{' '.join(said.split()).rstrip('.')}. Give the script its arguments by Fitlens: Train with Arguments…"
