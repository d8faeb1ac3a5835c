"""Checkpoints of the run's own, beside those in the model_dir: more frequent, and unseen by the script. Resume puts the
newest where tf.estimator looks for it."""

from __future__ import annotations

import glob
import os
import re
import shutil
import sys
import time

from ..guard import guard

# Between two checkpoints; more where writing one takes long.
INTERVAL_SECONDS = 3.0
SHARE_OF_TIME = 20
KEPT = 2

_LEFT = re.compile(r"model\.ckpt-\d+_temp|model\.ckpt-\d+\.\S*tempstate\d+$|checkpoint\.tmp[0-9a-f]+$|\.fitlens-")


class OwnCheckpoints:
    """Of one folder's training."""

    def __init__(self, folder: str):
        self._folder = folder
        self._files: list = []
        self.due = time.monotonic() + INTERVAL_SECONDS

    def save(self, session, saver, global_step: int):
        """Returns the files' prefix; None where this saver cannot do it."""
        definition = getattr(saver, "saver_def", None)
        if definition is None or not definition.save_tensor_name:
            self.due = float("inf")
            return None
        began = time.monotonic()
        os.makedirs(self._folder, exist_ok=True)
        prefix = os.path.join(self._folder, f"model.ckpt-{global_step}")
        # Not saver.save: its list of checkpoints, and the files it deletes, are the script's.
        session.run(definition.save_tensor_name, {definition.filename_tensor_name: prefix})
        self.saved(time.monotonic() - began)
        return prefix

    def saved(self, seconds: float = 0.0) -> None:
        """A checkpoint is there, this one or one of the script's."""
        self.due = time.monotonic() + max(INTERVAL_SECONDS, SHARE_OF_TIME * seconds)

    def forget_old(self, newest: str) -> None:
        """Once the newest is on record, those before it can go; one stays, in case that it cannot be read."""
        if newest in self._files:
            self._files.remove(newest)
        self._files.append(newest)
        while len(self._files) > KEPT:
            for file in files_of(self._files.pop(0)):
                os.remove(file)


def files_of(prefix: str) -> list:
    escaped = glob.escape(prefix)
    return sorted(glob.glob(f"{escaped}.index") + glob.glob(f"{escaped}.data-?????-of-?????"))


def clean(model_dir: str) -> None:
    """What a kill has left half written; nothing else ever takes it away."""
    if "://" in model_dir or not os.path.isdir(model_dir):
        return
    for name in os.listdir(model_dir):
        if not _LEFT.match(name):
            continue
        path = os.path.join(model_dir, name)
        with guard("clean"):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.remove(path)


def promote(prefix: str, global_step: int, model_dir: str) -> bool:
    """Puts a checkpoint of the run's own into the model_dir as its newest."""
    management = sys.modules.get("tensorflow.python.checkpoint.checkpoint_management") or sys.modules.get(
        "tensorflow.python.training.checkpoint_management"
    )
    files = files_of(prefix)
    if "://" in model_dir or management is None or len(files) < 2:
        return False
    os.makedirs(model_dir, exist_ok=True)
    state = management.get_checkpoint_state(model_dir)
    older = list(state.all_model_checkpoint_paths) if state is not None else []
    target = os.path.join(model_dir, f"model.ckpt-{global_step}")
    for file in files:
        temporary = os.path.join(model_dir, f".fitlens-{os.path.basename(file)}")
        shutil.copyfile(file, temporary)
        os.replace(temporary, target + file[len(prefix) :])
    management.update_checkpoint_state_internal(
        model_dir,
        model_checkpoint_path=target,
        all_model_checkpoint_paths=[path for path in older if path != target] + [target],
        save_relative_paths=True,
    )
    return True
