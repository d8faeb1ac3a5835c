// Graphs for the page, read from source text as the language server reads them.
import path from "node:path";
import { analyse } from "../../src/features/analysis";
import { graphOf } from "../../src/features/graph";
import { readModels } from "../../src/features/reading";
import type { ToGraph } from "../../src/protocol/graph";
import { finished } from "../../src/read/evaluate/program";
import { parse } from "../../src/read/source";
import { grammarsBeside } from "../../src/server/grammars";

const grammars = grammarsBeside(path.resolve("dist"));

export const URI = "file:///space/model.py";

export async function modelsMessage(code: string): Promise<ToGraph & { kind: "models" }> {
  const source = parse(code, "python", await grammars);
  const { models } = graphOf(analyse(URI, source), finished(readModels(source).program));
  source.dispose();
  return { kind: "models", document: URI, name: "model.py", models };
}

export const SEQUENCE = `import keras
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu", name="first"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
`;

export const BLOCKS = `import keras
from keras import layers


def residual_block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    y = layers.BatchNormalization()(y)
    shortcut = layers.Conv2D(filters, 1, name=f"shortcut_{filters}")(x)
    return layers.Add()([shortcut, y])


class Attention(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.score = layers.Dense(size, activation="softmax")

    def call(self, x):
        return x * self.score(x)


def build():
    image = keras.Input((64, 64, 3), name="image")
    x = layers.Rescaling(1 / 255)(image)
    for filters in [16, 32]:
        x = residual_block(x, filters)
        x = layers.MaxPooling2D()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = Attention(32)(x)
    kind = layers.Dense(10, activation="softmax", name="kind")(x)
    age = layers.Dense(1, name="age")(x)
    return keras.Model(image, [kind, age], name="faces")


model = build()
base = keras.applications.MobileNetV2(include_top=False, input_shape=(96, 96, 3), pooling="avg", weights=None)
base.trainable = False
transfer = keras.Sequential([base, layers.Dense(5)])
`;

/** As many cards as `count` blocks of four have. */
export const long = (count: number, inFunction = true): string => `import keras
from keras import layers

inputs = keras.Input((16, 16, 8))
x = inputs
${
  inFunction
    ? `def block(x):
    y = layers.Conv2D(8, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    return layers.Add()([x, y])
for _ in range(${count}):
    x = block(x)`
    : Array.from(
        { length: count },
        () => `y = layers.Conv2D(8, 3, padding="same")(x)
y = layers.BatchNormalization()(y)
y = layers.ReLU()(y)
x = layers.Add()([x, y])`,
      ).join("\n")
}
model = keras.Model(inputs, x)
`;
