// The checksum of event files: CRC-32C (Castagnoli), masked as TFRecord wants it.
//
// The package crc-32 has the same sum, but needs a new array for each range: 180 ms for the 2 × 1,000,000 short ranges
// of a large event file, against 50 ms for these eight bytes at a time. A test compares the two.

const TABLE = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  TABLE[byte] = sum;
}
for (let entry = 256; entry < TABLE.length; entry++) {
  const shorter = TABLE[entry - 256]!;
  TABLE[entry] = (shorter >>> 8) ^ TABLE[shorter & 255]!;
}

/** The sum of `bytes[start..end)`, as a signed 32-bit number. The range must lie inside. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let sum = -1;
  let at = start;
  for (const last = end - 7; at < last; at += 8) {
    sum ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    sum =
      TABLE[1792 + (sum & 255)]! ^
      TABLE[1536 + ((sum >>> 8) & 255)]! ^
      TABLE[1280 + ((sum >>> 16) & 255)]! ^
      TABLE[1024 + (sum >>> 24)]! ^
      TABLE[768 + bytes[at + 4]!]! ^
      TABLE[512 + bytes[at + 5]!]! ^
      TABLE[256 + bytes[at + 6]!]! ^
      TABLE[bytes[at + 7]!]!;
  }
  for (; at < end; at++) sum = (sum >>> 8) ^ TABLE[(sum ^ bytes[at]!) & 255]!;
  return ~sum;
}

/** Masked, so that a file which holds sums as data does not sum up to nothing: rotated by 15 bits, plus a constant. */
export function maskedCrc(bytes: Uint8Array, start: number, end: number): number {
  const sum = crc32c(bytes, start, end);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) | 0;
}
