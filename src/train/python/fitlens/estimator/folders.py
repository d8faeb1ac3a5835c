"""Gives an Estimator without model_dir a folder inside the run instead of a temporary one, so that resume finds what it
has trained. For the script it is the same: a new, empty folder that it did not name."""

from __future__ import annotations

import os
import tempfile

from .. import run
from ..guard import guard

# A search over hyperparameters makes hundreds: the run's folder is no place for all of them.
MOST_KEPT = 20


def keep_temporary(module) -> None:
    """`module` is estimator.py of tf.estimator, which asks `tempfile` for the folder."""
    module.tempfile = _Folders()


class _Folders:
    """The module `tempfile`, but for mkdtemp."""

    def __init__(self):
        self._made = 0

    def __getattr__(self, name):
        return getattr(tempfile, name)

    def mkdtemp(self, *args, **kwargs):
        this = run.current()
        if this is not None and not args and not kwargs and self._made < MOST_KEPT:
            with guard("model_dir"):
                self._made += 1
                name = "model" if self._made == 1 else f"model-{self._made}"
                folder = os.path.join(this.checkpoints, name)
                os.makedirs(folder, exist_ok=True)
                return folder
        return tempfile.mkdtemp(*args, **kwargs)
