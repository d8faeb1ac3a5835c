"""The taps of tf.estimator: Estimator.train, evaluate and train_and_evaluate, of every class that there is. Waits for
the framework and never imports it."""

from __future__ import annotations

from .. import run
from ..imports import when_imported
from . import folders, tap

ESTIMATOR = "tensorflow_estimator.python.estimator"


def install() -> None:
    if run.is_made():
        # A run that Fitlens has started can be resumed; others come and go with their process.
        when_imported(f"{ESTIMATOR}.estimator", folders.keep_temporary)
    when_imported(f"{ESTIMATOR}.estimator", tap.tap_estimator)
    when_imported(f"{ESTIMATOR}.training", tap.tap_executor)
    when_imported("tensorflow.python.training.basic_session_run_hooks", tap.tap_saver_hook)
