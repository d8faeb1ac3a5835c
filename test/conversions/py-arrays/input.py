import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(1)
x = np.random.rand(64, 3).astype("float32")
y = (x.sum(axis=1) > 1.5).astype("int32")

model = tf.keras.Sequential([
    tf.keras.layers.Dense(8, activation="relu", input_shape=(3,)),
    tf.keras.layers.Dense(2, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

# Three times through the examples.
model.fit(x, y, epochs=3, batch_size=16, shuffle=False)
