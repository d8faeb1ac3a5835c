"""Describes data sets of TensorFlow Datasets as its package has them; downloads none.

Input: a JSON object of a folder where the package is, and names. Output: `RESULT` and a JSON object by name:
features, each [shape, dtype, classes] or null where it is of parts, and the names of what is supervised.
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

asked = json.load(sys.stdin)
# Behind what is there: only what the environment lacks is taken from the folder.
sys.path.append(asked["folder"])

import numpy as np
import tensorflow_datasets as tfds

PARTS = (tfds.features.FeaturesDict, tfds.features.Sequence, tfds.features.Dataset)


def described(feature):
    if isinstance(feature, PARTS):
        return None
    classes = getattr(feature, "num_classes", None)
    return [list(feature.shape), getattr(feature.dtype, "name", None) or np.dtype(feature.dtype).name, classes]


def facts(name):
    info = tfds.builder(name).info
    features = {key: described(feature) for key, feature in info.features.items()}
    return {"features": features, "supervised": info.supervised_keys and list(info.supervised_keys)}


print("RESULT" + json.dumps({name: facts(name) for name in asked["names"]}))
