import numpy as np
import tensorflow as tf


class Told(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("epoch", epoch, logs["loss"])


model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
model.compile("sgd", "mse")
x = np.array([[1.0], [2.0], [3.0]])
callbacks = [tf.keras.callbacks.ModelCheckpoint("best.h5"), Told()]
callbacks.append(tf.keras.callbacks.TensorBoard("logs"))
model.fit(x, 2 * x, epochs=2, shuffle=False, callbacks=callbacks)
