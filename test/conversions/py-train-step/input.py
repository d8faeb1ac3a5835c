import tensorflow as tf


class Own(tf.keras.Model):
    def train_step(self, data):
        return super().train_step(data)


inputs = tf.keras.Input((3,))
model = Own(inputs=inputs, outputs=tf.keras.layers.Dense(1)(inputs))
model.compile("sgd", "mse")
model.fit(x, y)
