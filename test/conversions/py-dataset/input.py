import tensorflow as tf

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
    model.fit(train_ds, epochs=4, validation_data=test_ds)


if __name__ == "__main__":
    main()
