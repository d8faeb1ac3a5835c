// Rows of keras.applications that follow a rule of their own, with the counts of Keras 3.15 and 2.15 (weights=None). The whole table
// is compared with the real libraries by test/slow/applications.test.ts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { application } from "../../../src/model/applications";

const FREE = { include_top: false, input_shape: [null, null, 3] };

describe("NASNet", () => {
  test("joins its paths by other layers where the image may have any size", () => {
    assert.deepEqual(application("NASNetMobile", "keras3", FREE), {
      input: [null, null, null, 3],
      output: [null, null, null, 1056],
      trainable: 4230954,
      fixed: 36650,
      macs: null,
    });
    const { trainable, fixed } = application("NASNetLarge", "keras2", FREE)!;
    assert.deepEqual([trainable, fixed], [84691590, 196332]);
  });

  test("the mobile one has a size without a classifier, in Keras 3", () => {
    const { input, trainable } = application("NASNetMobile", "keras3", { include_top: false })!;
    assert.deepEqual([input, trainable], [[null, 224, 224, 3], 4232978]);
    assert.deepEqual(application("NASNetMobile", "keras2", { include_top: false })!.input, [null, null, null, 3]);
  });

  test("nothing is said of its parameters where only one side has a size: Keras refuses it", () => {
    const { trainable } = application("NASNetLarge", "keras3", { include_top: false, input_shape: [null, 64, 3] })!;
    assert.equal(trainable, "?");
  });
});
