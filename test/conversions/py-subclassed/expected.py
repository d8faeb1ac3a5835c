import numpy as np
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


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


model = Net()
model.compile(optimizer="sgd", loss="mse")
estimator = tf.keras.estimator.model_to_estimator(
    model,
    model_dir="model_dir/py-subclassed",
    checkpoint_format="saver",
)
train_input_fn = array_input_fn(np.ones((8, 2)), np.ones((8, 1)), epochs=2, shuffle=True)
eval_input_fn = array_input_fn(np.ones((8, 2)), np.ones((8, 1)))
estimator.train(train_input_fn)
print(estimator.evaluate(eval_input_fn))
