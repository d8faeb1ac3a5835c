import tensorflow as tf


def dataset_input_fn(dataset, epochs=1):
    """An input_fn that goes through a dataset as model.fit does: once in each epoch."""

    def batches():
        for _ in range(epochs):
            yield from dataset

    signature = dataset.element_spec
    return lambda: tf.data.Dataset.from_generator(batches, output_signature=signature)


STEPS = 5
endless = tf.data.Dataset.range(60).map(lambda i: (tf.ones((3,)) * tf.cast(i, tf.float32) / 60, i % 2)).batch(6).repeat()
model = tf.keras.Sequential([tf.keras.layers.Dense(1, activation="sigmoid", input_shape=(3,))])
model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.SGD(learning_rate=0.05))
estimator = tf.keras.estimator.model_to_estimator(model, model_dir="model_dir/py-steps")
train_input_fn = dataset_input_fn(endless)
eval_input_fn = dataset_input_fn(endless)
estimator.train(train_input_fn, steps=3 * STEPS)
print(estimator.evaluate(eval_input_fn, steps=STEPS))
