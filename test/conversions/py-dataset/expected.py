import tensorflow as tf


def dataset_input_fn(dataset, epochs=1):
    """An input_fn that goes through a dataset as model.fit does: once in each epoch."""

    def batches():
        for _ in range(epochs):
            yield from dataset

    signature = dataset.element_spec
    return lambda: tf.data.Dataset.from_generator(batches, output_signature=signature)


train_ds = tf.data.Dataset.from_tensor_slices((tf.random.stateless_normal((40, 2), (1, 2)), tf.range(40) % 2)).batch(8)
test_ds = tf.data.Dataset.from_tensor_slices((tf.random.stateless_normal((16, 2), (3, 4)), tf.range(16) % 2)).batch(8)


def build_model():
    inputs = tf.keras.Input((2,))
    hidden = tf.keras.layers.Dense(4, activation="tanh")(inputs)
    return tf.keras.Model(inputs, tf.keras.layers.Dense(1)(hidden))


def main():
    tf.keras.utils.set_random_seed(3)
    model = build_model()
    model.compile("sgd", tf.keras.losses.BinaryCrossentropy(from_logits=True))
    steps_per_epoch = sum(1 for _ in train_ds)
    estimator = tf.keras.estimator.model_to_estimator(
        model,
        model_dir="model_dir/py-dataset",
        config=tf.estimator.RunConfig(save_checkpoints_steps=steps_per_epoch),
    )
    train_input_fn = dataset_input_fn(train_ds, epochs=4)
    eval_input_fn = dataset_input_fn(test_ds)
    metrics, _ = tf.estimator.train_and_evaluate(
        estimator,
        tf.estimator.TrainSpec(train_input_fn),
        tf.estimator.EvalSpec(eval_input_fn, steps=None, throttle_secs=0),
    )
    print(metrics)


if __name__ == "__main__":
    main()
