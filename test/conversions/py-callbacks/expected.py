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


class Told(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("epoch", epoch, logs["loss"])


model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
x = np.array([[1.0], [2.0], [3.0]])
callbacks = [tf.keras.callbacks.ModelCheckpoint("best.h5"), Told()]
callbacks.append(tf.keras.callbacks.TensorBoard("logs"))
estimator = tf.keras.estimator.model_to_estimator(model, model_dir="model_dir/py-callbacks")
train_input_fn = array_input_fn(x, 2 * x, epochs=2)
eval_input_fn = array_input_fn(x, 2 * x)
estimator.train(train_input_fn)
print(estimator.evaluate(eval_input_fn))
