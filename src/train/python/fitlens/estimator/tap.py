"""Follows the calls of the user's script into tf.estimator: train, evaluate and train_and_evaluate, in all its classes.
What one call of train does in the run is in training.py."""

from __future__ import annotations

import functools
import os
import time

from .. import run
from ..guard import guard
from .training import Training

# Which evaluation has plain tags, by run and source: others carry their name.
_plain: dict = {}


class _Now:
    """What this process is doing: one training at a time, and evaluations inside of it or beside it."""

    training = None
    # Inside of train_and_evaluate, where another process may do the training.
    executors = 0


def tap_estimator(module) -> None:
    estimator = module.Estimator
    estimator.train = _tapped_train(estimator.train, getattr(module, "_load_global_step_from_checkpoint_dir", None))
    estimator.evaluate = _tapped_evaluate(estimator.evaluate)
    estimator._evaluate_run = _tapped_evaluate_run(estimator._evaluate_run)
    estimator._call_model_fn = _tapped_model_fn(estimator._call_model_fn)
    estimator._train_with_estimator_spec = _tapped_spec(estimator._train_with_estimator_spec)


def _tapped_train(train, global_step_of):
    @functools.wraps(train)
    def tapped_train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        training = None
        with guard("Estimator.train"):
            this = run.current()
            if this is not None and _Now.training is None and global_step_of is not None:
                training = Training(this, self, steps, max_steps, global_step_of)
        if training is None:
            return train(self, input_fn, hooks, steps, max_steps, saving_listeners)
        if training.is_over:
            return self
        steps, max_steps = training.steps, training.max_steps
        _Now.training, whole = training, False
        try:
            with run.tapped:
                result = train(self, input_fn, hooks, steps, max_steps, saving_listeners)
            whole = True
            return result
        finally:
            _Now.training = None
            with guard("Estimator.train"):
                training.end(whole)

    return tapped_train


def _tapped_model_fn(call_model_fn):
    @functools.wraps(call_model_fn)
    def tapped_call(self, features, labels, mode, *args, **kwargs):
        training = _Now.training
        if training is not None and training.estimator is self and mode == "train":
            training.given = (labels, features)
        return call_model_fn(self, features, labels, mode, *args, **kwargs)

    return tapped_call


def _tapped_spec(train_with_spec):
    @functools.wraps(train_with_spec)
    def tapped_spec(self, estimator_spec, worker_hooks, hooks, global_step_tensor, *args, **kwargs):
        training = _Now.training
        if training is not None and training.estimator is self:
            with guard("Estimator.train"):
                hooks = [*hooks, training.hook(estimator_spec)]
        return train_with_spec(self, estimator_spec, worker_hooks, hooks, global_step_tensor, *args, **kwargs)

    return tapped_spec


def _tapped_evaluate(evaluate):
    @functools.wraps(evaluate)
    def tapped_evaluate(self, *args, **kwargs):
        with guard("Estimator.evaluate"):
            this = run.current()
            if this is not None and _Now.training is None:
                this.note_call()
                if this.status.current["state"] == "starting":
                    this.status.set(state="running")
        with run.tapped:
            return evaluate(self, *args, **kwargs)

    return tapped_evaluate


def _tapped_evaluate_run(evaluate_run):
    """What evaluate, the listener of train_and_evaluate and the InMemoryEvaluatorHook come down to."""

    @functools.wraps(evaluate_run)
    def tapped_run(self, *args, **kwargs):
        began = time.monotonic()
        results = evaluate_run(self, *args, **kwargs)
        with guard("Estimator.evaluate"):
            this = run.current()
            if this is not None:
                folder = kwargs.get("output_dir") or (args[-1] if args and isinstance(args[-1], str) else "")
                _record(this, results, os.path.basename(folder))
                if _Now.training is not None:
                    this.recorder.paused_for(time.monotonic() - began)
        return results

    return tapped_run


def _record(this, results, folder: str) -> None:
    """`folder` is `eval` or `eval_NAME`."""
    in_training = _Now.training is not None or _Now.executors > 0
    name = folder[5:] if folder.startswith("eval_") else ""
    plain = _plain.setdefault((this.folder, in_training), name)
    end = "" if name == plain else f"/{name or 'eval'}"
    values = [(f"{key}{end}", value) for key, value in results.items() if key != "global_step"]
    this.recorder.evaluation(values, in_training)


def tap_executor(module) -> None:
    """`module` is training.py of tf.estimator, where train_and_evaluate is."""
    executor = module._TrainingExecutor
    execute = executor.run

    @functools.wraps(execute)
    def tapped_execute(self):
        _Now.executors += 1
        try:
            result = execute(self)
            with guard("train_and_evaluate"):
                return _completed(self, result)
            return result
        finally:
            _Now.executors -= 1

    executor.run = tapped_execute


def _completed(executor, result):
    """Where nothing was left to train, or nothing more was to be trained, nothing was evaluated either; the script may
    want the metrics all the same."""
    this = run.current()
    spec, estimator = getattr(executor, "_eval_spec", None), executor.estimator
    if this is None or not (this.resuming or this.control.stop_requested):
        return result
    if spec is None or not isinstance(result, tuple) or result[0] is not None:
        return result
    if estimator.latest_checkpoint() is None:
        return result
    metrics = estimator.evaluate(spec.input_fn, spec.steps, list(spec.hooks or ()), name=spec.name)
    return (metrics, *result[1:])


def tap_saver_hook(module) -> None:
    """CheckpointSaverHook, the user's own or that of tf.estimator: which one there is, and when it has saved."""
    hook = module.CheckpointSaverHook
    begin, save = hook.begin, hook._save

    @functools.wraps(begin)
    def tapped_begin(self):
        training = _Now.training
        if training is not None and self not in training.savers:
            training.savers.append(self)
        return begin(self)

    @functools.wraps(save)
    def tapped_save(self, session, step, *args, **kwargs):
        training = _Now.training
        if training is not None:
            with guard("checkpoint"):
                # A run that goes on from here has the metrics up to here.
                training.run.recorder.flush()
        result = save(self, session, step, *args, **kwargs)
        if training is not None:
            with guard("checkpoint"):
                training.noted(self, int(step))
        return result

    hook.begin, hook._save = tapped_begin, tapped_save
