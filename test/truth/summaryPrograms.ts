// Programs whose `model` is summed up by Fitlens and by the libraries themselves. Each runs with Keras 3 and with tf.keras 2.15.

const START = "import keras\nimport numpy as np\nfrom keras import layers\n";

export const PROGRAMS: Readonly<Record<string, string>> = {
  "a sequence": `
model = keras.Sequential([
    layers.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu", name="first"),
    layers.BatchNormalization(),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10),
])
`,
  "a sequence that is added to": `
model = keras.Sequential(name="grown")
model.add(layers.Input((12,)))
for units in (64, 32, 16):
    model.add(layers.Dense(units, use_bias=units != 32))
`,
  "a sequence built by a call": `
model = keras.Sequential([layers.Embedding(1000, 16), layers.LSTM(8), layers.Dense(2)])
model.build((None, 20))
`,
  "two ways that meet": `
a = keras.Input((8,), name="a")
b = keras.Input((6,), name="b")
x = layers.Dense(4)(a)
x = layers.Dense(5)(x)
y = layers.Dense(5)(b)
z = layers.Concatenate()([x, y])
model = keras.Model([a, b], layers.Dense(1)(z))
`,
  "a late input": `
late = keras.Input((3,))
early = keras.Input((8, 4))
x = layers.LSTM(6, return_sequences=True)(early)
x = layers.GlobalAveragePooling1D()(x)
x = layers.Concatenate()([x, late])
model = keras.Model(inputs=[early, late], outputs=[layers.Dense(1, name="one")(x), layers.Dense(3, name="three")(x)])
`,
  "residual blocks": `
def block(x, filters):
    kept = layers.Conv2D(filters, 1, padding="same")(x)
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    return layers.Add()([x, kept])

inputs = keras.Input((32, 32, 3))
x = inputs
for filters in (8, 16, 32):
    x = block(x, filters)
    x = layers.MaxPooling2D()(x)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
`,
  "operations between layers": `
inputs = keras.Input((10, 4))
a = layers.Dense(6)(inputs)
b = layers.Dense(6)(inputs)
c = a + b
d = c * 2.0
model = keras.Model(inputs, layers.Dense(1)(d))
`,
  "a layer called twice": `
shared = layers.Dense(7)
one, two = keras.Input((5,)), keras.Input((5,))
x = layers.Subtract()([shared(one), shared(two)])
model = keras.Model([one, two], layers.Dense(1)(x))
`,
  "an input that nothing needs": `
used, unused = keras.Input((5,)), keras.Input((3,))
model = keras.Model([used, unused], layers.Dense(2)(used))
`,
  "models in a model": `
encoder = keras.Sequential([layers.Input((16,)), layers.Dense(8), layers.Dense(4)], name="encoder")
inputs = keras.Input((4,))
decoder = keras.Model(inputs, layers.Dense(16)(layers.Dense(8)(inputs)), name="decoder")
image = keras.Input((16,))
model = keras.Model(image, decoder(encoder(image)))
`,
  "frozen layers": `
model = keras.Sequential([layers.Input((9,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(3), layers.Dense(1)])
for layer in model.layers[:2]:
    layer.trainable = False
`,
  "a frozen model within": `
base = keras.Sequential([layers.Input((9,)), layers.Dense(5), layers.Dense(4)])
base.trainable = False
inputs = keras.Input((9,))
x = base(inputs)
model = keras.Model(inputs, layers.Dense(2)(x))
`,
  "thawed again": `
model = keras.Sequential([layers.Input((9,)), layers.Dense(5, trainable=False), layers.Dense(4)])
model.trainable = False
model.trainable = True
model.layers[-1].trainable = False
`,
  "other types of numbers": `
model = keras.Sequential([
    layers.Input((9,)), layers.Dense(5, dtype="float16"), layers.Dense(4, dtype="float64"), layers.Dense(3, dtype="mixed_float16"),
])
`,
  attention: `
words = keras.Input((12,))
x = layers.Embedding(500, 32)(words)
y = layers.MultiHeadAttention(4, 8)(x, x)
x = layers.LayerNormalization()(layers.Add()([x, y]))
y = layers.Dense(32)(layers.Dense(64, activation="relu")(x))
x = layers.LayerNormalization()(layers.Add()([x, y]))
model = keras.Model(words, layers.Dense(2)(layers.GlobalAveragePooling1D()(x)))
`,
  "a model of a class": `
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(12, activation="relu")
        self.blocks = [layers.Dense(6), layers.Dense(6)]
        self.out = layers.Dense(3)

    def call(self, x):
        x = self.hidden(x)
        for block in self.blocks:
            x = block(x)
        return self.out(x)

model = Net()
model(np.ones((4, 7), "float32"))
`,
  recurrent: `
model = keras.Sequential([
    layers.Input((20, 8)),
    layers.Bidirectional(layers.GRU(6, return_sequences=True)),
    layers.TimeDistributed(layers.Dense(4)),
    layers.SimpleRNN(3),
])
`,
};

export const programOf = (name: string): string => START + PROGRAMS[name]!;
