import tensorflow as tf

augmented = tf.keras.preprocessing.image.ImageDataGenerator(rotation_range=20)
train = augmented.flow_from_directory("images")
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(train, epochs=5)
