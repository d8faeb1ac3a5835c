"""Evaluates expressions of NumPy, TensorFlow and Keras and says the shapes of their values.

Input: a JSON list of expressions. Output: `RESULT` and a JSON list of shapes, in the same order.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf

# Keras 2 has no ops.
names = {"keras": keras, "np": np, "tf": tf, "K": keras.backend, "ops": getattr(keras, "ops", None)}
shapes = [list(eval(expression, names).shape) for expression in json.load(sys.stdin)]
print("RESULT" + json.dumps(shapes))
