"""Keeps the run's output.log within bounds, by the rule of src/train/worker/output.ts: where it has grown too large,
its newest part stays. The process writes to the file itself, in append mode, so cutting it needs nobody's help."""

from __future__ import annotations

import os
import sys
import threading

MOST_BYTES = 8 * 1024 * 1024
KEPT_BYTES = 1024 * 1024
CHECK_CHARACTERS = 512 * 1024
NOTE = b"[fitlens] The output grew beyond 8 MB; what came before is left out.\n"


class Output:
    """The log of this process, where its standard output is the run's log."""

    def __init__(self, folder: str):
        self._file = os.path.join(folder, "output.log")
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._unchecked = 0
        try:
            # Under a debugger the output goes to the editor instead.
            self._ours = os.path.samestat(os.stat(self._file), os.fstat(1))
        except OSError:
            self._ours = False
        if self._ours:
            for stream in (sys.stdout, sys.stderr):
                _write_lines(stream)
                self._count(stream)

    def check(self) -> None:
        """Called ten times a second, for what is written past Python's streams."""
        self._bound(2 * MOST_BYTES)

    def end(self) -> None:
        """Nothing is printed any more."""
        self._bound(MOST_BYTES, 1)

    def _count(self, stream) -> None:
        """Who prints much cuts the log as well: on its own thread nothing is printed meanwhile, so no line is lost."""
        write = getattr(stream, "write", None)

        def counted(text):
            written = write(text)
            self._unchecked += len(text)
            if self._unchecked >= CHECK_CHARACTERS:
                self._bound(MOST_BYTES)
            return written

        try:
            stream.write = counted
        except AttributeError:
            pass  # Something of the user's own; then it is looked at ten times a second only.

    def _bound(self, most: int, seconds: float = 0) -> None:
        self._unchecked = 0
        # A forked child leaves it to its parent; a signal's handler that prints, to the one that it has interrupted.
        if not self._ours or os.getpid() != self._process or not self._lock.acquire(timeout=seconds):
            return
        try:
            if os.fstat(1).st_size > most:
                self._cut()
        except OSError:
            pass  # The user may have deleted it.
        finally:
            self._lock.release()

    def _cut(self) -> None:
        fd = os.open(self._file, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            os.lseek(fd, -KEPT_BYTES, os.SEEK_END)
            kept = bytearray()
            # Until its end is reached: another thread may be printing.
            for piece in iter(lambda: os.read(fd, 2 * KEPT_BYTES), b""):
                kept += piece
                del kept[: -2 * KEPT_BYTES]
            os.ftruncate(fd, 0)
            # Appended as everybody else does: what was printed in this moment is not overwritten.
            os.write(fd, NOTE + kept[kept.find(b"\n") + 1 :])
        finally:
            os.close(fd)


def _write_lines(stream) -> None:
    """Each line is in the log when it is printed, as in a terminal, and any character can be."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(line_buffering=True, **({"encoding": "utf-8"} if os.name == "nt" else {}))
