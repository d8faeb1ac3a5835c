"""Makes the folder of a run that nobody has launched, as createRun of src/runs/store.ts does."""

from __future__ import annotations

import os
import sys
import time

from .files import write_json_atomic
from .names import about, new_name, time_stamp


def create_run(runs_folder: str, script: str, args: list, origin: str, cwd: str) -> str:
    """The new run's folder, with its run.json. Two callers at once get two runs: mkdir decides."""
    _prepare(runs_folder)
    known = about()
    while True:
        now = time.time()
        name = new_name(known["words"])
        run_id = f"{time_stamp(now)}-{name}"
        folder = os.path.join(runs_folder, run_id)
        try:
            os.mkdir(folder)
            break
        except FileExistsError:
            continue
    record = {
        "format": 1,
        "id": run_id,
        "name": name,
        "script": script,
        "args": args,
        "cwd": cwd,
        "language": "python",
        "interpreter": {"path": sys.executable, "version": ".".join(map(str, sys.version_info[:3]))},
        "origin": origin,
        "createdAt": int(now * 1000),
        "sourceHash": _hash(script),
        "fitlensVersion": known["version"],
    }
    try:
        write_json_atomic(os.path.join(folder, "run.json"), record)
    except OSError:
        os.rmdir(folder)
        raise
    return folder


def _prepare(runs_folder: str) -> None:
    """A `.fitlens` that leads elsewhere could have come with the workspace; runs are written into the workspace
    only."""
    parent = os.path.dirname(runs_folder)
    for folder in (parent, runs_folder):
        os.makedirs(folder, exist_ok=True)
        if os.path.islink(folder):
            raise OSError(f"{folder} is a link. Runs are kept inside the workspace only: remove the link.")
    if os.path.basename(parent) == ".fitlens":
        try:
            with open(os.path.join(parent, ".gitignore"), "x", encoding="ascii") as stream:
                stream.write("*\n")
        except FileExistsError:
            pass  # What the user made of it stays.


def _hash(script: str) -> str:
    import hashlib

    try:
        with open(script, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return hashlib.sha256(b"").hexdigest()
