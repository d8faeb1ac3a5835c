"""Runs programs that make an `estimator`, and tells which variables its model has in TensorFlow 2.15. Reads a list of programs as JSON,
prints a list of {"variables": {name: shape}} as JSON after RESULT."""

import json
import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

import tensorflow as tf

tf.get_logger().setLevel("ERROR")


def variables_of(estimator, input_fn):
    tf.compat.v1.train.create_global_step()
    given = input_fn()
    if isinstance(given, tf.data.Dataset):
        given = tf.compat.v1.data.make_one_shot_iterator(given).get_next()
    # What predicts has the model alone: no slots of an optimizer, no metrics.
    estimator._call_model_fn(given[0], None, tf.estimator.ModeKeys.PREDICT, estimator.config)
    found = tf.compat.v1.global_variables()
    return {one.op.name: one.shape.as_list() for one in found if one.op.name != "global_step"}


answers = []
for program in json.load(sys.stdin):
    scope = {"__name__": "__main__"}
    try:
        # Columns that share a table belong to the graph that they are made in.
        with tf.Graph().as_default():
            exec(program, scope)
            answers.append({"variables": variables_of(scope["estimator"], scope["train_input"])})
    except Exception as error:  # noqa: BLE001 - told with the case
        answers.append({"error": f"{type(error).__name__}: {error}"})
print("RESULT" + json.dumps(answers))
