import numpy as np
from tensorflow.keras import layers, models
import tensorflow as tf


def array_input_fn(x, y=None, batch_size=32, epochs=1, shuffle=False):
    """An input_fn that gives arrays as model.fit does: in each epoch every example once."""
    data = tf.nest.map_structure(np.asarray, x if y is None else (x, y))
    count = len(tf.nest.flatten(data)[0])

    def batches():
        for _ in range(epochs):
            order = np.random.permutation(count) if shuffle else np.arange(count)
            for start in range(0, count, batch_size):
                chosen = order[start : start + batch_size]
                yield tf.nest.map_structure(lambda array: array[chosen], data)

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), data
    )
    return lambda: tf.data.Dataset.from_generator(batches, output_signature=signature)


data = np.arange(200.0).reshape(50, 4) / 200
targets = data @ [1, -2, 3, 0.5]
net = models.Sequential([layers.Input((4,)), layers.Dense(1)])
net.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
split_at = int(len(data) * (1 - 0.2))
steps_per_epoch = int(np.ceil(split_at / 32))
estimator = tf.keras.estimator.model_to_estimator(
    net,
    model_dir="model_dir/py-validation-split",
    config=tf.estimator.RunConfig(save_checkpoints_steps=steps_per_epoch),
)
train_input_fn = array_input_fn(data[:split_at], targets[:split_at], epochs=5)
eval_input_fn = array_input_fn(data[split_at:], targets[split_at:])
metrics, _ = tf.estimator.train_and_evaluate(
    estimator,
    tf.estimator.TrainSpec(train_input_fn),
    tf.estimator.EvalSpec(eval_input_fn, steps=None, throttle_secs=0),
)
print(metrics)
print("done")
