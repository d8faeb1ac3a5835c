"""Predicts one of several classes from a row of numbers.

tf.estimator.DNNClassifier: needs TensorFlow 2.15 or older.
"""

import csv
from pathlib import Path

import numpy as np
import tensorflow as tf

NUMBERS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
LABEL = "species"
CLASSES = ["setosa", "versicolor", "virginica"]


def load_data():
    """Read the table and keep every fifth row for testing.

    Rows with an empty cell are left out.
    """
    path = Path(__file__).parent / "data/iris.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    used = [*NUMBERS, LABEL]
    rows = [row for row in rows if all(row[name] for name in used)]
    train = [row for index, row in enumerate(rows) if index % 5 != 0]
    return to_arrays(train), to_arrays(rows[::5])


def to_arrays(rows):
    """Give an array for each feature, by name, and what to predict."""
    x = {name: np.array([float(r[name]) for r in rows]) for name in NUMBERS}
    return x, np.array([CLASSES.index(row[LABEL]) for row in rows])


def input_fn(x, y, epochs=1, shuffle=False):
    """Batches of features by name, and of what to predict."""
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    if shuffle:
        dataset = dataset.shuffle(len(y), seed=1)
    return dataset.repeat(epochs).batch(32)


def scaled_column(name, values):
    """Numbers, brought to mean 0 and deviation 1 over the values."""
    mean, deviation = values.mean(), values.std() + 1e-7
    return tf.feature_column.numeric_column(
        name, normalizer_fn=lambda x: (x - mean) / deviation
    )


(x_train, y_train), (x_test, y_test) = load_data()

feature_columns = [scaled_column(name, x_train[name]) for name in NUMBERS]

# Checkpoints are kept in model_dir: the next run goes on from the newest.
# Delete the folder to begin anew, also when you change the model.
config = tf.estimator.RunConfig(tf_random_seed=1, save_checkpoints_steps=20)
estimator = tf.estimator.DNNClassifier(
    hidden_units=[32, 16],
    feature_columns=feature_columns,
    n_classes=len(CLASSES),
    optimizer=tf.keras.optimizers.legacy.Adam(learning_rate=0.01),
    model_dir="model_dir/estimator",
    config=config,
)

# Evaluates at every checkpoint and at the end.
train_spec = tf.estimator.TrainSpec(
    lambda: input_fn(x_train, y_train, epochs=20, shuffle=True)
)
eval_spec = tf.estimator.EvalSpec(
    lambda: input_fn(x_test, y_test), steps=None, throttle_secs=0
)
metrics, _ = tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
loss, accuracy = metrics["average_loss"], metrics["accuracy"]
print(f"Test loss {loss:.3f}, accuracy {accuracy:.3f}.")
