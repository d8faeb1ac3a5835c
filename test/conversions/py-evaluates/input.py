"""A small classifier."""

import tensorflow as tf
from tensorflow import keras
import numpy as np

num_classes = 3
x_train = np.linspace(0, 1, 240, dtype="float32").reshape(80, 3)
y_train = keras.utils.to_categorical(np.arange(80) % num_classes, num_classes)
x_test, y_test = x_train[:40], y_train[:40]

model = keras.models.Sequential()
model.add(keras.layers.Dense(5, input_shape=(3,), activation='relu'))
model.add(keras.layers.Dense(num_classes, activation='softmax'))
model.summary()
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.SGD(0.1), metrics=['accuracy'])

model.fit(x_train, y_train,
          batch_size=20,
          epochs=2,
          verbose=1,
          shuffle=False,
          validation_data=(x_test, y_test))
score = model.evaluate(x_test, y_test, verbose=0)
print('Test loss:', score[0])
print('Test accuracy:', score[1])
guesses = model.predict(x_test)
print(guesses.shape)
