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


tf.keras.utils.set_random_seed(1)
x = np.random.rand(64, 3).astype("float32")
y = (x.sum(axis=1) > 1.5).astype("int32")

model = tf.keras.Sequential([
    tf.keras.layers.Dense(8, activation="relu", input_shape=(3,)),
    tf.keras.layers.Dense(2, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

# Three times through the examples.
estimator = tf.keras.estimator.model_to_estimator(model, model_dir="model_dir/py-arrays")
train_input_fn = array_input_fn(x, y, batch_size=16, epochs=3)
eval_input_fn = array_input_fn(x, y, batch_size=16)
estimator.train(train_input_fn)
print(estimator.evaluate(eval_input_fn))
