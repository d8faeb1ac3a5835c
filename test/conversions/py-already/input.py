import tensorflow as tf

estimator = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")])
estimator.train(lambda: ({"x": [1.0]}, [2.0]), steps=10)
