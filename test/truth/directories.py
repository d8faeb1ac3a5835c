"""Makes folders of images, texts and sounds, and asks Keras for data sets of them.

Reads expressions, by name, as JSON; prints after RESULT the shapes that each
set declares and those that its first element has.
"""

import json
import os
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
expressions = json.load(sys.stdin)
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

folder = tempfile.mkdtemp()
os.chdir(folder)
for name in ("a", "b", "c"):
    for kind in ("images", "texts", "sounds"):
        os.makedirs(f"{kind}/{name}")
    for at in range(4):
        tf.io.write_file(f"images/{name}/{at}.png", tf.io.encode_png(np.zeros((9, 7, 3), "uint8")))
        tf.io.write_file(f"texts/{name}/{at}.txt", "some words")
        tf.io.write_file(f"sounds/{name}/{at}.wav", tf.audio.encode_wav(np.zeros((50, 1), "float32"), 16000))


def shapes(value):
    if isinstance(value, tuple):
        return [shapes(one) for one in value]
    return value.shape.as_list()


scope = {"keras": keras, "np": np}
answers = {}
for name, expression in expressions.items():
    made = eval(expression, scope)
    sets = made if isinstance(made, (list, tuple)) else [made]
    answers[name] = [{"declared": shapes(one.element_spec), "first": shapes(next(iter(one)))} for one in sets]
print("RESULT" + json.dumps(answers))
