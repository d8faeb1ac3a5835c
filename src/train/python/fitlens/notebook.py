"""Runs a notebook as a program: its code cells in order, each as its own source with a name that a traceback can
show. Magics go to IPython where this Python has it, and are left out where it has not."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
import linecache
import os
import re
import sys
import traceback

from . import places
from .guard import say, say_once

# What these take is code of this language; what all others take is not.
CODE_MAGICS = ("time", "timeit", "capture", "prun")
MAGIC = re.compile(r"^\s*(%|!|\?|[\w.]+\?{1,2}\s*$|[\w, ]+=\s*[%!])")
FUTURES = 0
for _feature in __import__("__future__").all_feature_names:
    FUTURES |= getattr(__import__("__future__"), _feature).compiler_flag


def run_notebook(path: str, main_module, last=None) -> None:
    """All code cells, or those up to index `last` (counted over all cells)."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    _tell_by_cell()
    transform = _transformer()
    for index, source in code_cells(path, last):
        text = _without_cell_magic(source, index)
        if text is None:
            continue
        text = transform(text)
        name = f"{os.path.abspath(path)}, cell {index + 1}"
        places.cells[name] = (os.path.abspath(path), index)
        # As it stands in the notebook, for tracebacks.
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        code = compile(text, name, "exec", flags, True)
        # What a cell takes from __future__ is so in the cells after it.
        flags |= code.co_flags & FUTURES
        if "get_ipython(" in text:
            main_module.__dict__.setdefault("get_ipython", _get_ipython(main_module))
        _run(code, main_module.__dict__)


def _run(code, namespace) -> None:
    if code.co_flags & inspect.CO_COROUTINE:
        import asyncio

        asyncio.get_event_loop_policy().get_event_loop().run_until_complete(eval(code, namespace))
    else:
        exec(code, namespace)


def code_cells(path: str, last=None) -> list:
    """[(index over all cells, source)]; raises SystemExit with a clear word where the file is no notebook."""
    try:
        with open(path, encoding="utf-8") as stream:
            notebook = json.load(stream)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        chosen = [
            (index, "".join(cell.get("source", cell.get("input", ""))))
            for index, cell in enumerate(cells)
            if cell.get("cell_type") == "code" and (last is None or index <= last)
        ]
    except OSError as error:
        raise SystemExit(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise SystemExit(f"{path} is not a notebook: expected JSON with cells, found {error!r}.") from None
    return chosen


def _without_cell_magic(source: str, index: int):
    """The cell's code; None where it is something else."""
    first = source.lstrip().split("\n", 1)[0]
    if not first.startswith("%%"):
        return source
    name = first[2:].split(" ")[0].strip()
    if name in CODE_MAGICS:
        before = source[: source.index(first)]
        return before + "\n" + source[len(before) + len(first) + 1 :]
    say(f"Cell {index + 1} begins with %%{name}, which is for notebooks only: it is left out.")
    return None


def _transformer():
    if importlib.util.find_spec("IPython") is None:
        return _leave_out_magics
    loaded: list = []

    def transform(text: str) -> str:
        if not any(MAGIC.match(line) for line in text.splitlines()):
            return text
        if not loaded:
            from IPython.core.inputtransformer2 import TransformerManager

            loaded.append(TransformerManager())
        return loaded[0].transform_cell(text)

    return transform


def _leave_out_magics(text: str) -> str:
    """Line for line, so that places stay true. Code that is Python as it stands is left alone."""
    try:
        ast.parse(text)
        return text
    except SyntaxError:
        pass
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if MAGIC.match(line):
            say_once("This Python has no IPython: lines that begin with % or ! are left out.")
            lines[at] = re.match(r"\s*", line).group() + "pass"
    return "\n".join(lines) + "\n"


def _get_ipython(main_module):
    """Made when the first magic runs: a shell over the program's own names."""

    def get_ipython():
        from IPython.core.interactiveshell import InteractiveShell

        if not InteractiveShell.initialized():
            hook, display = sys.excepthook, sys.displayhook
            InteractiveShell.instance(user_module=main_module, user_ns=main_module.__dict__)
            sys.excepthook, sys.displayhook = hook, display
        return InteractiveShell.instance()

    return get_ipython


def _tell_by_cell() -> None:
    """Python's own traceback looks for source in files only; cells are in none."""
    if sys.excepthook is not sys.__excepthook__:
        return

    def excepthook(kind, error, trace):
        traceback.print_exception(kind, error, trace)

    sys.excepthook = excepthook
