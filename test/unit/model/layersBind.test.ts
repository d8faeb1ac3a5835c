// The arguments of a layer's constructor: defaults, what does not exist, what is missing, the words of TensorFlow.js.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bind, type Given, nearestOf, pythonName, scriptName } from "../../../src/model/layers/bind";
import { layerNamed, layerOfCall, layerOfFunction } from "../../../src/model/layers/catalog";
import { type ConfigValue, type Library, UNKNOWN } from "../../../src/model/layers/catalog.types";
import { declaredInput } from "../../../src/model/layers/declaredInput";
import type { AnyShape } from "../../../src/model/shape";

const bound = (name: string, library: Library, given: Partial<Given>) =>
  bind(layerNamed(name, library)!, library, { positional: [], named: {}, ...given });

const problems = (name: string, library: Library, given: Partial<Given>) => bound(name, library, given).problems;
const messages = (name: string, library: Library, given: Partial<Given>) =>
  problems(name, library, given).map(({ message }) => message);

describe("arguments are bound", () => {
  test("by place and by name, defaults for the rest", () => {
    const { config, given, problems } = bound("Conv2D", "keras3", {
      positional: [8, [3, 3]],
      named: { padding: "same" },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual([...given], ["filters", "kernel_size", "padding"]);
    assert.deepEqual(
      [
        config["filters"],
        config["kernel_size"],
        config["padding"],
        config["strides"],
        config["use_bias"],
        config["name"],
      ],
      [8, [3, 3], "same", [1, 1], true, null],
    );
  });

  test("the words of TensorFlow.js become Python's", () => {
    const { config, problems } = bound("Conv2D", "tfjs", {
      named: { filters: 8, kernelSize: 3, dataFormat: "channelsFirst", kernelInitializer: "heNormal", name: "myConv" },
    });
    assert.deepEqual(problems, []);
    assert.equal(config["data_format"], "channels_first");
    assert.equal(config["kernel_initializer"], "he_normal");
    assert.equal(config["name"], "myConv");
  });

  test("null and undefined of TensorFlow.js are the default", () => {
    assert.equal(bound("Dense", "tfjs", { named: { units: 3, useBias: null } }).config["use_bias"], true);
  });

  test("what is not given is unknown where more is given than is known", () => {
    const { config, problems } = bound("Dense", "keras3", { named: { activation: "relu" }, isPartial: true });
    assert.deepEqual(problems, []);
    assert.equal(config["activation"], "relu");
    assert.equal(config["units"], UNKNOWN);
    assert.equal(config["use_bias"], UNKNOWN);
  });
});

describe("wrong arguments", () => {
  test("a misspelt one", () => {
    const [problem] = problems("Conv2D", "keras3", { named: { filters: 8, kernel_size: 3, kernal_size: 5 } });
    assert.deepEqual(problem, {
      fails: "unknown-argument",
      message: "Conv2D has no argument `kernal_size`. Did you mean `kernel_size`?",
      argument: "kernal_size",
      nearest: "kernel_size",
      isError: true,
    });
  });

  test("TensorFlow.js passes over what it does not know", () => {
    const [problem] = problems("Dense", "tfjs", { named: { units: 3, usebias: false } });
    assert.equal(problem?.isError, false);
    assert.equal(
      problem?.message,
      "Dense has no argument `usebias`. TensorFlow.js passes over it. Did you mean `useBias`?",
    );
  });

  test("one that Keras 3 has no more", () => {
    assert.deepEqual(messages("Dense", "keras3", { named: { units: 3, batch_input_shape: [null, 4] } }), [
      "Keras 3's Dense has no `batch_input_shape` any more. Use an `Input(batch_shape=…)` before the layer instead.",
    ]);
    assert.deepEqual(messages("Dense", "keras2", { named: { units: 3, batch_input_shape: [null, 4] } }), []);
    assert.deepEqual(messages("Dense", "keras3", { named: { units: 3, kernel_layout: {} } }), [
      "Keras 3's Dense has no `kernel_layout` any more. Leave it out.",
    ]);
  });

  test("the names of Keras 1", () => {
    assert.deepEqual(
      problems("Dense", "keras2", { named: { output_dim: 3, init: "uniform" } }).map(({ argument, nearest }) => [
        argument,
        nearest,
      ]),
      [
        ["output_dim", "units"],
        ["init", "kernel_initializer"],
        ["units", undefined],
      ],
    );
  });

  test("a missing one", () => {
    assert.deepEqual(messages("Conv2D", "keras3", { positional: [8] }), ["Conv2D needs `kernel_size`. Give it."]);
    assert.deepEqual(messages("Conv2D", "tfjs", { named: { filters: 8 } }), ["Conv2D needs `kernelSize`. Give it."]);
  });

  test("one given twice", () => {
    assert.deepEqual(
      problems("Dense", "keras3", { positional: [4], named: { units: 5 } }).map(({ fails }) => fails),
      ["repeated-argument"],
    );
  });

  test("too many", () => {
    assert.deepEqual(messages("Flatten", "keras3", { positional: ["channels_last", 1, 2] }), [
      "Flatten takes one argument by place, 3 are given. Give the others by name.",
    ]);
    assert.deepEqual(messages("Add", "keras3", { positional: [1] }), [
      "Add takes no arguments by place, 1 are given. Give the others by name.",
    ]);
  });
});

test("names", () => {
  for (const [script, python] of [
    ["kernelSize", "kernel_size"],
    ["useBias", "use_bias"],
    ["inputDType", "input_dtype"],
    ["units", "units"],
  ] as const) {
    assert.equal(pythonName(script), python);
    assert.equal(scriptName(python), script);
  }
  assert.equal(nearestOf("pading", ["padding", "strides"]), "padding");
  assert.equal(nearestOf("colour", ["padding", "strides"]), undefined);
});

test("layers are found by class, alias, function and call", () => {
  assert.equal(layerNamed("MaxPool2D", "keras3")?.name, "MaxPooling2D");
  assert.equal(layerNamed("ThresholdedReLU", "keras3"), undefined);
  assert.equal(layerNamed("ThresholdedReLU", "keras2")?.name, "ThresholdedReLU");
  assert.equal(layerOfFunction("maxPooling2d")?.name, "MaxPooling2D");
  assert.equal(layerOfFunction("maxpooling2d"), undefined);
  assert.equal(layerOfCall("concatenate")?.name, "Concatenate");
  assert.equal(layerOfCall("dense"), undefined);
});

describe("the input that a layer names itself", () => {
  const check = (name: string, library: Library, named: Record<string, ConfigValue>, expected: AnyShape | null) =>
    test(`${library} ${name}`, () => {
      const layer = layerNamed(name, library)!;
      assert.deepEqual(declaredInput(layer, library, bind(layer, library, { positional: [], named }).config), expected);
    });
  check("Dense", "keras3", { units: 3, input_shape: [4] }, [null, 4]);
  check("Dense", "keras3", { units: 3, input_dim: 4 }, [null, 4]);
  check("Dense", "keras2", { units: 3, input_dim: 4, batch_size: 8 }, [8, 4]);
  check("Dense", "keras2", { units: 3, batch_input_shape: [2, 4] }, [2, 4]);
  check("Dense", "keras2", { units: 3, input_shape: UNKNOWN }, "?");
  check("Dense", "keras3", { units: 3 }, null);
  check("Dense", "tfjs", { units: 3, inputShape: [4] }, [null, 4]);
  check("Dense", "tfjs", { units: 3, inputDim: 4 }, [null, 4]);
  check("Conv2D", "tfjs", { filters: 8, kernelSize: 3, inputShape: [28, 28, 1] }, [null, 28, 28, 1]);
  check("Embedding", "keras3", { input_dim: 10, output_dim: 4 }, null);
  check("Embedding", "keras2", { input_dim: 10, output_dim: 4 }, [null, null]);
  check("Embedding", "keras2", { input_dim: 10, output_dim: 4, input_length: 7 }, [null, 7]);
  check("Embedding", "tfjs", { inputDim: 10, outputDim: 4, inputLength: 7 }, [null, 7]);
});
