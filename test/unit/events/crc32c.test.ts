// The checksum, against known values and against the package crc-32.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { crc32c, maskedCrc } from "../../../src/events/crc32c";

const { buf } = createRequire(path.resolve("package.json"))("crc-32/crc32c") as { buf(bytes: Uint8Array): number };

test("the sum of the standard's test string", () => {
  assert.equal(crc32c(Buffer.from("123456789"), 0, 9) >>> 0, 0xe3069283);
});

test("equal to the package crc-32 for all lengths and starts", () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, at) => (at * 2_654_435_761) >>> 13);
  for (let start = 0; start < 20; start++) {
    for (let end = start; end <= bytes.length; end += 7) {
      assert.equal(crc32c(bytes, start, end), buf(bytes.subarray(start, end)));
    }
  }
});

test("masked: rotated by 15 bits, plus a constant", () => {
  assert.equal(maskedCrc(new Uint8Array(8), 0, 8) >>> 0, expectedMask(buf(new Uint8Array(8))));
});

function expectedMask(sum: number): number {
  const unsigned = BigInt(sum >>> 0);
  return Number((((unsigned >> 15n) | (unsigned << 17n)) + 0xa282ead8n) & 0xffffffffn);
}
