// Programs that make an Estimator of `train_input`, for TensorFlow 2.15: the brought ones with many columns, and some of the user's own.

const START = `
import numpy as np
import tensorflow as tf
fc = tf.feature_column

ROWS = 8

def train_input():
    features = {
        "age": np.ones((ROWS, 1), "float32"),
        "size": np.ones((ROWS, 3), "float32"),
        "kind": np.array([["a"]] * ROWS),
        "code": np.ones((ROWS, 1), "int64"),
        "other": np.ones((ROWS, 1), "int64"),
        "weight": np.ones((ROWS, 1), "float32"),
    }
    dataset = tf.data.Dataset.from_tensor_slices((features, np.ones((ROWS, 1), "int64")))
    return dataset.batch(4)

age = fc.numeric_column("age")
size = fc.numeric_column("size", shape=(3,))
kind = fc.categorical_column_with_vocabulary_list("kind", ["a", "b", "c"], num_oov_buckets=2)
hashed = fc.categorical_column_with_hash_bucket("kind", hash_bucket_size=50)
code = fc.categorical_column_with_identity("code", num_buckets=7)
ages = fc.bucketized_column(age, boundaries=[18, 30, 50, 65])
sizes = fc.bucketized_column(size, boundaries=[1, 2])
crossed = fc.crossed_column([ages, "kind"], hash_bucket_size=100)
weighted = fc.weighted_categorical_column(hashed, "weight")
DENSE = [age, size, ages, sizes, fc.indicator_column(kind), fc.embedding_column(hashed, dimension=6), fc.embedding_column(code, 3)]
WIDE = [age, size, ages, kind, code, crossed, weighted]
`;

const CANNED: Readonly<Record<string, string>> = {
  "two classes": "tf.estimator.DNNClassifier(hidden_units=[10, 5], feature_columns=DENSE)",
  "many classes": "tf.estimator.DNNClassifier([16], [age, size], n_classes=4)",
  "no hidden units": "tf.estimator.DNNClassifier([], [age], n_classes=3)",
  "normalized batches": "tf.estimator.DNNClassifier([8, 4], DENSE, n_classes=3, batch_norm=True)",
  "a regression": "tf.estimator.DNNRegressor(feature_columns=DENSE, hidden_units=[32, 16, 8])",
  "a regression of several": "tf.estimator.DNNRegressor([7], [size], label_dimension=2)",
  "a linear classifier": "tf.estimator.LinearClassifier(feature_columns=WIDE)",
  "a linear classifier of many": "tf.estimator.LinearClassifier(WIDE, n_classes=5)",
  "a linear regression": "tf.estimator.LinearRegressor([age, fc.indicator_column(kind), fc.embedding_column(code, 2)])",
  "a linear regression of several": "tf.estimator.LinearRegressor([size], label_dimension=3)",
  "wide and deep":
    "tf.estimator.DNNLinearCombinedClassifier(linear_feature_columns=WIDE, dnn_feature_columns=DENSE, dnn_hidden_units=[12, 6], n_classes=3)",
  "deep alone": "tf.estimator.DNNLinearCombinedRegressor(dnn_feature_columns=[age, size], dnn_hidden_units=[4])",
  "wide alone": "tf.estimator.DNNLinearCombinedClassifier(linear_feature_columns=[kind, age])",
  "a baseline": "tf.estimator.BaselineClassifier(n_classes=4)",
  "a baseline of a number": "tf.estimator.BaselineRegressor(label_dimension=2)",
  "a head of many classes": "tf.estimator.DNNEstimator(tf.estimator.MultiClassHead(n_classes=6), [9], [age, size])",
  "a head of many labels": "tf.estimator.LinearEstimator(head=tf.estimator.MultiLabelHead(3), feature_columns=[size])",
  "a head of two classes":
    "tf.estimator.DNNLinearCombinedEstimator(head=tf.estimator.BinaryClassHead(), linear_feature_columns=[kind], dnn_feature_columns=[size], dnn_hidden_units=[5])",
  "a head that counts": "tf.estimator.BaselineEstimator(tf.estimator.PoissonRegressionHead())",
  "columns of a loop":
    'tf.estimator.DNNClassifier([4], [fc.numeric_column(name) for name in ("age", "weight")] + [fc.indicator_column(c) for c in (kind, code)])',
  "tables that are shared":
    'tf.estimator.DNNRegressor([4], fc.shared_embeddings([code, fc.categorical_column_with_identity("other", 7)], dimension=5) + [size])',
  "TensorFlow 1": "tf.compat.v1.estimator.DNNClassifier([10, 5], DENSE, n_classes=3)",
  "TensorFlow 1, linear": "tf.compat.v1.estimator.LinearClassifier(WIDE, n_classes=3)",
  "TensorFlow 1, wide and deep":
    "tf.compat.v1.estimator.DNNLinearCombinedClassifier(linear_feature_columns=WIDE, dnn_feature_columns=DENSE, dnn_hidden_units=[8])",
};

