"""One trainer at a time in a run's folder: claims the next attempt by the same files as src/runs/attempts.ts."""

from __future__ import annotations

import os
import re
import time

from .files import read_json, write_json_atomic
from .process import identify, is_alive

# A claim is made empty and filled at once; one that stays empty was left by a process that died in between.
EMPTY_SECONDS = 2


class Held(Exception):
    """Another process trains this run."""


def claim_attempt(folder: str) -> int:
    """Claims the run for this process; returns the attempt, counted from 1. Raises Held."""
    while True:
        last = last_attempt(folder)
        if last > 0:
            holder = _holder(_file(folder, last))
            if holder is not None:
                raise Held(f"Process {holder} trains this run already.")
        file = _file(folder, last + 1)
        try:
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        except FileExistsError:
            continue
        write_json_atomic(file, identify())
        return last + 1


def last_attempt(folder: str) -> int:
    """Attempts so far; 0 before the first."""
    found = (re.fullmatch(r"attempt-(\d+)\.json", name) for name in os.listdir(folder))
    return max((int(match.group(1)) for match in found if match), default=0)


def _file(folder: str, attempt: int) -> str:
    return os.path.join(folder, f"attempt-{attempt}.json")


def _holder(file: str):
    """The process that holds a claim; None when it is gone."""
    try:
        written = os.stat(file).st_mtime
    except OSError:
        return None
    claim = read_json(file)
    if not isinstance(claim, dict) or not isinstance(claim.get("pid"), int):
        return 0 if time.time() - written < EMPTY_SECONDS else None
    return claim["pid"] if is_alive(claim, written) else None
