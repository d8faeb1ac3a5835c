"""Checkpoints of what model.fit trains, and the way back into them: in a resumed run each call of fit finds its own
state again. Knows which call is which and when to save; how a model is read and set is in state.py."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time

from ..guard import guard, report, say
from . import checkpoint as files
from . import finite, memory, state
from .passing import Passing, build_model
from .progress import Call, history_of, prepend

# Between two checkpoints at epoch ends; more where taking and writing one takes long.
INTERVAL = 3.0
SHARE_OF_TIME = 20
# An epoch that lasts longer than this is saved in its middle.
LONG_EPOCH = 10.0
# A call of fit that took less than this is as soon done again as restored.
WORTH_KEEPING = 1.0
FORMAT = 1
# Calls of fit whose last state is kept in any case, and bytes that the others may take.
MOST_CALLS = 50
MOST_BYTES = 512 << 20


def resume_of(run) -> Resume:
    """The one of a run."""
    found = getattr(run, "keras_resume", None)
    if found is None:
        found = run.keras_resume = Resume(run)
    return found


class _StartAnew(BaseException):
    """Leaves a call of fit that goes on with a model that proves to be another one; nothing is trained by then."""


class Resume:
    def __init__(self, run):
        self._run = run
        self._ordinal = 0
        # Calls under way in each thread: a callback may call fit again.
        self._threads = threading.local()
        self._writing = None
        self._next_at = self._done_at = float("-inf")
        self._cost = 0.0
        self._hears_epochs = False
        self._stopped = False
        self._reached = run.status.current.get("step", 0)

    @property
    def initial_epoch(self) -> int:
        """The epoch at which the call under way goes on."""
        call = self._call
        return call.epoch if call else 0

    @property
    def passing_over(self) -> bool:
        """The batches that end now were trained before the interruption: they are no points."""
        call = self._call
        return bool(call and call.passing and call.passing.active)

    def around(self, model, epochs, initial_epoch, call, data=None):
        """Runs a call of fit by `call(initial_epoch)`: as it is, from where it was interrupted, or not at all where it
        had finished. `data`: the features given to fit, for a model that is built by its first batch."""
        initial_epoch = initial_epoch or 0
        this = self._new(model, epochs, initial_epoch)
        calls = self._calls
        calls.append(this)
        start, history, is_prepared = initial_epoch, None, False
        try:
            with guard("resume"):
                start, history = self._prepare(this, data)
                is_prepared = True
            if not is_prepared:
                this.forget()
            if history is not None:
                return history
            try:
                history = call(start)
            except _StartAnew:
                history = call(initial_epoch)
            with guard("resume"):
                prepend(history, this.saved)
                self._finish(this)
            return history
        finally:
            calls.remove(this)
            if this.passing:
                this.passing.stop()

    def begin(self, model, callbacks=None, steps=None) -> None:
        """A fit begins to train: at on_train_begin. `callbacks`: those given to it; `steps`: batches of an epoch."""
        call = self._call
        if call is None:
            call = self._new(model, None, 0)
            self._calls.append(call)
            call.outcome = "alone"
        call.steps = steps
        with guard("resume"):
            call.callbacks = memory.flat(callbacks)
        if call.pending is not None and not self._restore(call):
            raise _StartAnew()
        self._next_at = max(self._next_at, time.monotonic() + INTERVAL)
        finite.training_begins(self._run)

    def epoch_begin(self, epoch: int) -> None:
        """An epoch begins: all callbacks have seen the end of the one before."""
        self._hears_epochs = True
        call = self._call
        if call is None:
            return
        with guard("checkpoint"):
            if call.saved and not call.recalled:
                call.recalled = True
                if epoch != call.epoch:
                    self._follow_own_backup(call, epoch)
                self._go_on(call)
            elif call.due:
                self.checkpoint()

    def note_epoch(self, epoch: int, logs) -> bool:
        """An epoch has ended. Whether it was a whole one: a stop ends an epoch early, and then it is no epoch yet."""
        call = self._call
        if call is None:
            return True
        batches = self._run.recorder.step - call.epoch_step
        if call.stop_saved and (call.steps is None or batches < call.steps):
            return False
        call.settle()
        call.last = (epoch, logs)
        call.epoch = epoch + 1
        call.steps = call.steps or batches
        call.epoch_step = self._run.recorder.step
        return True

    def checkpoint_if_due(self) -> None:
        """At the end of an epoch."""
        finite.look(self._run)
        call = self._call
        if call is None or self._saves_for_stop(call) or not self._is_due(0):
            return
        # What the other callbacks make of the epoch's end belongs to it.
        call.due = True
        if not self._hears_epochs:
            self.checkpoint()

    def batch_end(self) -> None:
        """Inside of an epoch: where it lasts long, it is saved in its middle, and when a stop is asked for."""
        finite.look(self._run)
        if self._run.control.stop_requested:
            call = self._call
            if call is not None:
                self._saves_for_stop(call)
        elif time.monotonic() >= self._next_at + LONG_EPOCH and self._is_due(LONG_EPOCH) and not self.passing_over:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Takes the state now; it is written while the training goes on."""
        call = self._call
        if call is None or call.pending is not None or self._stopped or self.passing_over:
            # While batches are passed over, the state is the one that is kept already.
            return
        self._wait()
        began = time.monotonic()
        with guard("checkpoint"):
            call.due = False
            tensors, told = self._take(call)
            noted = {"step": told["step"], "epoch": told["run_epoch"], "at": int(time.time() * 1000)}
            work = (self._folder(call.ordinal), tensors, told, noted, began)
            self._writing = threading.Thread(target=self._write, args=work, name="fitlens checkpoint")
            try:
                # Not a daemon: the process ends when it is written.
                self._writing.start()
            except RuntimeError:
                self._writing = None
                self._write(*work)

    def end(self, stopped: bool) -> None:
        """A fit has ended: at on_train_end. Its last state is saved when it returns, after all callbacks."""
        finite.look(self._run)
        call = self._call
        if call is None:
            return
        alone, call.outcome = call.outcome == "alone", "stopped" if stopped and call.stop_saved else "finished"
        if alone:
            self._finish(call)
            self._calls.remove(call)

    # Inside.

    @property
    def _calls(self) -> list:
        calls = getattr(self._threads, "calls", None)
        if calls is None:
            calls = self._threads.calls = []
        return calls

    @property
    def _call(self):
        calls = self._calls
        return calls[-1] if calls else None

    def _new(self, model, epochs, initial_epoch) -> Call:
        self._ordinal += 1
        recorder = self._run.recorder
        call = Call(self._ordinal, model, epochs, initial_epoch, recorder.step, recorder.epoch)
        with guard("resume"):
            call.rates = [state.learning_rate(one) for one in state.optimizers(model)]
        return call

    def _folder(self, ordinal: int) -> str:
        return os.path.join(self._run.checkpoints, f"fit-{ordinal}")

    def _is_due(self, more: float) -> bool:
        writing = self._writing
        return time.monotonic() >= self._next_at + more and not (writing and writing.is_alive())

    def _saves_for_stop(self, call: Call) -> bool:
        """The state that a stopped call goes on from: before validation and the callbacks at its end change it."""
        if not self._run.control.stop_requested or (call.epochs is not None and call.epoch >= call.epochs):
            return False
        if not call.stop_saved:
            call.stop_saved = True
            self.checkpoint()
        return True

    def _prepare(self, call: Call, data) -> tuple:
        """(epoch to begin at, None), or (…, History) where nothing is left to train."""
        anew = call.initial_epoch, None
        if not self._run.resuming:
            return anew
        found = files.newest(self._folder(call.ordinal), lambda error: self._run.status.warn(str(error)))
        if found is None:
            return anew
        told = json.loads(found.metadata["training"])
        if told.get("format") != FORMAT:
            self._run.status.warn(
                f"The checkpoint {found.file} was written by another version of Fitlens, so {call.name} starts from "
                "the beginning."
            )
            return anew
        call.pending, call.saved = found, told
        done = call.is_done(told)
        if not state.is_built(call.model) and not self._build(call.model, data):
            if not state.builds_before_training(call.model):
                self._give_up(
                    call,
                    "The model is built by its first batch, so its weights cannot be restored before, and "
                    f"{call.name} starts from the beginning. Give the model an Input, and it can be resumed.",
                )
                return anew
            call.epoch = told["epoch"]
            return call.last_epoch if done else told["epoch"], None
        if not self._restore(call):
            return anew
        if not done:
            return told["epoch"], None
        self._run.status.set(state="running", step=told["step"], epoch=told["run_epoch"])
        history = None
        with guard("history"):
            history = history_of(call.model, state.keras_package(call.model), told)
        # A call without epochs gives a history as well.
        return call.last_epoch, history

    def _build(self, model, data) -> bool:
        try:
            return build_model(model, data) and state.is_built(model)
        except Exception:  # noqa: BLE001 - what the user's own layers raise here, they raise in fit as well
            return False

    def _restore(self, call: Call) -> bool:
        """Puts weights and optimizers back, and sets where the run stands. False: the call starts anew, and the run
        says why."""
        found, told = call.pending, call.saved
        call.pending = None
        try:
            if not state.is_built(call.model):
                raise state.Changed("it cannot be built before its first batch")
            self._put_back(call, found.tensors, told)
            self._stand_at(call, found, told)
        except Exception as error:  # noqa: BLE001 - then it starts anew
            if not isinstance(error, state.Changed):
                report(error, "resume")
            self._give_up(
                call,
                f"The model has changed since the checkpoint was written, so {call.name} starts from the beginning: "
                f"{error}.",
            )
            return False
        self._tell(call, told)
        return True

    def _stand_at(self, call: Call, found, told: dict) -> None:
        call.tensors = found.tensors
        recorder = self._run.recorder
        recorder.step, recorder.epoch = told["step"], told["run_epoch"]
        call.epoch = told["epoch"]
        call.first_epoch = told["run_epoch"] - told["epoch"]
        call.epoch_step = told["step"] - told["batches"]
        call.take_history(told)

    def _follow_own_backup(self, call: Call, epoch: int) -> None:
        """Keras's own BackupAndRestore is among the callbacks, and goes on from an epoch of its own."""
        told = call.saved
        moved = epoch - call.epoch
        recorder = self._run.recorder
        recorder.step = call.epoch_step = max(0, call.epoch_step + moved * (call.steps or told["steps"] or 0))
        recorder.epoch += moved
        call.epoch = epoch
        kept = sum(1 for known in told["history_epochs"] if known < epoch)
        told.update(
            batches=0,
            history_epochs=told["history_epochs"][:kept],
            history={name: values[:kept] for name, values in told["history"].items()},
        )
        call.take_history(told)

    def _give_up(self, call: Call, why: str) -> None:
        self._run.status.warn(why)
        call.forget()

    def _put_back(self, call: Call, tensors: dict, told: dict) -> None:
        model = call.model
        variables = state.weights(model)
        for prefix in ("model/", "random/"):
            state.check(variables, tensors, prefix)
        optimizers = state.optimizers(model)
        chosen = dict(variables)
        for i, places in enumerate(told["optimizers"]):
            prefix = f"optimizer/{i}/"
            if places is None or i >= len(optimizers):
                continue
            state.build_optimizer(model, optimizers[i], places)
            own = {f"{prefix}{j}": one for j, one in enumerate(state.optimizer_variables(optimizers[i]))}
            try:
                state.check(own, tensors, prefix)
            except state.Changed as error:
                self._run.status.warn(
                    f"The optimizer has changed since the checkpoint was written: {error}. The training goes on with "
                    "the saved weights and a new optimizer."
                )
                continue
            chosen.update(own)
        before = state.values_of(model, chosen)
        try:
            state.assign(model, chosen, {name: state.to_array(tensors[name]) for name in chosen})
        except Exception:
            # All or nothing.
            state.assign(model, chosen, before)
            raise
        # A rate that the user has changed in the script is meant.
        for optimizer, now, before in zip(optimizers, call.rates, told["rates"]):
            if now is not None and now != before:
                optimizer.learning_rate = now

    def _tell(self, call: Call, told: dict) -> None:
        if call.is_done(told):
            say(f"A call of fit (number {call.ordinal}) had finished: its model and its history are restored.")
            return
        again = max(0, self._reached - told["step"])
        self._reached = 0
        # The status may be half a second behind the training that was cut off.
        repeated = f" {again} batches or a few more, trained after that checkpoint, are trained again." if again else ""
        say(f"Goes on from step {told['step']}, in epoch {told['epoch'] + 1} of {call.last_epoch}.{repeated}")

    def _go_on(self, call: Call) -> None:
        """The first epoch of a call that goes on begins, and the callbacks have forgotten what they knew."""
        told = call.saved
        memory.recall(call.callbacks, told["callbacks"], call.tensors)
        batches, tensors = told["batches"], call.tensors
        call.tensors = {}
        if batches <= 0:
            return

        def metrics_as_they_were():
            variables = state.metrics(call.model)
            state.check(variables, tensors, "metrics/")
            state.assign(call.model, variables, {name: state.to_array(tensors[name]) for name in variables})

        if callable(getattr(call.model, "train_function", None)):
            # The recorder takes the epoch to begin at the step where the call does.
            self._run.recorder._call.epoch_step = call.epoch_step
            call.passing = Passing(call.model, batches, metrics_as_they_were)
        else:
            call.epoch_step = told["step"]
            say(f"{batches} batches of epoch {told['epoch'] + 1} are trained again.")

    def _take(self, call: Call) -> tuple:
        model, recorder = call.model, self._run.recorder
        state.synchronize(model)
        optimizers = state.optimizers(model)
        places = [state.built_on(model, optimizer) for optimizer in optimizers]
        variables = state.weights(model)
        for i, optimizer in enumerate(optimizers):
            if places[i] is not None:
                named = enumerate(state.optimizer_variables(optimizer))
                variables.update({f"optimizer/{i}/{j}": variable for j, variable in named})
        batches = recorder.step - call.epoch_step
        if batches > 0:
            variables.update(state.metrics(model))
        arrays = state.values_of(model, variables)
        finite.keep(self._run, model, arrays)
        tensors = {name: state.to_tensor(array) for name, array in arrays.items()}
        callbacks, kept = memory.remembered(call.callbacks)
        tensors.update(kept)
        call.settle(forget=False)
        told = {
            "format": FORMAT,
            "steps": call.steps,
            "epoch": call.epoch,
            "batches": batches,
            "step": recorder.step,
            "run_epoch": call.first_epoch + call.epoch,
            "epochs": call.epochs,
            "finished": call.outcome == "finished",
            "history": call.history,
            "history_epochs": call.history_epochs,
            "rates": call.rates,
            "optimizers": places,
            "callbacks": callbacks,
        }
        # The history goes on to grow while this is written.
        return tensors, json.loads(json.dumps(told))

    def _write(self, folder: str, tensors: dict, told: dict, noted: dict, began: float) -> None:
        try:
            # A resumed run trains nothing before this step again: its points must be there.
            self._run.recorder.flush()
            files.save(folder, tensors, {"step": str(told["step"]), "training": json.dumps(told)})
            self._run.status.set(checkpoint=noted)
        except files.CheckpointError as error:
            self._run.status.warn(str(error))
        except Exception as error:  # noqa: BLE001 - a thread of its own has nobody above it
            report(error, "checkpoint")
        self._done_at = time.monotonic()
        self._cost = self._done_at - began
        self._next_at = self._done_at + max(INTERVAL, self._cost * SHARE_OF_TIME)

    def _finish(self, call: Call) -> None:
        """A call has returned: its model is what the script goes on with."""
        now = time.monotonic()
        worth = now - call.began >= WORTH_KEEPING or now - self._done_at >= self._cost * SHARE_OF_TIME
        if call.outcome == "finished" and worth:
            self.checkpoint()
        self._wait()
        # What is trained from here on is trained on a model that is not finished.
        self._stopped = self._stopped or call.outcome == "stopped"
        if call.ordinal > MOST_CALLS:
            self._make_room(call.ordinal)

    def _make_room(self, newest: int) -> None:
        """Removes states of the oldest calls, where together they are large."""
        sizes = {}
        for ordinal in range(1, newest - MOST_CALLS + 1):
            folder = self._folder(ordinal)
            sizes[folder] = sum(os.path.getsize(os.path.join(folder, name)) for name in files.checkpoints(folder))
        total = sum(sizes.values())
        for folder, size in sizes.items():
            if total <= MOST_BYTES:
                return
            shutil.rmtree(folder, ignore_errors=True)
            total -= size

    def _wait(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.join()
