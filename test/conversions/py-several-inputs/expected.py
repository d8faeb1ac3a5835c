import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


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


left = np.random.RandomState(0).rand(30, 2)
right = np.random.RandomState(1).rand(30, 3)
a = layers.Input((2,), name="a")
b = layers.Input((3,), name="b")
joined = layers.concatenate([a, b])
model = tf.keras.Model([a, b], [layers.Dense(1, name="p")(joined), layers.Dense(2, name="q")(joined)])
model.compile("adam", loss=["mse", "mae"])
estimator = tf.keras.estimator.model_to_estimator(model, model_dir="model_dir/py-several-inputs")
train_input_fn = array_input_fn((left, right), (left[:, :1], right[:, 1:]), batch_size=10, epochs=2)
eval_input_fn = array_input_fn((left, right), (left[:, :1], right[:, 1:]), batch_size=10)
estimator.train(train_input_fn)
print(estimator.evaluate(eval_input_fn))
