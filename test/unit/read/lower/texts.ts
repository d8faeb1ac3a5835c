// Texts with much of what the languages have, for tests that edit and cut them; and numbers that look random and are the same in each run.

export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

export const PYTHON = `"""A text with much in it."""
from __future__ import annotations
import tensorflow as tf
from tensorflow.keras import layers as L, models

# Sizes.
WIDTH, HEIGHT = 28, 0x1C
NAME = f"model-{WIDTH:>{HEIGHT}}-{WIDTH!r}" "\\x41\\n"; RATE = 1e-3


@decorated(1)
class Block(L.Layer):
    """A block."""

    units: int = 32

    def __init__(self, filters, *, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.layers = [L.Conv2D(f, 3, padding="same") for f in filters if f > 0]

    def call(self, x, training: bool = False):
        for layer in self.layers:
            x = layer(x)
        else:
            pass
        return x


async def build(a, /, b=2, *rest):
    global WIDTH
    if (n := len(rest)) > 2 and not a is None:
        return None
    elif 0 < n <= 1:
        x = a[1:, ..., ::2]
    else:
        x = {"k": [*rest], **{}}
    try:
        async with a as b, c:
            await b
    except (A, B) as error:
        raise ValueError("no") from error
    finally:
        del x
    while True:
        x += 1
        break
    match x:
        case 1 | 2:
            pass
        case [y, *_] if y:
            yield y
    return lambda q, r=1: (q, r)


model = models.Sequential([
    L.Input((WIDTH, HEIGHT, 1)),
    L.Dense(10, activation="softmax"),  # the last
])
model.compile("adam",
              loss="mse")
x, *y = zip(*[(i, j) for i in range(3) for j in "ab"])

if __name__ == "__main__":
    model.fit(x, y)
`;

export const JAVASCRIPT = `#!/usr/bin/env node
import * as tf from "@tensorflow/tfjs";
import def, { a as b } from './data.js';
export { b as c };

// Sizes.
const WIDTH = 28, { height: HEIGHT = 28, ...others } = options ?? {};
var [first, , third = 3, ...rest] = [1, , 3];

class Block extends tf.layers.Layer {
  static get className() { return "Block"; }
  #units = 32;
  constructor(config) {
    super(config);
    this.#units = config?.units ?? 1;
  }
  async *call(inputs) { yield* inputs; }
  static { register(Block); }
}

function build(units, { rate = 0.5 } = {}, ...more) {
  const model = tf.sequential();
  for (let i = 0; i < units; i++) model.add(tf.layers.dense({ units: i, activation: \`re\${"lu"}\` }));
  for (const key in more) { continue; }
  outer: for (const [k, v] of Object.entries(more)) {
    switch (k) {
      case "a": v(); break outer;
      default: throw new Error(\`no \${k}\`);
    }
  }
  try { risky(); } catch { } finally { done(); }
  do { units--; } while (units > 0);
  return model;
}

export default async () => {
  const x = await load(), y = /re[/]x/g.test("s") ? -1 : 0x10;
  model.compile({ loss: "meanSquaredError", "optimizer": tf.train.adam(1e-3), [key]: 1, get z() { return 1; } });
  return (x, y), { x, ...others };
};
module.exports = { build };
`;

export const TYPESCRIPT = `import type { Tensor } from "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs";

interface Options { units: number; name?: string }
enum Kind { A, B = 3, C = "c" }

@register({ name: "x" })
export class Model<T extends Tensor> implements Base {
  private readonly model!: tf.Sequential;
  declare other: string;
  constructor(private readonly units: number, public name = "m") {
    super();
  }
  build<U>(this: Model<T>, input?: U): tf.Sequential {
    const layer = tf.layers.dense({ units: this.units! } as any) satisfies unknown;
    return <any>layer;
  }
  abstract later(): void;
}

export const options: Options = { units: 3 };
namespace N { export const x = 1 }
declare const given: number;
function over(a: string): void;
function over(a: any): void { (a as Options).units += 1; }
export default options;
`;