const ENDING = `
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"logits": logits})
    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    optimizer = tf.compat.v1.train.AdamOptimizer(0.01)
    train_op = optimizer.minimize(loss, global_step=tf.compat.v1.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)
`;

const OWN: Readonly<Record<string, string>> = {
  "layers of TensorFlow 1": `
def model_fn(features, labels, mode, params):
    net = tf.compat.v1.feature_column.input_layer(features, params["columns"])
    for units in params["hidden_units"]:
        net = tf.compat.v1.layers.dense(net, units=units, activation=tf.nn.relu)
        net = tf.compat.v1.layers.batch_normalization(net, training=mode == tf.estimator.ModeKeys.TRAIN)
    net = tf.compat.v1.layers.dropout(net, 0.1, training=mode == tf.estimator.ModeKeys.TRAIN)
    logits = tf.compat.v1.layers.dense(net, params["n_classes"], activation=None)
${ENDING}
estimator = tf.estimator.Estimator(model_fn=model_fn, params={"columns": DENSE, "hidden_units": [10, 20], "n_classes": 3})
`,
  "images of TensorFlow 1": `
def train_input():
    return tf.data.Dataset.from_tensor_slices((np.ones((8, 784), "float32"), np.ones((8,), "int64"))).batch(4)

def model_fn(features, labels, mode):
    net = tf.reshape(features, [-1, 28, 28, 1])
    net = tf.compat.v1.layers.conv2d(inputs=net, filters=8, kernel_size=[5, 5], padding="same", activation=tf.nn.relu)
    net = tf.compat.v1.layers.max_pooling2d(inputs=net, pool_size=[2, 2], strides=2)
    net = tf.compat.v1.layers.separable_conv2d(net, 16, 3)
    net = tf.compat.v1.layers.flatten(net)
    logits = tf.compat.v1.layers.Dense(10)(net)
${ENDING}
estimator = tf.estimator.Estimator(model_fn)
`,
  "layers of Keras": `
def model_fn(features, labels, mode, params, config):
    net = tf.keras.layers.DenseFeatures([age, size, fc.embedding_column(kind, 4)])(features)
    hidden = tf.keras.layers.Dense(params["units"], activation="relu")
    net = hidden(net)
    logits = tf.keras.layers.Dense(3)(tf.keras.layers.BatchNormalization()(net))
${ENDING}
estimator = tf.estimator.Estimator(model_fn=model_fn, params=dict(units=12))
`,
  "a model of Keras within": `
def make(classes):
    return tf.keras.Sequential([tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(classes)])

def model_fn(features, labels, mode):
    logits = make(4)(features["size"])
${ENDING}
estimator = tf.estimator.Estimator(model_fn=model_fn)
`,
  "arrays by numpy_input_fn": `
def model_fn(features, labels, mode):
    logits = tf.compat.v1.layers.dense(features["x"], 5)
${ENDING}
train_input = tf.compat.v1.estimator.inputs.numpy_input_fn(
    x={"x": np.ones((20, 6), "float32")}, y=np.ones((20,), "int64"), batch_size=4, shuffle=False)
estimator = tf.compat.v1.estimator.Estimator(model_fn=model_fn)
`,
};

/** What programs find beside them. */
export const ESTIMATOR_FILES: Readonly<Record<string, string>> = {
  "words.txt": "red\ngreen\nblue\n",
  "open.txt": "one\ntwo\n\nfour",
};

const OF_FILES: Readonly<Record<string, string>> = {
  "a vocabulary in a file":
    'tf.estimator.LinearClassifier([fc.categorical_column_with_vocabulary_file("kind", "words.txt")])',
  "a vocabulary whose last line is open":
    'tf.estimator.DNNClassifier([4], [fc.indicator_column(fc.categorical_column_with_vocabulary_file("kind", "open.txt", num_oov_buckets=2))])',
  "a vocabulary of which a part is taken":
    'tf.estimator.DNNClassifier([4], [fc.embedding_column(fc.categorical_column_with_vocabulary_file("kind", vocabulary_file="words.txt", vocabulary_size=2), 3)])',
};

/** Each as it is run. */
export const ESTIMATOR_PROGRAMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries({ ...CANNED, ...OF_FILES }).map(([name, made]) => [name, `${START}\nestimator = ${made}\n`]),
  ),
  ...Object.fromEntries(Object.entries(OWN).map(([name, made]) => [name, `${START}${made}`])),
};

/** What Fitlens reads besides: a model_fn is known by what it is trained with. */
export const TRAINED = "\nestimator.train(input_fn=train_input, steps=1)\n";
