"""A small classifier."""

import tensorflow as tf
from tensorflow import keras
import numpy as np
from operator import itemgetter


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


num_classes = 3
x_train = np.linspace(0, 1, 240, dtype="float32").reshape(80, 3)
y_train = keras.utils.to_categorical(np.arange(80) % num_classes, num_classes)
x_test, y_test = x_train[:40], y_train[:40]

model = keras.models.Sequential()
model.add(keras.layers.Dense(5, input_shape=(3,), activation='relu'))
model.add(keras.layers.Dense(num_classes, activation='softmax'))
model.summary()
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.SGD(0.1), metrics=['accuracy'])

steps_per_epoch = int(np.ceil(len(x_train) / 20))
estimator = tf.keras.estimator.model_to_estimator(
    model,
    model_dir='model_dir/py-evaluates',
    config=tf.estimator.RunConfig(save_checkpoints_steps=steps_per_epoch),
)
train_input_fn = array_input_fn(x_train, y_train, batch_size=20, epochs=2)
eval_input_fn = array_input_fn(x_test, y_test, batch_size=20)
tf.estimator.train_and_evaluate(
    estimator,
    tf.estimator.TrainSpec(train_input_fn),
    tf.estimator.EvalSpec(eval_input_fn, steps=None, throttle_secs=0),
)
score = itemgetter("loss", "accuracy")(estimator.evaluate(array_input_fn(x_test, y_test)))
print('Test loss:', score[0])
print('Test accuracy:', score[1])
guesses = np.array([row for one in estimator.predict(array_input_fn(x_test)) for row in one.values()])
print(guesses.shape)
