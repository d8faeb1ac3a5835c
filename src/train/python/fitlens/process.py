"""Tells whether the process that a record names is still that process, by the same marks as src/runs/process.ts."""

from __future__ import annotations

import os
import sys
import time


def identify() -> dict:
    """This process, as it goes into status.json and a claim."""
    identity = {"pid": os.getpid()}
    stat = _proc_stat(os.getpid())
    if stat:
        identity["pidStart"] = stat[1]
    boot = _boot_id()
    if boot:
        identity["bootId"] = boot
    return identity


def is_alive(identity: dict, since: float) -> bool:
    """Does it still run? `since` (seconds) is when it was last known to."""
    pid = identity.get("pid")
    if not isinstance(pid, int) or pid <= 1:
        return False
    boot = _boot_id()
    if boot is not None and identity.get("bootId", boot) != boot:
        return False
    stat = _proc_stat(pid)
    if stat is not None:
        state, start = stat
        return state not in ("Z", "X") and identity.get("pidStart", start) == start
    if sys.platform.startswith("linux") and os.path.exists("/proc/self/stat"):
        return False
    if os.name == "nt":
        # os.kill would end it there. A claim that was written a moment ago is believed.
        return time.time() - since < 5
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _proc_stat(pid: int):
    """State letter and start time. The name stands in parentheses and may hold any character."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as stream:
            text = stream.read()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split(" ")
    return fields[0], fields[19]


def _boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as stream:
            return stream.read().strip()
    except OSError:
        return None
