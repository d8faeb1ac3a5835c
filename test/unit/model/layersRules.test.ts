// What the rules of the layers say to a reader: how a size comes about, what fails and why, the multiplications. Whether the shapes
// are right the real libraries judge (test/truth/layers.test.ts).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bind } from "../../../src/model/layers/bind";
import { layerNamed } from "../../../src/model/layers/catalog";
import type {
  CallResult,
  ConfigValue,
  LayerCall,
  LayerType,
  Library,
  Tensors,
} from "../../../src/model/layers/catalog.types";
import type { Dim, Shape } from "../../../src/model/shape";

type Named = Record<string, ConfigValue>;

const tensor = (shape: Shape): Tensors => ({ shape, dtype: "float32" });

function called(
  name: string,
  named: Named,
  inputs: Tensors,
  library: Library = "keras3",
): { layer: LayerType; call: LayerCall; result: CallResult } {
  const layer = layerNamed(name, library)!;
  const { config, problems } = bind(layer, library, { positional: [], named });
  assert.deepEqual(problems, []);
  const call = { config, inputs, options: {}, library };
  return { layer, call, result: layer.call(call) };
}

/** How the sizes come about. */
function because(name: string, named: Named, input: Shape, expected: readonly string[]) {
  test(`${name} ${JSON.stringify(named)} on ${JSON.stringify(input)}`, () => {
    const { result } = called(name, named, tensor(input));
    assert.ok("outputs" in result, JSON.stringify(result));
    assert.deepEqual(result.because ?? [], expected);
  });
}

function fails(
  name: string,
  named: Named,
  inputs: Shape | readonly Shape[],
  code: string,
  message: string,
  library: Library = "keras3",
) {
  test(`${name}: ${code}`, () => {
    const isOne = inputs.every((one) => !Array.isArray(one));
    const { result } = called(
      name,
      named,
      isOne ? tensor(inputs as Shape) : (inputs as readonly Shape[]).map(tensor),
      library,
    );
    assert.deepEqual(result, { fails: code, message });
  });
}

function macs(name: string, named: Named, input: Shape, expected: Dim) {
  test(`${name} ${JSON.stringify(named)} on ${JSON.stringify(input)}`, () => {
    const { layer, call, result } = called(name, named, tensor(input));
    assert.ok("outputs" in result, JSON.stringify(result));
    assert.equal(layer.macs?.(call, result.outputs), expected);
  });
}

describe("how a size comes about", () => {
  because("Conv2D", { filters: 32, kernel_size: 3 }, [null, 28, 28, 1], ["(28 − 3)/1 + 1 = 26"]);
  because(
    "Conv2D",
    { filters: 32, kernel_size: [3, 5], strides: 2 },
    [null, 28, 28, 1],
    ["⌊(28 − 3)/2⌋ + 1 = 13", "⌊(28 − 5)/2⌋ + 1 = 12"],
  );
  because("Conv2D", { filters: 32, kernel_size: 3, padding: "same" }, [null, 28, 28, 1], []);
  because("Conv2D", { filters: 32, kernel_size: 3, padding: "same", strides: 2 }, [null, 27, 27, 1], ["⌈27/2⌉ = 14"]);
  because(
    "Conv2D",
    { filters: 32, kernel_size: 3, dilation_rate: 2 },
    [null, 28, null, 1],
    ["2·(3 − 1) + 1 = 5; (28 − 5)/1 + 1 = 24"],
  );
  because(
    "Conv2DTranspose",
    { filters: 8, kernel_size: 3, strides: 2, padding: "same" },
    [null, 7, 7, 4],
    ["7·2 = 14"],
  );
  because("Conv2DTranspose", { filters: 8, kernel_size: 3, strides: 2 }, [null, 7, 7, 4], ["(7 − 1)·2 + 3 = 15"]);
  because("MaxPooling2D", {}, [null, 13, 26, 8], ["⌊(13 − 2)/2⌋ + 1 = 6", "(26 − 2)/2 + 1 = 13"]);
  because(
    "DepthwiseConv2D",
    { kernel_size: 1, depth_multiplier: 2 },
    [null, 8, 8, 3],
    ["(8 − 1)/1 + 1 = 8", "3·2 = 6"],
  );
  because("Flatten", {}, [null, 26, 26, 32], ["26·26·32 = 21632"]);
  because("Flatten", {}, [null, 10], []);
  because("Reshape", { target_shape: [7, -1] }, [null, 28], ["28/7 = 4"]);
  because(
    "ZeroPadding2D",
    {
      padding: [
        [1, 2],
        [0, 0],
      ],
    },
    [null, 8, 8, 3],
    ["8 + 1 + 2 = 11"],
  );
  because("Cropping1D", { cropping: [1, 2] }, [null, 8, 3], ["8 − 1 − 2 = 5"]);
  because("UpSampling2D", { size: [2, 1] }, [null, 8, 8, 3], ["8·2 = 16"]);
  because("Dense", { units: 3 }, [null, 8], []);

  test("Concatenate", () => {
    const { result } = called("Concatenate", {}, [tensor([null, 32]), tensor([null, 64])]);
    assert.ok("outputs" in result);
    assert.deepEqual(result.because, ["32 + 64 = 96"]);
  });
});

