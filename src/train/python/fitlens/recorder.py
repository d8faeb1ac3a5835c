"""Puts what a training tells into the run: scalars into event files, how it stands into status.json, with the tags
and steps of src/train/worker/recorder.ts. The script's threads only append to a buffer; the run's own thread does the
rest. Knows no framework."""

from __future__ import annotations

import collections
import os
import threading
import time
from typing import NamedTuple

from .events import EventWriter
from .guard import guard, report

# Between two points of the speed inside a long epoch.
SPEED_SECONDS = 5.0
LEARNING_RATE_SECONDS = 0.1
# Pieces of work between two moments in which the thread that trains is let through; not where so many wait.
YIELD_EVERY = 2
MOST_YIELDING = 500
# Batches that are worked on together: from so many on it is worth it, and more would keep the interpreter for too long.
LEAST_IN_BLOCK = 4
MOST_IN_BLOCK = 128
# So far may the script be ahead of the thread before it waits a moment for it.
MOST_WAITING = 50_000


class Block(NamedTuple):
    """Batches one after the other, of one plan and epoch, whose values are found together."""

    names: tuple
    # NumPy, float32: a row a batch.
    rows: object
    # Of all of them.
    examples: float


class Batch(NamedTuple):
    """What is known of a batch only when its values are: for `deferred`."""

    values: object
    examples: float = 0
    # The rate that it was trained with.
    learning_rate: object = None


class _Call:
    """The plan of one call that trains, and where the run stood when it began."""

    def __init__(self, recorder, epochs, initial_epoch, steps_per_epoch, batch_size, steps_left):
        self.epochs = epochs
        self.steps_per_epoch = steps_per_epoch
        self.batch_size = batch_size
        self.steps_left = steps_left
        self.step = self.epoch_step = recorder.step
        self.first_epoch = recorder.epoch - (initial_epoch or 0)
        self.began = time.time()
        self.paused = 0.0


