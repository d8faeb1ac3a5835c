"""One call of fit under way: what it tells its callbacks goes into the run, and what the user asks of the run is done
between its batches."""

from __future__ import annotations

import functools
import time

from ..guard import guard, guarded, report
from ..recorder import Batch
from . import finite
from .about import engine_of, framework_of
from .own import FIRST_BATCHES, FromLogs, own_values
from .rate import Rate
from .resume import resume_of
from .snapshots import in_graphs, number
from .summary import is_ready, tell_model

# Keras puts these into an epoch's logs; they are no metrics.
RATES = ("lr", "learning_rate")
# Between two looks at what need not be looked at after every batch.
LOOK_SECONDS = 0.1


class Fit:
    def __init__(self, this, model, bound):
        self.run = this
        self.model = model
        self.bound = bound
        self.attached = False
        arguments = bound.arguments
        self.epochs = arguments.get("epochs", 1)
        self.initial_epoch = arguments.get("initial_epoch") or 0
        # An old fit_generator has its data under another name.
        self._x, self._y = arguments.get("x", arguments.get("generator")), arguments.get("y")
        self._batch_size = _batch_size(arguments)
        self._recorder = this.recorder
        self._control = this.control
        self._resume = resume_of(this)
        self._callbacks = None
        self._heard: dict = {}
        self._own = self._plan = None
        self._rate = None
        self._steps = None
        self._trained = 0
        # Batches of the epoch so far, and those of them that are counted in what was trained.
        self._done = self._counted_done = 0
        # The clock when it was last looked around, and until when it need not be.
        self._looked = self._until = 0.0
        self._is_first = True
        self._is_due = False
        self._may_pass = this.resuming
        self._is_told = False
        this.note_call()
        this.status.set(framework=framework_of(model))
        with guard("finite"):
            finite.watch(this, model, self._x, self._y)

    def around(self, train):
        return self._resume.around(self.model, self.epochs, self.initial_epoch, train, data=self._x)

    def set_initial_epoch(self, epoch: int) -> None:
        self.bound.arguments["initial_epoch"] = self.initial_epoch = epoch

    def attach(self, callbacks) -> None:
        """The list of callbacks is there, and all of them have heard that the training begins. From here on its
        methods are heard as well; they belong to this one list, not to its class."""
        self.attached = True
        self._callbacks = callbacks
        self._begin()
        batch_end, epoch_begin = callbacks.on_train_batch_end, callbacks.on_epoch_begin
        epoch_end, train_end = callbacks.on_epoch_end, callbacks.on_train_end
        control, recorder, note_batch, clock = self._control, self._recorder, self._note_batch, time.time

        def on_train_batch_end(batch, logs=None):
            # As short as can be for most batches: after a training step all of this is out of the processor's caches.
            try:
                now, done, plan = clock(), batch + 1, self._plan
                if self._looked <= now < self._until and self._done < done < plan.end and len(logs) == plan.size:
                    recorder.step = step = plan.step + done
                    plan.append((plan.mark, plan, (tuple(logs.values()), done - self._done), step, now))
                    self._done = done
                else:
                    note_batch(batch, logs)
            except Exception as error:  # noqa: BLE001 - logs that are no logs
                report(error, "batch")
            batch_end(batch, logs)
            if self._is_due or control.pending:
                self._between()

        def on_epoch_begin(epoch, logs=None):
            self._epoch_begins(epoch)
            epoch_begin(epoch, logs)

        def on_epoch_end(epoch, logs=None):
            noted = self._epoch_ends(epoch, logs)
            epoch_end(epoch, logs)
            self._epoch_has_ended(noted)

        def on_train_end(logs=None):
            train_end(logs)
            self._train_ends()

        heard = {
            "on_train_batch_end": on_train_batch_end,
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_end": on_train_end,
        }
        if in_graphs(self.model):
            # The loops of TensorFlow 1 call this instead.
            batch_hook = callbacks._call_batch_hook

            def call_batch_hook(mode, hook, batch, logs=None):
                is_end = hook == "end" and str(mode) == "train"
                if is_end:
                    note_batch(batch, logs)
                batch_hook(mode, hook, batch, logs)
                if is_end and (self._is_due or control.pending):
                    self._between()

            del heard["on_train_batch_end"]
            heard["_call_batch_hook"] = call_batch_hook
        self._heard = heard
        vars(callbacks).update(heard)

    def detach(self) -> None:
        """The list of callbacks is the user's again; the next one that is made is waited for."""
        for name in self._heard:
            vars(self._callbacks).pop(name, None)
        self._heard = {}
        self.attached = False

    def end(self) -> None:
        """The call has returned, or raised."""
        self.detach()
        if self._callbacks is not None:
            with guard():
                self._recorder.train_end()

    def _begin(self) -> None:
        params = getattr(self._callbacks, "params", None) or {}
        with guard("fit"):
            steps = params.get("steps")
            self._steps = int(steps) if steps is not None and steps > 0 else None
        # It may leave this call, to begin it anew.
        self._resume.begin(self.model, self.bound.arguments.get("callbacks"), self._steps)
        with guard("fit"):
            # Keras's own BackupAndRestore goes on from its own epoch.
            own = getattr(self.model, "_initial_epoch", None)
            self._recorder.begin(
                epochs=self.epochs,
                initial_epoch=own or self.initial_epoch,
                steps_per_epoch=self._steps,
                batch_size=self._batch_size,
            )
        with guard("engine"):
            self.run.status.set(engine=engine_of(self.model))
        with guard("learning rate"):
            self._rate = Rate(self.model)
        self._tell_model()

    def _tell_model(self) -> None:
        """model.json and the graph, of the model that trains first; one without weights waits for its first batch."""
        with guard("model"):
            if not self._is_told and is_ready(self.model):
                self._is_told = True
                tell_model(self.run, self.model)

    def _note_batch(self, batch, logs) -> None:
        """Right after a batch, before the callbacks hear of it. What costs time is done on the recorder's thread."""
        try:
            batches = max(1, self._counted(batch + 1) - self._done)
            self._done += batches
            own, logs = self._own, {} if logs is None else logs
            if own is None or len(logs) != own.size:
                own = self._own = own_values(self.model, logs)
                self._plan = None
                self._tell_model()
            # Where the number of batches is not known, any may be the last.
            is_last = self._steps is None or self._done >= self._steps
            is_first, self._is_first = self._is_first, False
            try:
                taken = own.take(logs)
            except Exception:  # noqa: BLE001 - a trainer that keeps its state elsewhere
                own = self._own = FromLogs(self.model, logs)
                taken = own.take(logs)
            if self._may_pass and self._resume.passing_over:
                self._counted_done = self._done
                self._recorder.later(own.skip, taken, is_first)
                return
            self._count()
            now, rate = time.time(), None
            if not 0 <= now - self._looked < LOOK_SECONDS:
                self._looked = now
                self._is_due = True
                rate = self._rate and self._rate.take(self._trained)
            told = functools.partial(self._told, own, taken, batches, is_first, is_last, rate)
            self._recorder.deferred(told, step=self._recorder.step + batches)
            self._look_away(own)
            if self._trained == FIRST_BATCHES:
                # They tell whether those that follow are alike: the sooner that is known, the less is read after each.
                self.run.tick_soon()
        except Exception as error:  # noqa: BLE001 - this is the boundary
            report(error, "batch")

    def _look_away(self, own) -> None:
        """For the batches of the next moment, if they are known to be like those before."""
        if not own.is_steady or not self._steps:
            return
        if self._plan is None:
            self._plan = _Steady(self, own)
        self._plan.step = self._recorder.step - self._done
        self._until = self._looked + LOOK_SECONDS
        if not own.is_steady:
            self.look_back()

    def look_back(self) -> None:
        """From the next batch on; the recorder's thread has found that they are not alike."""
        self._until = 0.0

    def _count(self) -> None:
        self._trained += self._done - self._counted_done
        self._counted_done = self._done

    def _counted(self, done: int) -> int:
        """The last execution of several steps may be shorter than Keras says."""
        return min(done, self._steps) if self._steps else done

    def _told(self, own, taken, batches, is_first, is_last, rate) -> Batch:
        values, examples = own.values(taken, batches, is_first, is_last)
        if not examples and self._batch_size:
            examples = self._batch_size * batches
        return Batch(values, examples, None if rate is None else self._rate.number_of(rate))

    @guarded
    def _between(self) -> None:
        """Between two batches, when the callbacks have heard of the one before."""
        self._is_due = False
        self._resume.batch_end()
        if not self._control.pending:
            return
        self._control.between()
        if self._control.take_checkpoint():
            self._resume.checkpoint()
        if self._control.stop_requested:
            # The state to go on from is the one at this batch.
            self._resume.batch_end()
            self.model.stop_training = True

    @guarded
    def _epoch_begins(self, epoch) -> None:
        if self._steps is None and self._done:
            self._steps = self._done
        self._is_first = True
        self._done = self._counted_done = 0
        self._plan = None
        self.look_back()
        self._resume.epoch_begin(epoch)
        finite.look(self.run)

    def _epoch_ends(self, epoch, logs):
        """Before the callbacks hear of it. Returns what is to be completed when they have."""
        with guard("epoch"):
            noted: dict = {}
            self._count()
            is_whole = self._resume.note_epoch(epoch, noted)
            values = [(name, number(value)) for name, value in (logs or {}).items() if name not in RATES]
            rate = self._rate and self._rate.take(self._trained, now=True)
            if rate is not None:
                rate = functools.partial(self._rate.number_of, rate)
            if is_whole:
                self._recorder.epoch_end([(name, value) for name, value in values if value is not None], rate)
            return noted, self._history_sizes(), logs
        return None

    @guarded
    def _epoch_has_ended(self, ended) -> None:
        """Keras's history has the values by now, with what callbacks have added."""
        if ended is None:
            return
        noted, sizes, logs = ended
        history = getattr(getattr(self._callbacks, "_history", None), "history", None)
        if history is None:
            noted.update((name, number(value)) for name, value in (logs or {}).items())
        else:
            noted.update((name, values[-1]) for name, values in history.items() if len(values) > sizes.get(name, 0))
        self._resume.checkpoint_if_due()
        if self._control.pending:
            self._between()

    def _history_sizes(self) -> dict:
        history = getattr(getattr(self._callbacks, "_history", None), "history", None)
        return {name: len(values) for name, values in (history or {}).items()}

    @guarded
    def _train_ends(self) -> None:
        self._recorder.train_end()
        self._resume.end(self._control.stop_requested)


class _Steady:
    """The batches of one epoch of which only what Keras reports is known, for the recorder."""

    def __init__(self, fit: Fit, own):
        self._fit, self._own = fit, own
        self.size = own.size
        # The epoch's last batch is looked at.
        self.end = fit._steps
        # Of the run, as the epoch began.
        self.step = 0
        self.append, self.mark = fit._recorder.steady(self)
        own.on_uneven = fit.look_back

    def block(self, taken):
        block, size = self._own.block(taken), self._fit._batch_size
        if block is not None and not block.examples and size:
            return block._replace(examples=size * sum(batches for _, batches in taken))
        return block

    def values(self, taken):
        logs, batches = taken
        return self._fit._told(self._own, (logs, None), batches, False, False, None)


def _batch_size(arguments):
    """Where it is known before the first batch: Keras makes batches of 32 out of arrays."""
    given = arguments.get("batch_size")
    if isinstance(given, int):
        return given
    x = arguments.get("x")
    while isinstance(x, (list, tuple, dict)) and x:
        x = next(iter(x.values())) if isinstance(x, dict) else x[0]
    is_array = hasattr(x, "shape") and hasattr(x, "dtype") and not arguments.get("steps_per_epoch")
    return 32 if is_array and given is None else None