describe("what fails says what was expected, what was found, what to do", () => {
  fails(
    "Conv2D",
    { filters: 8, kernel_size: 3 },
    [null, 784],
    "wrong-rank",
    "Conv2D expects 4 dimensions (batch, height, width, channels). Its input (None, 784) has 2, too few.",
  );
  fails(
    "Conv2D",
    { filters: 8, kernel_size: 5 },
    [null, 3, 28, 1],
    "negative-size",
    'Conv2D leaves nothing of its input (None, 3, 28, 1): an output size would be (3 − 5)/1 + 1 = -1. Make the kernel, pool, stride or crop smaller, the input larger, or pad with "same".',
  );
  fails(
    "Conv2D",
    { filters: 8, kernel_size: [3, 3, 3] },
    [null, 28, 28, 1],
    "bad-argument",
    "Conv2D needs `kernel_size` as a whole number of 1 or more, or 2 of them. It is [3, 3, 3].",
  );
  fails(
    "Conv2D",
    { filters: 8, kernel_size: 3, groups: 3 },
    [null, 28, 28, 3],
    "indivisible-groups",
    "Conv2D has 3 groups, and its 8 filters cannot be divided among them evenly. Choose a number of groups that divides 8.",
  );
  fails(
    "Conv2D",
    { filters: 8, kernel_size: 3, padding: "full" },
    [null, 28, 28, 3],
    "bad-argument",
    'Conv2D needs `padding` as one of "valid", "same", "causal". It is "full".',
  );
  fails(
    "Conv2D",
    { filters: 8, kernel_size: 3 },
    [null, 28, 28, null],
    "undefined-channels",
    "Conv2D must know the number of channels of its input to make its kernel. The input is (None, 28, 28, None).",
  );
  fails(
    "Dense",
    { units: "ten" },
    [null, 10],
    "bad-argument",
    'Dense needs `units` as a whole number of 1 or more. It is "ten".',
  );
  fails(
    "Dense",
    { units: 10 },
    [null],
    "wrong-rank",
    "Dense expects at least 2 dimensions, the batch among them. Its input (None,) has 1.",
  );
  fails(
    "Reshape",
    { target_shape: [28, 29] },
    [null, 784],
    "reshape-elements",
    "Reshape cannot make (28, 29) of (None, 784): one example has 784 values, and the target holds 812.",
  );
  fails(
    "Dropout",
    { rate: 25 },
    [null, 10],
    "rate-out-of-range",
    "Dropout needs `rate` between 0 and 1. It is 25. It is the share of the values that are dropped: 25 % is 0.25.",
  );
  fails(
    "Add",
    {},
    [
      [null, 4],
      [null, 5],
    ],
    "shape-mismatch",
    "Add cannot combine (None, 4) and (None, 5): 4 and 5 differ, and neither is 1.",
  );
  fails(
    "Add",
    {},
    [null, 4],
    "needs-list",
    "Add takes a list of tensors. It is called with one, of shape (None, 4). Put the tensors into a list.",
  );
  fails(
    "Concatenate",
    {},
    [
      [null, 8, 8, 3],
      [null, 8, 9, 3],
    ],
    "shape-mismatch",
    "Concatenate cannot join (None, 8, 8, 3) and (None, 8, 9, 3) along axis -1: axis 2 is 8 and 9. Only the joined axis may differ.",
  );
  fails(
    "GroupNormalization",
    {},
    [null, 8, 8, 6],
    "indivisible-groups",
    "GroupNormalization has 32 groups, and the 6 channels of its input cannot be divided among them evenly. Choose a number of groups that divides 6.",
  );
  fails(
    "BatchNormalization",
    { axis: 4 },
    [null, 8, 8, 6],
    "bad-axis",
    "BatchNormalization has the axis 4. Its input (None, 8, 8, 6) has no such axis.",
  );
  fails(
    "Permute",
    { dims: [0, 1] },
    [null, 3, 4],
    "bad-argument",
    "Permute needs each of 1 to 2 once in `dims`. It is [0, 1]; the batch is not counted.",
  );
  fails(
    "Flatten",
    {},
    [null, null, 3],
    "undefined-size",
    "Flatten must know every size of its input, which is (None, None, 3). Give the whole shape to the input.",
    "tfjs",
  );
});

describe("arguments are judged where the input is not known", () => {
  for (const [name, named] of [
    ["Dropout", { rate: 2 }],
    ["Conv2D", { filters: 0, kernel_size: 3 }],
    ["Permute", { dims: [3, 4] }],
    ["Cropping2D", { cropping: [1, 2, 3] }],
  ] as const) {
    test(name, () => {
      assert.ok("fails" in called(name, named as Named, { shape: "?", dtype: "?" }).result);
    });
  }
});

describe("multiply-accumulates of one example", () => {
  macs("Dense", { units: 10 }, [null, 784], 7840);
  macs("Dense", { units: 10 }, [null, 5, 784], 39200);
  macs("Conv2D", { filters: 32, kernel_size: 3 }, [null, 28, 28, 1], 26 * 26 * 32 * 9);
  macs("Conv2D", { filters: 32, kernel_size: 3, groups: 2 }, [null, 28, 28, 4], 26 * 26 * 32 * 9 * 2);
  macs("Conv2D", { filters: 32, kernel_size: 3 }, [null, null, 28, 1], null);
  macs("DepthwiseConv2D", { kernel_size: 3 }, [null, 28, 28, 4], 26 * 26 * 4 * 9);
  macs("SeparableConv2D", { filters: 8, kernel_size: 3 }, [null, 28, 28, 4], 26 * 26 * 4 * (9 + 8));
  macs("Conv2DTranspose", { filters: 8, kernel_size: 3 }, [null, 7, 7, 4], 7 * 7 * 4 * 9 * 8);
  macs("EinsumDense", { equation: "abc,cd->abd", output_shape: [null, 64] }, [null, 7, 10], null);
  macs("EinsumDense", { equation: "abc,cd->abd", output_shape: [7, 64] }, [null, 7, 10], 7 * 64 * 10);
});
