"""Fitlens follows what the user's own script trains. Importing this package does nothing."""

from __future__ import annotations


def watch(runs_folder: str, script: str = "", origin: str = "kernel") -> None:
    """In a notebook's kernel: from now on each cell that trains is a run in `runs_folder`. A second call changes
    nothing."""
    from .watching import watch_kernel

    watch_kernel(runs_folder, script, origin)
