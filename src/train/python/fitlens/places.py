"""Finds places in the user's source: on the stack and in tracebacks. Everything that is no package, no part of Python
and not Fitlens is the user's."""

from __future__ import annotations

import os
import sys

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_PYTHON = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
_PACKAGES = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")

# A notebook's cells by the file name that their code has: (notebook, index over all cells).
cells: dict = {}
# In a notebook's kernel: the notebook that code without a file belongs to.
notebook = ""


def is_users(file: str) -> bool:
    if file in cells or _is_kernels(file):
        return True
    if file.startswith("<") or "__autograph_generated" in file:
        return False
    file = os.path.abspath(file)
    return not (file.startswith((_OURS, _PYTHON)) or any(part in file for part in _PACKAGES))


def _is_kernels(file: str) -> bool:
    return bool(notebook) and (file.startswith("<ipython-input") or "ipykernel_" in file)


def place(file: str, line: int, column=None) -> dict:
    """A SourcePlace of src/protocol/run.ts."""
    if file in cells:
        of_file, index = cells[file]
        found = {"file": of_file, "line": line, "cell": index}
    elif _is_kernels(file):
        found = {"file": notebook, "line": line}
    else:
        found = {"file": os.path.abspath(file), "line": line}
    if column:
        found["column"] = column
    return found


def calling_place():
    """Where the user's own code stands right now, nearest first; None where there is none on the stack."""
    frame = sys._getframe(1)
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return place(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return None


def failing_place(error: BaseException):
    """The deepest place in the user's code that an exception went through."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if is_users(trace.tb_frame.f_code.co_filename):
            found = trace
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename and error.lineno and is_users(error.filename):
        return place(error.filename, error.lineno, error.offset)
    if found is None:
        return None
    return place(found.tb_frame.f_code.co_filename, found.tb_lineno, _column(found))


def leave_out_ours(error: BaseException) -> None:
    """Takes the frames of Fitlens out of the traceback of an exception and of all that it came from."""
    seen: set = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        one.__traceback__ = at = _next_of_users(one.__traceback__)
        while at is not None:
            at.tb_next = at = _next_of_users(at.tb_next)


def _next_of_users(trace):
    while trace is not None and os.path.abspath(trace.tb_frame.f_code.co_filename).startswith(_OURS):
        trace = trace.tb_next
    return trace


def _column(trace):
    """Python 3.11 and later know it."""
    positions = getattr(trace.tb_frame.f_code, "co_positions", None)
    if positions is None:
        return None
    for index, (_, _, column, _) in enumerate(positions()):
        if index == trace.tb_lasti // 2:
            return None if column is None else column + 1
    return None
