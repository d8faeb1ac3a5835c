import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
optimizer = tf.keras.optimizers.AdamW(1e-3)
model.compile(optimizer, "mse")
model.fit(x, y)
