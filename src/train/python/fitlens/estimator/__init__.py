"""The taps of tf.estimator: Estimator.train, evaluate and train_and_evaluate, of every class that there is. Waits for
the framework and never imports it."""

from __future__ import annotations

from .. import run
from ..imports import when_imported

ESTIMATOR = "tensorflow_estimator.python.estimator"


def install() -> None:
    # The taps are imported where there is something to tap: most scripts train no Estimator.
    if run.is_made():
        # A run that Fitlens has started can be resumed; others come and go with their process.
        when_imported(f"{ESTIMATOR}.estimator", _keep_temporary)
    when_imported(f"{ESTIMATOR}.estimator", _tap_estimator)
    when_imported(f"{ESTIMATOR}.training", _tap_executor)


def _keep_temporary(module) -> None:
    from .folders import keep_temporary

    keep_temporary(module)


def _tap_estimator(module) -> None:
    from .tap import tap_estimator

    tap_estimator(module)
    # TensorFlow always has it; only an Estimator's training is followed there.
    when_imported("tensorflow.python.training.basic_session_run_hooks", _tap_saver_hook)


def _tap_executor(module) -> None:
    from .tap import tap_executor

    tap_executor(module)


def _tap_saver_hook(module) -> None:
    from .tap import tap_saver_hook

    tap_saver_hook(module)
