"""One call of Estimator.train in the run: what is still to train after a resume, its plan, its checkpoints. The steps
themselves are followed by the hook of hook.py."""

from __future__ import annotations

import hashlib
import os
import time

from .. import places
from . import checkpoints
from .checkpoints import OwnCheckpoints
from .hook import TrainHook
from .journal import Journal

_journals: list = []


def journal_of(this) -> Journal:
    """One for each run of this process; the newest is the one in use."""
    if not _journals or _journals[-1][0] is not this:
        _journals[:] = [(this, Journal(this))]
    return _journals[-1][1]


class Training:
    """`steps` and `max_steps` are what the call has to be made with; `is_over`: it need not be made at all."""

    def __init__(self, this, estimator, steps, max_steps, global_step_of):
        self.run = this
        self.estimator = estimator
        self.folder = str(estimator.model_dir)
        self.steps, self.max_steps = steps, max_steps
        self.is_over = False
        # Labels and features of the training's graph.
        self.given = None
        self.savers: list = []
        self.begun = False
        self._journal = journal_of(this)
        self._number = self._journal.next()
        this.note_call()
        if this.control.stop_requested and estimator.latest_checkpoint() is not None:
            # Asked to stop: what the script trains next is left to the resumed run.
            self.is_over = True
            return
        if this.resuming:
            self._bring_back(global_step_of)
        self._began_at = int(global_step_of(self.folder))
        self._step = this.recorder.step
        if this.resuming:
            self._go_on(self._began_at)
        config = getattr(estimator, "_config", None) or estimator.config
        own = not places.notebook and config.is_chief and not config.num_ps_replicas and config.num_worker_replicas <= 1
        self.own = OwnCheckpoints(self._own_folder()) if own else None

    def _own_folder(self) -> str:
        name = hashlib.sha256(self.folder.encode("utf-8", "replace")).hexdigest()[:8]
        return os.path.join(self.run.checkpoints, f"estimator-{name}")

    def _bring_back(self, global_step_of) -> None:
        """Before the first call of an attempt on this folder: the run's own checkpoint, if it is newer."""
        checkpoints.clean(self.folder)
        own = self._journal.own(self._number, self.folder)
        if own is not None and own[0] > int(global_step_of(self.folder)):
            checkpoints.promote(own[1], own[0], self.folder)

    def _go_on(self, global_step: int) -> None:
        """`steps` counts from where the call first began, in whichever attempt that was."""
        known = self._journal.known(self._number, self.folder, global_step)
        step = self._journal.step_at(self._number, self.folder, global_step)
        if step is not None:
            self.run.recorder.step = self._step = max(self._step, step)
            self.run.status.set(step=self._step)
        if known is None or (self.steps is not None and self.max_steps is not None):
            return
        self._began_at, self._step = known["begin"], known["step"]
        target = None
        if known.get("finished") and isinstance(known.get("end"), int):
            target = known["end"]
        elif self.steps is not None:
            target = known["begin"] + self.steps
        if target is not None and target > 0 and (self.max_steps is None or known.get("finished")):
            self.steps, self.max_steps = None, target

    def hook(self, spec) -> TrainHook:
        return TrainHook(self, spec)

    def begin(self, global_step: int, batch_size) -> None:
        """The session is there, with its variables as they were saved or made new."""
        recorder = self.run.recorder
        if self.begun:
            # A session that was lost and made again begins at its last checkpoint.
            recorder.step = self.step_at(global_step)
            return
        self.begun = True
        if self.own is not None:
            self.own.saved()
        if not self.run.resuming:
            self._began_at = global_step
        self._journal.begun(self._number, self.folder, self._began_at, self._step)
        self._target = self.max_steps
        if self.steps is not None:
            self._target = global_step + self.steps
        left = None if self._target is None else max(0, self._target - global_step)
        self.run.status.set(state="running")
        recorder.begin(steps_left=left, batch_size=batch_size)
        self._base = (global_step, recorder.step)

    def step_at(self, global_step: int) -> int:
        """Batches of the run at a global step of this training."""
        if not self.begun:
            return self.run.recorder.step
        return self._base[1] + global_step - self._base[0]

    def noted(self, saver_hook, global_step: int) -> None:
        """A CheckpointSaverHook has saved."""
        if os.path.abspath(str(saver_hook._checkpoint_dir)) != os.path.abspath(self.folder):
            return
        if self.own is not None:
            self.own.saved()
        if self.begun:
            self._journal.keep(self.folder, global_step, self._run_step(global_step))
            self._tell(global_step)

    def save_own(self, session, saver, global_step: int) -> bool:
        self.run.recorder.flush()
        prefix = self.own.save(session, saver, global_step) if self.own is not None else None
        if prefix is None:
            return False
        self._journal.keep(self.folder, global_step, self._run_step(global_step), prefix)
        self.own.forget_old(prefix)
        self._tell(global_step)
        return True

    def _run_step(self, global_step: int) -> int:
        """What the recorder has counted; a script may add more than one to the global step at once."""
        return self.run.recorder.step if global_step > self._base[0] else self._base[1]

    def _tell(self, global_step: int) -> None:
        recorder = self.run.recorder
        at = int(time.time() * 1000)
        self.run.status.set(checkpoint={"step": self._run_step(global_step), "epoch": recorder.epoch, "at": at})

    last_global_step = None

    def end(self, whole: bool) -> None:
        """The call has returned, or raised."""
        stopped = self.run.control.stop_requested
        if self.begun:
            last = self.last_global_step
            if last is not None:
                reached = self._target is not None and last >= self._target
                self._journal.ended(self._number, last, whole and (reached or not stopped))
            self.run.recorder.train_end()
        elif whole:
            # Nothing was left to train.
            if self._number >= len(self._journal.before):
                self._journal.begun(self._number, self.folder, self._began_at, self._step)
                self._journal.ended(self._number, self._began_at, True)
            self.run.status.set(state="running", step=self.run.recorder.step)
