import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

left = np.random.RandomState(0).rand(30, 2)
right = np.random.RandomState(1).rand(30, 3)
a = layers.Input((2,), name="a")
b = layers.Input((3,), name="b")
joined = layers.concatenate([a, b])
model = tf.keras.Model([a, b], [layers.Dense(1, name="p")(joined), layers.Dense(2, name="q")(joined)])
model.compile("adam", loss=["mse", "mae"])
model.fit([left, right], [left[:, :1], right[:, 1:]], batch_size=10, epochs=2, shuffle=False)
