// TFRecord: a length, its checksum, the bytes, their checksum. Nothing about what the bytes mean.
import { maskedCrc } from "./crc32c";

/** Length as 64 bits, and the length's checksum. */
export const HEADER_BYTES = 12;
/** The data's checksum. */
export const FOOTER_BYTES = 4;

/** A record as it stands in a file. */
export function frame(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + data.length + FOOTER_BYTES);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setInt32(8, maskedCrc(record, 0, 8), true);
  record.set(data, HEADER_BYTES);
  view.setInt32(HEADER_BYTES + data.length, maskedCrc(record, HEADER_BYTES, HEADER_BYTES + data.length), true);
  return record;
}
