"""Loops of the user's own that log scalars: what they write with tf.summary or a SummaryWriter is in the run within a
second, with its own tags and steps. What is logged inside of a call that Fitlens follows itself is not written
twice."""

from __future__ import annotations

import _thread
import functools
import os
import re
import time

from . import run
from .guard import guard, guarded
from .imports import when_imported
from .logs import EventTail

FLUSH_SECONDS = 0.5

_followed: list = []
_installed_in: list = []


def install() -> None:
    for module in ("torch.utils.tensorboard.writer", "tensorboardX.writer"):
        when_imported(module, _tap_summary_writer)
    when_imported("tensorflow.python.ops.summary_ops_v2", _tap_file_writers)
    when_imported("tensorboard.plugins.scalar.summary_v2", _tap_scalar)


def source_of(folder: str) -> str:
    """A writer's folder says what it logs: `logs/val` is validation."""
    for part in reversed(re.split(r"[/\\]", str(folder).lower())):
        words = re.split(r"[^a-z]+", part)
        if "train" in words or "training" in words:
            return "train"
        if any(word.startswith("val") and word in ("val", "valid", "validation") for word in words):
            return "validation"
        if any(word in ("test", "testing", "eval", "evaluation") for word in words):
            return "eval"
    return "train"


def _begin(framework: str):
    """The run, told once what trains and to hear a stop that nobody else would."""
    this = run.current()
    if this is None or this in _installed_in:
        return this
    _installed_in.append(this)
    this.control.on_stop.append(_interrupt)
    if _read_followed not in this.on_tick:
        this.on_tick.append(_read_followed)
    if "framework" not in this.status.current:
        this.status.set(framework=framework)
    this.note_call()
    return this


@guarded
def _interrupt() -> None:
    """As Ctrl+C does: such a loop looks at nothing else."""
    if run.tapped.depth == 0:
        _thread.interrupt_main()


@guarded
def _point(folder, tag, value, step, framework) -> None:
    if run.tapped.depth > 0:
        return
    this = _begin(framework)
    if this is None:
        return
    source = source_of(folder)
    step = this.recorder.step + (source == "train") if step is None else step
    this.recorder.scalar(source, tag, value, int(step))


def _wait_while_paused() -> None:
    if run.is_made() and run.tapped.depth == 0:
        this = run.current()
        if this.control.pending:
            with guard("pause"):
                this.control.between()


def _tap_summary_writer(module) -> None:
    """torch.utils.tensorboard and tensorboardX: the same class, so to speak."""
    writer = module.SummaryWriter
    framework = _version("PyTorch", "torch")
    add_scalar, add_scalars = writer.add_scalar, writer.add_scalars

    @functools.wraps(add_scalar)
    def tapped_scalar(self, tag, scalar_value, global_step=None, *args, **kwargs):
        result = add_scalar(self, tag, scalar_value, global_step, *args, **kwargs)
        _point(_folder_of(self), tag, scalar_value, global_step, framework())
        _wait_while_paused()
        return result

    @functools.wraps(add_scalars)
    def tapped_scalars(self, main_tag, tag_scalar_dict, global_step=None, *args, **kwargs):
        result = add_scalars(self, main_tag, tag_scalar_dict, global_step, *args, **kwargs)
        for name, value in tag_scalar_dict.items():
            _point(_folder_of(self), f"{main_tag}/{name}", value, global_step, framework())
        _wait_while_paused()
        return result

    writer.add_scalar, writer.add_scalars = tapped_scalar, tapped_scalars


def _folder_of(writer) -> str:
    return getattr(writer, "log_dir", None) or getattr(writer, "logdir", None) or ""


def _version(name: str, module: str):
    def framework() -> str:
        import sys

        version = getattr(sys.modules.get(module), "__version__", "")
        return f"{name} {version}".strip()

    return framework


def _tap_scalar(module) -> None:
    """Eager calls of tf.summary.scalar are where a pause can wait; the points come from the file."""
    scalar = module.scalar

    @functools.wraps(scalar)
    def tapped(*args, **kwargs):
        result = scalar(*args, **kwargs)
        if _followed and run.tapped.depth == 0:
            # Something is logged: from now on the files are looked at.
            _begin(_version("TensorFlow", "tensorflow")())
        _wait_while_paused()
        return result

    module.scalar = tapped


def _tap_file_writers(module) -> None:
    """tf.summary.create_file_writer: scalars may be written inside of a tf.function, so the file is what is read."""
    create = module.create_file_writer_v2

    @functools.wraps(create)
    def tapped(logdir, *args, **kwargs):
        began = time.time()
        writer = create(logdir, *args, **kwargs)
        if run.tapped.depth == 0 and run.is_followed():
            with guard("tf.summary"):
                _follow_folder(os.fspath(logdir) if hasattr(logdir, "__fspath__") else str(logdir), writer, began)
        return writer

    module.create_file_writer_v2 = tapped


class _Followed:
    """A writer of TensorFlow, its folder, and the files in it that this process has begun since."""

    def __init__(self, folder: str, writer, began: float):
        self.folder = folder
        self.source = source_of(folder)
        self.writer = writer
        self.began = began
        self.tails: dict = {}
        self.flushed = 0.0

    def read(self, last: bool) -> None:
        if time.monotonic() - self.flushed < FLUSH_SECONDS and not last:
            return
        self.flushed = time.monotonic()
        self.writer.flush()
        mark = f".{os.getpid()}."
        for name in sorted(os.listdir(self.folder)) if os.path.isdir(self.folder) else ():
            path = os.path.join(self.folder, name)
            if name in self.tails or "tfevents" not in name or mark not in name or _is_known(path):
                continue
            if os.stat(path).st_mtime >= self.began - 2:
                self.tails[name] = EventTail(path)
        for tail in self.tails.values():
            points = [point for point in tail.read() if not run.tapped.at(point[0])]
            if not points:
                continue
            this = _begin(_version("TensorFlow", "tensorflow")())
            if this is None:
                return
            for wall, step, tag, value in points:
                this.recorder.scalar(self.source, tag, value, step, wall)


def _is_known(path: str) -> bool:
    return any(tail.path == path for one in _followed for tail in one.tails.values())


def _follow_folder(folder: str, writer, began: float) -> None:
    if "://" in folder or not _is_eager():
        return
    # Made absolute now: the script may change its directory.
    _followed.append(_Followed(os.path.abspath(folder), writer, began))
    if run.is_made() and _read_followed not in run.current().on_tick:
        run.current().on_tick.append(_read_followed)


def _is_eager() -> bool:
    import sys

    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and tensorflow.executing_eagerly()


def _read_followed() -> None:
    for one in list(_followed):
        with guard("tf.summary"):
            one.read(last=run.is_made() and run.current().ended)


def read_all() -> None:
    """What the writers have been given so far, which makes a run of it where there is none: a graph logs without
    calling Python."""
    for one in list(_followed):
        with guard("tf.summary"):
            one.read(last=True)
