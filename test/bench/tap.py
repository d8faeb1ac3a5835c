"""What following a training costs: one process under the hook trains the same small model in turn with nothing, with
Fitlens, and with each peer's callback. Prints one JSON document: for each, the time of a step in microseconds, round
by round.

    python dist/python/fitlens test/bench/tap.py ROUNDS PEER_ROUNDS STEPS PEER...

The peers take part in the first rounds only: what they add is more, and needs fewer to be told from noise.
"""

import json
import os
import random
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", GIT_PYTHON_REFRESH="quiet")

import keras
import numpy as np
from fitlens import run
from keras import layers

ROUNDS, PEER_ROUNDS, STEPS = (int(argument) for argument in sys.argv[1:4])
PEERS = sys.argv[4:]
BATCH = 32
followed = run.current()
assert followed is not None, "run it under the hook"
folder = tempfile.mkdtemp()
os.environ.update(WANDB_DIR=folder, MLFLOW_TRACKING_URI=f"file://{folder}/mlruns", MLFLOW_ALLOW_FILE_STORE="true")


class Timer(keras.callbacks.Callback):
    """Only the ends of the epoch, so that Keras's own way without batch callbacks is the plain one."""

    def on_epoch_begin(self, epoch, logs=None):
        self.wall, self.cpu = time.perf_counter(), time.thread_time()

    def on_epoch_end(self, epoch, logs=None):
        self.cpu = (time.thread_time() - self.cpu) * 1e6 / STEPS
        self.wall = (time.perf_counter() - self.wall) * 1e6 / STEPS


class CsvLine(keras.callbacks.Callback):
    """The least that keeps each batch's values: a line in a file."""

    def __init__(self):
        super().__init__()
        self.file = open(os.path.join(folder, "batches.csv"), "a")  # noqa: SIM115 - open for as long as it trains

    def on_train_batch_end(self, batch, logs=None):
        self.file.write(f"{batch},{','.join(str(value) for value in logs.values())}\n")


def tensorboard():
    return keras.callbacks.TensorBoard(os.path.join(folder, "logs"), update_freq=1, write_graph=False, profile_batch=0)


def mlflow():
    import mlflow
    from mlflow.tensorflow import MlflowCallback

    mlflow.start_run()
    return MlflowCallback(log_every_epoch=False, log_every_n_steps=1)


def wandb():
    import wandb
    from wandb.integration.keras import WandbMetricsLogger

    wandb.init(project="bench", settings=wandb.Settings(console="off"))
    return WandbMetricsLogger(log_freq=1)


MAKERS = {"csv": CsvLine, "tensorboard": tensorboard, "mlflow": mlflow, "wandb": wandb}

random.seed(1)
np.random.seed(1)
model = keras.Sequential(
    [
        layers.Input((64,)),
        layers.Dense(128, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
x = np.random.normal(size=(STEPS * BATCH, 64)).astype("float32")
y = np.eye(10, dtype="float32")[np.random.randint(0, 10, STEPS * BATCH)]

callbacks, problems = {}, {}
for peer in PEERS:
    try:
        callbacks[peer] = MAKERS[peer]()
    except Exception as error:  # noqa: BLE001 - a peer that does not work here is left out
        problems[peer] = f"{type(error).__name__}: {error}".splitlines()[0]


def measure(variant):
    # Where there is no run the hook stands aside, as in a Python that it is not in.
    run._current = followed if variant == "fitlens" else None
    timer = Timer()
    peer = callbacks.get(variant)
    model.fit(x, y, batch_size=BATCH, verbose=0, callbacks=[timer] if peer is None else [timer, peer])
    run._current = followed
    return {"wall": timer.wall, "cpu": timer.cpu}


times = {variant: [] for variant in ("plain", "fitlens", *callbacks)}
for at in range(ROUNDS + 1):
    variants = ["plain", "fitlens", *(callbacks if at <= PEER_ROUNDS else ())]
    random.shuffle(variants)
    for variant in variants:
        measured = measure(variant)
        # The first of each compiles and makes files.
        if at > 0:
            times[variant].append(measured)
followed.recorder.flush()
print(json.dumps({"keras": keras.__version__, "steps": followed.recorder.step, "times": times, "problems": problems}))
