// Small Estimator scripts for the tests of the hook: seeded, on made-up data, with the step at which they stand printed.

/** Data, and an `estimator(kind, folder)`; the tests' own lines come after it. */
export const HEAD = `
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

x = np.random.RandomState(0).rand(256, 4).astype("float32")
y = (x.sum(1) > 2).astype("int32")
columns = [tf.feature_column.numeric_column("x", (4,))]

def data(times=None, batch=32):
    return tf.data.Dataset.from_tensor_slices(({"x": x}, y)).shuffle(64, seed=1).repeat(times).batch(batch)

def config(**more):
    return tf.estimator.RunConfig(tf_random_seed=3, **more)

def model_fn(features, labels, mode, params):
    v1 = tf.compat.v1
    start = v1.glorot_uniform_initializer()
    hidden = v1.layers.dense(features["x"], 8, tf.nn.relu, kernel_initializer=start, name="hidden")
    hidden = v1.layers.batch_normalization(hidden, training=mode == "train", name="norm")
    logits = v1.layers.dense(hidden, 2, kernel_initializer=start, name="out")
    if mode == "infer":
        return tf.estimator.EstimatorSpec(mode, predictions={"class": tf.argmax(logits, 1)})
    loss = v1.losses.sparse_softmax_cross_entropy(labels, logits)
    step = v1.train.get_global_step()
    rate = v1.train.exponential_decay(params["rate"], step, 10, 0.5, staircase=True)
    with tf.control_dependencies(v1.get_collection(v1.GraphKeys.UPDATE_OPS)):
        train = v1.train.AdamOptimizer(rate).minimize(loss, step)
    accuracy = v1.metrics.accuracy(labels, tf.argmax(logits, 1))
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train, eval_metric_ops={"accuracy": accuracy})

def custom(folder=None, rate=0.01, **more):
    return tf.estimator.Estimator(model_fn, folder, config(**more), {"rate": rate})

def canned(folder=None, **more):
    return tf.estimator.DNNClassifier([8, 4], columns, folder, config=config(**more))

def values(estimator):
    return {n: estimator.get_variable_value(n).tobytes().hex()[:64] for n in sorted(estimator.get_variable_names())}

def show(results):
    print({k: np.asarray(v).tobytes().hex() for k, v in sorted(results.items())})

class Slow(tf.estimator.SessionRunHook):
    """Says each step, and takes its time."""
    def __init__(self, seconds=0.02):
        self.seconds = seconds
    def begin(self):
        self.step = tf.compat.v1.train.get_global_step()
    def before_run(self, context):
        return tf.estimator.SessionRunArgs(self.step)
    def after_run(self, context, values):
        import time
        time.sleep(self.seconds)

tf.compat.v1.logging.set_verbosity("ERROR")
`;
