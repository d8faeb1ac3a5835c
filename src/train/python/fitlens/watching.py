"""Follows what was not started by Fitlens: a Python typed in a terminal, and a notebook's kernel. The run's folder is
made when the first training begins, and the run ends with the process or with the cell."""

from __future__ import annotations

import atexit
import builtins
import opcode
import os
import sys

from . import failures, loops, places, run
from .guard import guard
from .notebook import code_cells
from .runner import install_taps, keep_exits
from .store import create_run


def watch_terminal(runs_folder: str, folder: str) -> None:
    """Called by the terminal's sitecustomize when a framework is being imported. `folder` is the one that Python was
    started in."""
    exits = _Exits()
    run.make_when_needed(lambda: _terminal_run(runs_folder, folder, exits))
    install_taps()


def _terminal_run(runs_folder: str, folder: str, exits):
    script = _script(folder)
    if script is None or _is_part_of_another():
        return None
    made = create_run(os.path.abspath(runs_folder), script, sys.argv[1:], "terminal", folder)
    # What this process starts from now on belongs to it.
    os.environ["FITLENS_PART_OF"] = made
    started = run.Run(made)
    atexit.register(_end_with_process, started, exits)
    keep_exits(started)
    return started


def _script(folder: str):
    """The user's script. None in an interactive session, in `python -c`, and in tools such as pytest and Jupyter: they
    are not what a person would look for among the runs."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if not script:
        return None
    script = os.path.abspath(os.path.join(folder, script))
    programs = os.path.dirname(os.path.abspath(sys.executable))
    return script if places.is_users(script) and os.path.dirname(script) != programs else None


def _is_part_of_another() -> bool:
    if os.environ.get("FITLENS_PART_OF"):
        return True
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and processes.parent_process() is not None


class _Exits:
    """Remembers the exception of sys.exit and exit: at the process's end nobody else knows its code."""

    def __init__(self):
        self.last = None
        self._own = []
        sys.exit = self._heard(sys.exit)
        for name in ("exit", "quit"):
            leave = getattr(builtins, name, None)
            if leave is not None:
                setattr(builtins, name, self._heard(leave))

    def _heard(self, leave):
        def exit(code=None):
            self.last = SystemExit(code)
            try:
                leave(code)
            except SystemExit as error:
                self.last = error
                raise

        self._own.append(exit.__code__)
        return exit

    def ended_the_script(self) -> bool:
        """Nobody caught it on its way. Where somebody did, the outermost frame that it has come to went on, and has
        returned by now."""
        trace = self.last.__traceback__ if self.last is not None else None
        if trace is None:
            return False
        frame = trace.tb_frame
        if frame.f_code in self._own or frame.f_lasti < 0:
            return True
        return not opcode.opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN")


def _end_with_process(started, exits) -> None:
    if run.current() is not started:
        return
    # Set by Python where it has printed a traceback.
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    if error is None and exits.ended_the_script():
        error = exits.last
    if error is not None:
        failures.note_end(error)
    started.end(**failures.ending(started))


def watch_kernel(runs_folder: str, script: str, origin: str) -> None:
    """A run per execution of a cell that trains. A second call changes nothing."""
    shell = _shell()
    if shell is None or getattr(shell, "_fitlens", None) is not None:
        return
    shell._fitlens = _Kernel(shell, runs_folder, script, origin)
    install_taps()


def _shell():
    interactive = sys.modules.get("IPython")
    return interactive.get_ipython() if interactive is not None else None


class _Kernel:
    """The kernel's cells, one after the other."""

    def __init__(self, shell, runs_folder: str, script: str, origin: str):
        self._shell = shell
        self._runs_folder = os.path.abspath(runs_folder)
        self._script = script or os.path.join(os.getcwd(), "notebook.ipynb")
        self._origin = origin
        self._texts: dict = {}
        places.notebook = self._script
        shell.events.register("pre_run_cell", self._before)
        shell.events.register("post_run_cell", self._after)
        atexit.register(self._at_exit)

    def _before(self, info=None) -> None:
        with guard("cell"):
            failures.forget_end()
            self._note_cell(info)
            run.make_when_needed(self._make)

    def _note_cell(self, info) -> None:
        """The text of the cell that runs now, by the name that its code has in tracebacks."""
        text = getattr(info, "raw_cell", None)
        name_of = getattr(self._shell.compile, "get_code_name", None)
        if text and name_of is not None:
            self._texts[name_of(text, text, self._shell.execution_count)] = text.strip()

    def _find_cells(self) -> None:
        """Which cells of the notebook's file have run, by their texts: one that was not saved is in none."""
        if not self._texts or not os.path.isfile(self._script):
            return
        try:
            indexes: dict = {}
            for index, source in code_cells(self._script):
                indexes.setdefault(source.strip(), []).append(index)
        except SystemExit:
            return
        for name, text in self._texts.items():
            if len(indexes.get(text, ())) == 1:
                places.cells[name] = (self._script, indexes[text][0])
        self._texts.clear()

    def _make(self):
        with guard("cell"):
            self._find_cells()
        return run.Run(create_run(self._runs_folder, self._script, [], self._origin, os.getcwd()))

    def _after(self, result=None) -> None:
        with guard("cell"):
            error = getattr(result, "error_in_exec", None) or getattr(result, "error_before_exec", None)
            self._end(error)

    def _end(self, error) -> None:
        with guard("tf.summary"):
            loops.read_all()
        if not run.is_made():
            run.make_when_needed(None)
            return
        started = run.current()
        if error is not None:
            failures.note_end(error)
        run.make_when_needed(None)
        started.end(**failures.ending(started))

    def _at_exit(self) -> None:
        """The kernel was shut down while a cell trained."""
        with guard("kernel"):
            if run.is_made():
                self._end(KeyboardInterrupt())
