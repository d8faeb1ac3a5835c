"""Runs the user's script as `python script.py args...` would, with the taps in place before its first line. What the
script prints, its exit code and its tracebacks stay as they are. Knows no framework."""

from __future__ import annotations

import atexit
import builtins
import gc
import importlib.machinery
import io
import os
import signal
import sys
import types

from . import failures, run
from .attempts import Held
from .guard import guard, say
from .places import leave_out_ours

TAPS = ("keras", "estimator", "loops")


def main(arguments: list, before: frozenset, collects: bool) -> int:
    """`before`: the modules that were there before any of ours. `collects`: garbage is to be collected from here on."""
    if not arguments:
        say("Name a script: python -m fitlens script.py args…")
        return 2
    script = arguments[0]
    folder = os.environ.pop("FITLENS_RUN", None)
    cell = os.environ.pop("FITLENS_CELL", None)
    if folder:
        try:
            started = run.begin(folder)
        except Held as held:
            say(str(held))
            return 1
        except OSError as error:
            say(f"The run cannot be kept in {folder}: {error}. The script runs without it.")
        else:
            atexit.register(_end, started)
            keep_exits(started)
            _hear_interrupts()
            install_taps()
    with guard("modules"):
        _make_way(os.path.dirname(os.path.realpath(script)), before)
    # What is here by now stays: without it the script's garbage is collected when it would be without us. A collection
    # in the middle of an import of TensorFlow takes a quarter of a second.
    if hasattr(gc, "freeze"):
        gc.freeze()
    if collects:
        gc.enable()
    # Nobody upstream of the script: from here on its exceptions are its own.
    run_script(script, arguments, None if cell is None else int(cell))
    return 0


def install_taps() -> None:
    """Each tap waits for its framework; none imports it."""
    for name in TAPS:
        with guard(name):
            module = __import__(f"fitlens.{name}", fromlist=["install"])
            module.install()


def _make_way(folder: str, before: frozenset) -> None:
    """A script whose folder has a json.py finds that one as without us, though we have imported Python's."""
    own = {os.path.splitext(name)[0] for name in os.listdir(folder or ".")}
    for name in set(sys.modules) - before:
        top = name.split(".")[0]
        if top in own and top not in before and top != "fitlens":
            del sys.modules[name]


def run_script(script: str, arguments: list, cell=None) -> None:
    """As `__main__`. Returns at the end of the script, or raises what it raised, told already where Python would tell
    it."""
    with guard("faulthandler"):
        import faulthandler

        if not faulthandler.is_enabled() and sys.stderr is not None:
            faulthandler.enable()
    is_notebook = script.endswith(".ipynb")
    path = os.path.abspath(script) if sys.version_info >= (3, 9) else script
    main_module = types.ModuleType("__main__")
    main_module.__dict__.update(__builtins__=builtins, __spec__=None)
    if sys.version_info < (3, 14):
        main_module.__dict__.update(__annotations__={})
    if not is_notebook:
        main_module.__dict__.update(__file__=path, __cached__=None, __loader__=_loader(path))
    sys.argv[:] = arguments
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(os.path.realpath(script)))
    sys.modules["__main__"] = main_module
    try:
        if is_notebook:
            from .notebook import run_notebook

            run_notebook(script, main_module, cell)
        else:
            _run_file(script, path, main_module)
    except SystemExit as error:
        failures.note_end(error)
        raise
    except BaseException as error:
        with guard("traceback"):
            leave_out_ours(error)
        failures.note_end(error)
        _tell(error)
        raise


def _loader(path: str):
    return importlib.machinery.SourceFileLoader("__main__", path)


def _run_file(script: str, path: str, main_module) -> None:
    try:
        with io.open_code(path) as stream:
            source = stream.read()
    except OSError as error:
        # In Python's own words, with its exit code.
        sys.stderr.write(
            f"{sys.executable}: can't open file {os.path.abspath(script)!r}: [Errno {error.errno}] {error.strerror}\n"
        )
        raise SystemExit(2) from None
    exec(compile(source, path, "exec", dont_inherit=True), main_module.__dict__)


def _tell(error: BaseException) -> None:
    """Prints the traceback as Python would have, without our frames; Python then ends the process as it would have."""
    trace = error.__traceback__
    hook = sys.excepthook
    try:
        hook(type(error), error, trace)
    except BaseException as other:
        if isinstance(other, SystemExit):
            raise
        if other.__context__ is error:
            other.__context__ = None  # Only because it is told in here.
        sys.stderr.write("Error in sys.excepthook:\n")
        other.__traceback__ = other.__traceback__ and other.__traceback__.tb_next
        sys.__excepthook__(type(other), other, other.__traceback__)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, trace)

    def told(*_):
        sys.excepthook = hook

    sys.excepthook = told


def _hear_interrupts() -> None:
    """Stop asks by SIGINT where nothing trains; who starts in the background of a shell has it ignored."""
    with guard("signal"):
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(started) -> None:
    """Runs after all that the script has registered for its end."""
    if run.current() is started:
        started.end(**failures.ending(started))


def keep_exits(started) -> None:
    """Ways out that pass by the interpreter's end: what was measured is written before, and how it ended."""
    leave = os._exit

    def _exit(status):
        if run.current() is started:
            with guard("exit"):
                started.end(**failures.ending(started, exit_code=status))
        leave(status)

    os._exit = _exit
    for name in ("execv", "execve"):
        _flush_before(name, started)


def _flush_before(name: str, started) -> None:
    original = getattr(os, name)

    def wrapper(*args):
        if run.current() is started:
            with guard(name):
                started.recorder.flush()
                started.status.warn("The script replaced itself with another program, which is not followed.")
        return original(*args)

    setattr(os, name, wrapper)
