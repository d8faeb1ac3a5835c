import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
stop = tf.keras.callbacks.EarlyStopping(patience=3)
model.fit(x, y, epochs=100, validation_split=0.1, callbacks=[stop])