class Recorder:
    """Counts batches and epochs over all the calls of the script that train."""

    def __init__(self, folder: str, status):
        self._folder = folder
        self._status = status
        self._buffer: collections.deque = collections.deque()
        self._append = self._buffer.append
        # One object, to know its entries by.
        self._alike = self._steady
        self._draining = threading.RLock()
        self._writers: dict = {}
        self._tags: dict = {}
        self._unusable: set = set()
        self._call = _Call(self, None, 0, None, None, None)
        self._rate = None
        self._rate_told = self._rate_step = None
        self._rate_looked = 0.0
        self._speed_at = time.time()
        self._speed_examples = 0
        # Batches and epochs since the run began; a resumed training sets them.
        # Called on the recorder's thread with (tag, step, epoch, value); may return where it came from.
        self.on_not_finite: list = []

    step = 0
    epoch = 0

    # What the script's threads call.

    def begin(self, epochs=None, initial_epoch=0, steps_per_epoch=None, batch_size=None, steps_left=None) -> None:
        """A call that trains begins."""
        call = _Call(self, epochs, initial_epoch, steps_per_epoch, batch_size, steps_left)
        self._call = call
        self._rate = self._rate_told = None
        change = {"step": self.step, "epoch": self.epoch, "stepsPerEpoch": steps_per_epoch, "latest": None}
        change["steps"] = None if steps_left is None else self.step + steps_left
        if epochs is not None:
            change["epochs"] = call.first_epoch + epochs
        if batch_size is not None:
            change["batchSize"] = batch_size
        self._append((self._begun, call))
        self._status.set(state="running", **change)

    def batch(self, values, examples: int = 0, step=None) -> None:
        """One batch is trained. `values`: names and anything that float() takes, converted later on the recorder's
        thread."""
        self.step = step = self.step + 1 if step is None else step
        self._append((self._batch, self._call, values, examples, step, self.epoch, time.time()))
        if len(self._buffer) > MOST_WAITING:
            self._wait_for_thread()

    def deferred(self, callback, examples: int = 0, step=None) -> None:
        """One batch whose [(name, value)], or Batch, `callback()` gives, on the recorder's thread and in order with
        other batches."""
        self.batch(callback, examples, step)

    def steady(self, source) -> tuple:
        """For batches that are alike, of one call and epoch: (append, mark). After each batch `append((mark, source,
        taken, step, time))` is all that the thread that trains does; it keeps `step` true. `source.block([taken, ...])`
        gives the Block of those that wait together, or None where they have to be told apart: then
        `source.values(taken)` gives each one's Batch."""
        source.call, source.epoch = self._call, self.epoch
        return self._append, self._alike

    def _wait_for_thread(self) -> None:
        """For a second at most: should it be stuck, the training goes on."""
        until = time.monotonic() + 1
        while len(self._buffer) > MOST_WAITING and time.monotonic() < until:
            time.sleep(0.01)

    def later(self, work, *arguments) -> None:
        """Does something on the recorder's thread, in order with what is recorded."""
        self._append((_do, work, arguments))

    def learning_rate(self, source) -> None:
        """A number, or what gives one when called on the recorder's thread, at most ten times a second."""
        self._rate = source

    def epoch_end(self, values, learning_rate=None) -> None:
        """An epoch is over. Names as Keras has them: loss, val_loss. `learning_rate`: that of its last batch, or what
        gives it on the recorder's thread."""
        self.epoch += 1
        call = self._call
        if call.steps_per_epoch is None:
            call.steps_per_epoch = self.step - call.epoch_step
        call.epoch_step = self.step
        self._append((self._epoch_end, call, dict(values), learning_rate, self.step, self.epoch, time.time()))

    def evaluation(self, values, in_training: bool = False) -> None:
        """A call that evaluates is over; one that a training makes in between is its validation."""
        self._append((self._evaluation, self._call, dict(values), in_training, self.step, self.epoch, time.time()))
        self.flush()

    def train_end(self) -> None:
        """A call that trains has ended."""
        self._append((self._progress, self._call, self.step, self.epoch, None))
        self.flush()
        self._status.write()

    def scalar(self, source: str, tag: str, value, step: int, wall=None) -> None:
        """A point of a loop of the user's own: `source` is train, validation or eval."""
        if source == "train":
            self.step = max(self.step, int(step))
        if self._status.current["state"] == "starting":
            self._status.set(state="running")
        self._append((self._scalar, source, str(tag), value, int(step), wall or time.time()))

    def graph(self, graph_def=None, keras_json=None) -> None:
        """The model for TensorBoard's graph view: a serialized GraphDef, or Keras's own JSON."""
        self._append((self._graph, graph_def, keras_json, time.time()))

    def paused_for(self, seconds: float) -> None:
        self._call.paused += seconds
        self._speed_at += seconds

    def flush(self) -> None:
        """Everything given so far is in the files when this returns."""
        with self._draining:
            self.drain()

    # What the run's thread does.

    def drain(self, aside: bool = False) -> None:
        """Converts, encodes and writes what has been given so far, in order. `aside`: another thread trains meanwhile,
        and is let through whenever it waits for the interpreter; by itself Python would keep it for 5 ms each time."""
        with self._draining:
            buffer, last, left, count = self._buffer, None, len(self._buffer), 0
            while left > 0:
                if aside and count % YIELD_EVERY == 0 and left < MOST_YIELDING:
                    time.sleep(0)
                count += 1
                work, *arguments = buffer.popleft()
                left -= 1
                try:
                    if work is self._alike:
                        source, alike = arguments[0], [arguments]
                        while left > 0 and len(alike) < MOST_IN_BLOCK:
                            if buffer[0][0] is not work or buffer[0][1] is not source:
                                break
                            alike.append(buffer.popleft()[1:])
                            left -= 1
                        last = self._several(alike) or last
                    else:
                        last = work(*arguments) or last
                except Exception as error:  # noqa: BLE001 - one point is lost, not all that follow
                    report(error, "metrics")
            if last is not None:
                self._progress(*last)
            for writer in self._writers.values():
                writer.flush()
            self._tell_failure()

    def close(self) -> None:
        # A thread that is stuck in a conversion does not keep the process from ending.
        if not self._draining.acquire(timeout=5):
            return
        try:
            self.drain()
            for writer in self._writers.values():
                writer.close()
            self._tell_failure()
        finally:
            self._draining.release()

    def _begun(self, call) -> None:
        self._speed_at, self._speed_examples, self._rate_looked = call.began, 0, 0.0

    def _batch(self, call, values, examples, step, epoch, wall):
        rate = None
        if callable(values):
            values = values() or ()
            if isinstance(values, Batch):
                values, examples, rate = values
                self._note_size(call, examples)
        names, numbers = self._numbers(values)
        if names:
            self._write("train", "batch_", names, numbers, step, epoch + 1, wall)
        self._speed_examples += examples
        if rate is not None:
            self._tell_rate(rate, step, wall)
        elif wall - self._rate_looked >= LEARNING_RATE_SECONDS:
            self._look_at_rate(step, wall, self._rate)
        if wall - self._speed_at >= SPEED_SECONDS:
            self._write_speed(step, wall)
        latest = (names, numbers) if epoch == 0 else None
        return call, step, epoch, latest

    def _steady(self, source, taken, step, wall):
        return self._batch(source.call, lambda: source.values(taken), 0, step, source.epoch, wall)

    def _several(self, alike):
        """Batches that are alike, with arguments as _steady has them."""
        source, block = alike[0][0], None
        if len(alike) >= LEAST_IN_BLOCK:
            with guard("metrics"):
                block = source.block([one[1] for one in alike])
        if block is None:
            for one in alike:
                last = self._steady(*one)
            return last
        steps, walls = [one[2] for one in alike], [one[3] for one in alike]
        self._writer("train").block(self._tagged("batch_", block.names), block.rows, steps, walls)
        self._speed_examples += block.examples
        step, wall = steps[-1], walls[-1]
        if wall - self._rate_looked >= LEARNING_RATE_SECONDS:
            self._look_at_rate(step, wall, self._rate)
        if wall - self._speed_at >= SPEED_SECONDS:
            self._write_speed(step, wall)
        latest = (block.names, block.rows[-1].tolist()) if source.epoch == 0 else None
        return source.call, step, source.epoch, latest

    def _note_size(self, call, examples) -> None:
        """The first batch is a whole one."""
        if call.batch_size is None and examples > 0:
            call.batch_size = int(examples)
            self._status.set(batchSize=call.batch_size)

    def _epoch_end(self, call, values, rate, step, epoch, wall) -> None:
        names, numbers = self._numbers(values)
        for source, validation in (("train", False), ("validation", True)):
            chosen = [
                (n[4:] if validation else n, v) for n, v in zip(names, numbers) if n.startswith("val_") == validation
            ]
            if chosen:
                some, of_them = zip(*chosen)
                self._write(source, "epoch_", some, list(of_them), step, epoch, wall)
        self._look_at_rate(step, wall, rate if rate is not None else self._rate)
        if self._rate_told is not None and self._rate_step != step:
            self._tell_rate(self._rate_told, step, wall, again=True)
        self._write_speed(step, wall)
        self._progress(call, step, epoch, (names, numbers))

    def _evaluation(self, call, values, in_training, step, epoch, wall) -> None:
        names, numbers = self._numbers(values)
        source, prefix = ("validation", "epoch_") if in_training else ("eval", "evaluation_")
        if names:
            self._write(source, prefix, names, numbers, step, epoch, wall)
        short = "val_" if in_training else "evaluation_"
        self._progress(call, step, epoch, ([short + name for name in names], numbers))

    def _scalar(self, source, tag, value, step, wall) -> None:
        number = float(value)
        self._writer(source).scalars((tag,), [number], step, wall)
        if number - number != 0:
            self._not_finite(tag if source == "train" else f"{source} {tag}", number, step, self.epoch + 1)
        change = {"step": self.step, "latest": {**self._status.current.get("latest", {}), tag: number}}
        if tag == "epoch":
            self.epoch = change["epoch"] = int(number)
        self._status.set(**change)

    def _graph(self, graph_def, keras_json, wall) -> None:
        if graph_def is not None:
            self._writer("train").graph(graph_def, wall)
        if keras_json is not None:
            self._writer("train").keras_graph(keras_json, wall)

    def _numbers(self, values):
        """Names and numbers of what can be a number; a metric that is a matrix, say, is left out."""
        names, numbers = [], []
        for name, value in values.items() if hasattr(values, "items") else values:
            if name in self._unusable:
                continue
            try:
                numbers.append(float(value))
                names.append(name)
            except (TypeError, ValueError):
                self._unusable.add(name)
        return names, numbers

    def _write(self, source, prefix, names, numbers, step, epoch, wall) -> None:
        tags = self._tagged(prefix, names)
        self._writer(source).scalars(tags, numbers, step, wall)
        for tag, number in zip(tags, numbers):
            if number - number != 0:
                self._not_finite(f"validation {tag}" if source == "validation" else tag, number, step, epoch)

    def _tagged(self, prefix, names) -> tuple:
        key = (prefix, *names)
        tags = self._tags.get(key)
        if tags is None:
            tags = self._tags[key] = tuple(prefix + metric_name(str(name)) for name in names)
        return tags

    def _writer(self, source: str) -> EventWriter:
        writer = self._writers.get(source)
        if writer is None:
            writer = self._writers[source] = EventWriter(os.path.join(self._folder, source))
        return writer

    def _look_at_rate(self, step, wall, source) -> None:
        if source is None:
            return
        self._rate_looked = wall
        try:
            rate = float(source() if callable(source) else source)
        except Exception as error:  # noqa: BLE001 - asked once more at the next call that trains
            self._rate = None
            report(error, "learning rate")
            return
        self._tell_rate(rate, step, wall)

    def _tell_rate(self, rate, step, wall, again=False) -> None:
        if rate != self._rate_told or again:
            self._rate_told, self._rate_step = rate, step
            self._writer("train").scalars(("learning_rate",), [rate], step, wall)

    def _write_speed(self, step, wall) -> None:
        seconds = wall - self._speed_at
        if self._speed_examples == 0 or seconds <= 0:
            return
        speed = self._speed_examples / seconds
        self._writer("train").scalars(("examples_per_second",), [speed], step, wall)
        self._status.set(examplesPerSecond=speed)
        self._speed_at, self._speed_examples = wall, 0

    def _progress(self, call, step, epoch, latest) -> None:
        change = {"step": step, "epoch": epoch, "secondsLeft": self._seconds_left(call, step, epoch)}
        if call.epochs is not None:
            change["epochs"] = call.first_epoch + call.epochs
        if call.steps_per_epoch is not None:
            change["stepsPerEpoch"] = call.steps_per_epoch
        if latest is not None:
            fresh = {metric_name(str(name)): number for name, number in zip(*latest)}
            change["latest"] = {**self._status.current.get("latest", {}), **fresh}
        seconds = time.time() - self._speed_at
        if "examplesPerSecond" not in self._status.current and seconds > 0.2 and self._speed_examples:
            change["examplesPerSecond"] = self._speed_examples / seconds
        self._status.set(**change)

    def _seconds_left(self, call, step, epoch):
        done = step - call.step
        if call.steps_left is not None:
            left = call.steps_left - done
        elif call.epochs is not None and call.steps_per_epoch:
            left = (call.first_epoch + call.epochs - epoch) * call.steps_per_epoch - max(0, step - call.epoch_step)
        else:
            return None
        if done <= 0:
            return None
        return (time.time() - call.began - call.paused) / done * max(0, left)

    def _not_finite(self, tag, value, step, epoch) -> None:
        if "notFinite" in self._status.current:
            return
        text = "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
        found = {"tag": tag, "step": step, "epoch": epoch, "value": text}
        self._status.set(notFinite=found)
        for callback in list(self.on_not_finite):
            with guard("NaN"):
                cause = callback(tag, step, epoch, value)
                if cause:
                    self._status.set(notFinite={**found, "cause": str(cause)})
        self._status.write()

    def _tell_failure(self) -> None:
        for writer in self._writers.values():
            if writer.failure:
                self._status.warn(f"Metrics are not complete: {writer.failure}")


def _do(work, arguments) -> None:
    work(*arguments)


def metric_name(name: str) -> str:
    """The short name that some give to accuracy is written out, as in all runs."""
    if name == "acc" or name.endswith("_acc"):
        return name[:-3] + "accuracy"
    return name
