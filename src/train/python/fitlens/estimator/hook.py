"""The SessionRunHook that stands beside the user's in a training of an Estimator: it takes each step's loss and does
between two steps what is asked of the run. It adds nothing to the graph and changes no number."""

from __future__ import annotations

import math
import os
import sys
import time

from ..files import write_json_atomic
from ..guard import guard, report
from ..recorder import Batch
from . import graph as graphs
from .summary import summary

RATE_SECONDS = 0.1
MOST_GRAPH_BYTES = 4 * 1024 * 1024
MOST_VARIABLE_BYTES = 256 * 1024 * 1024
# By run: the models that are described already, and where its first NaN came from.
_described: dict = {}
_causes: dict = {}


class TrainHook:
    """TensorFlow asks no more of a hook than these methods."""

    def __init__(self, training, spec):
        self._training = training
        self._run = training.run
        self._control = training.run.control
        self._batch = training.run.recorder.batch
        self._loss = spec.loss
        self._scaffold = spec.scaffold
        self._examples = 0
        # The session whose steps are followed.
        self._session = None
        # The tensor, and the number that it had before the step under way, if it was looked at.
        self._rate = self._rate_now = None
        self._rate_is_due = False
        self._due = float("inf")

    def begin(self) -> None:
        pass

    def after_create_session(self, session, coord) -> None:
        with guard("Estimator.train"):
            self._created(session)

    def before_run(self, run_context) -> None:
        if run_context.session is not self._session:
            with guard("Estimator.train"):
                self._follow(run_context.session)
        if self._rate_is_due:
            self._read_rate(run_context.session)

    def after_run(self, run_context, run_values) -> None:
        try:
            if self._control.pending:
                self._asked(run_context)
            now = time.monotonic()
            if now >= self._due:
                self._look(now, run_context.session)
        except Exception as error:  # noqa: BLE001 - the script trains on
            report(error, "Estimator.train")

    def end(self, session) -> None:
        with guard("Estimator.train"):
            if self._session is not None:
                self._session.__dict__.pop("run", None)
                self._session = None
            step = self._global_step(session)
            self._training.last_global_step = step
            if self._control.stop_requested:
                self._training.save_own(session, self._scaffold.saver, step)

    def _follow(self, session) -> None:
        """What a step gives is taken where it arrives: before any hook saves or evaluates what the step has trained,
        and without another fetch, which would cost more than all else that is done here."""
        self._session = session
        run = session.run

        def followed(*args, **kwargs):
            results = run(*args, **kwargs)
            if type(results) is dict and "caller" in results:
                self._step(results["caller"], session)
            return results

        session.run = followed

    def _step(self, fetched, session) -> None:
        """`fetched` is what tf.estimator asks of a step: the train_op's None, and the loss."""
        try:
            loss = float(fetched[1])
            if loss - loss != 0:
                self._not_finite(session)
            if self._rate_now is None:
                self._batch((("loss", loss),), self._examples)
            else:
                self._with_rate(loss)
        except Exception as error:  # noqa: BLE001 - the script trains on
            report(error, "Estimator.train")

    def _created(self, session) -> None:
        graph, training = session.graph, self._training
        size = None
        if getattr(training.estimator, "_train_distribution", None) is None:
            with guard("batch size"):
                size = graphs.batch_size(training.given, graph)
        training.given = None
        self._examples = size or 0
        self._tell_engine(session)
        training.begin(self._global_step(session), size)
        with guard("learning rate"):
            rate = graphs.learning_rate(graphs.applies(graph))
            if isinstance(rate, float):
                self._run.recorder.learning_rate(rate)
            elif rate is not None:
                self._rate, self._rate_is_due = rate, True
        with guard("model.json"):
            self._describe(graph)
        self._due = time.monotonic()

    def _global_step(self, session) -> int:
        """By an operation that tf.estimator has put there for its own hooks."""
        graph = session.graph
        read = graph.get_collection("global_step_read_op_cache") or graph.get_collection("global_step")
        return int(session.run(read[0])) if read else 0

    def _tell_engine(self, session) -> None:
        tensorflow = sys.modules.get("tensorflow")
        kinds = [device.device_type for device in session.list_devices() if "XLA" not in device.device_type]
        accelerators = [kind for kind in kinds if kind != "CPU"]
        if accelerators:
            device = accelerators[0] + (f", {len(accelerators)} devices" if len(accelerators) > 1 else "")
        else:
            device = f"CPU, {_cores()}"
        version = getattr(tensorflow, "__version__", None) or _version_of("tensorflow") or "unknown"
        self._run.status.set(
            framework=f"tf.estimator {_version_of('tensorflow-estimator') or version}",
            engine={"name": "tensorflow", "version": version, "device": device},
        )

    def _describe(self, graph) -> None:
        """model.json and the graph, once for each model that the run trains."""
        variables = tuple((v.name, str(v.shape)) for v in graph.get_collection("trainable_variables"))
        known = _described.setdefault(self._run.folder, set())
        if variables in known:
            return
        known.add(variables)
        name = type(self._training.estimator).__name__
        write_json_atomic(os.path.join(self._run.folder, "model.json"), summary(name, graph, self._loss))
        definition = graphs.small_definition(graph, MOST_GRAPH_BYTES)
        if definition is not None:
            self._run.recorder.graph(graph_def=definition)

    def _read_rate(self, session) -> None:
        """Before the step, so that it is the rate of that step."""
        self._rate_is_due = False
        try:
            self._rate_now = float(session.run(self._rate))
        except Exception as error:  # noqa: BLE001 - the training itself is well
            self._rate = None
            report(error, "learning rate")

    def _with_rate(self, loss: float) -> None:
        batch = Batch((("loss", loss),), self._examples, self._rate_now)
        self._rate_now = None
        self._run.recorder.deferred(lambda: batch)

    def _look(self, now: float, session) -> None:
        """A few times a second."""
        self._due = now + RATE_SECONDS
        self._rate_is_due = self._rate is not None
        own = self._training.own
        if own is not None and now >= own.due:
            with guard("checkpoint"):
                # Should it fail, it is not tried at every step.
                own.saved()
                self._training.save_own(session, self._scaffold.saver, self._global_step(session))

    def _asked(self, run_context) -> None:
        control = self._control
        if control.take_checkpoint():
            with guard("checkpoint"):
                self._save_now(run_context)
        control.between()
        if control.stop_requested:
            run_context.request_stop()

    def _save_now(self, run_context) -> None:
        """As the CheckpointSaverHook does, so that the model_dir has it and the listeners hear of it."""
        session, training = run_context.session, self._training
        step = self._global_step(session)
        if not training.savers:
            if not training.save_own(session, self._scaffold.saver, step):
                self._run.status.warn("This training saves no checkpoints: none could be made.")
        elif training.savers[0]._save(session, step):
            run_context.request_stop()

    def _not_finite(self, session) -> None:
        """Its first step is told by the recorder; where it came from is only known now, before the session ends."""
        if self._run.folder in _causes:
            return
        _causes[self._run.folder] = None
        with guard("NaN"):
            _causes[self._run.folder] = first_not_finite(session)
            self._run.recorder.on_not_finite.append(lambda *_: _causes[self._run.folder])


def first_not_finite(session):
    """After a step that was not finite: the first variable with a value that is not; None where all are."""
    numpy = sys.modules["numpy"]
    names, bad = [], []
    for variable in session.graph.get_collection("trainable_variables"):
        shape = variable.shape
        if not variable.dtype.is_floating or shape.num_elements() is None:
            continue
        if shape.num_elements() * variable.dtype.size > MOST_VARIABLE_BYTES:
            continue
        names.append(variable.name.partition(":")[0])
        if not numpy.isfinite(session.run(variable)).all():
            bad.append(names[-1])
    if not bad:
        return "the loss alone: all variables are finite"
    if len(bad) == len(names) and len(names) > 1:
        return f"all {len(names)} variables are not finite after this step, the first is {bad[0]}"
    return f"variable {bad[0]}"


def _cores() -> str:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return "1 core" if count == 1 else f"{math.floor(count)} cores"


def _version_of(distribution: str):
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
