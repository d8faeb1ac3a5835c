"""Predicts one of several classes from a row of numbers.

A Keras sequential model.
"""

import csv
from pathlib import Path

import keras
import numpy as np

FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
LABEL = "species"
CLASSES = ["setosa", "versicolor", "virginica"]

# The same first weights and order of the batches in every run.
keras.utils.set_random_seed(1)


def load_data():
    """Read the table and keep every fifth row for testing.

    Rows with an empty cell are left out. Numbers are scaled to mean 0 and
    deviation 1, so that no column outweighs another.
    """
    path = Path(__file__).parent / "data/iris.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    used = [*FEATURES, LABEL]
    rows = [row for row in rows if all(row[name] for name in used)]
    x = np.array([[float(row[name]) for name in FEATURES] for row in rows])
    y = np.array([CLASSES.index(row[LABEL]) for row in rows])
    is_test = np.arange(len(rows)) % 5 == 0
    x = (x - x[~is_test].mean(axis=0)) / (x[~is_test].std(axis=0) + 1e-7)
    x = x.astype("float32")
    return (x[~is_test], y[~is_test]), (x[is_test], y[is_test])


(x_train, y_train), (x_test, y_test) = load_data()

model = keras.Sequential(
    [
        keras.Input(shape=(len(FEATURES),)),
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(len(CLASSES), activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(
    x_train,
    y_train,
    epochs=20,
    batch_size=32,
    validation_data=(x_test, y_test),
)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Test loss {loss:.3f}, accuracy {accuracy:.3f}.")
