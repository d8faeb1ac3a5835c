// Reads one event of any shape with the protobuf library: the way for what the decoder's short cut does not know.
// Throws on bytes that are no event.
import { Reader } from "protobufjs/minimal";
import { DTYPE, EVENT, METADATA, PLUGIN_DATA, SUMMARY, TENSOR, VALUE, WIRE } from "./wire";

export interface ParsedEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  values: ParsedValue[];
}

export interface ParsedValue {
  tag: Uint8Array;
  /** Absent where the value is no scalar: a text, an image, a tensor with dimensions. */
  scalar?: number;
  /** Absent where the value names none: only a tag's first value has to. */
  plugin?: string;
}

export function parseEvent(bytes: Uint8Array): ParsedEvent {
  const event: ParsedEvent = { wallTime: 0, step: 0, values: [] };
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (is(key, EVENT.wallTime, WIRE.fixed64)) event.wallTime = reader.double();
    else if (is(key, EVENT.step, WIRE.varint)) event.step = Number(reader.int64());
    else if (is(key, EVENT.summary, WIRE.bytes)) parseSummary(reader.bytes(), event.values);
    else reader.skipType(key & 7);
  }
  return event;
}

const is = (key: number, field: number, kind: number): boolean => key === ((field << 3) | kind);

function parseSummary(bytes: Uint8Array, values: ParsedValue[]): void {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (is(key, SUMMARY.value, WIRE.bytes)) values.push(parseValue(reader.bytes()));
    else reader.skipType(key & 7);
  }
}

function parseValue(bytes: Uint8Array): ParsedValue {
  const value: ParsedValue = { tag: new Uint8Array(0) };
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (is(key, VALUE.tag, WIRE.bytes)) value.tag = reader.bytes();
    else if (is(key, VALUE.simpleValue, WIRE.fixed32)) value.scalar = reader.float();
    else if (is(key, VALUE.tensor, WIRE.bytes)) {
      const scalar = scalarOf(reader.bytes());
      if (scalar !== undefined) value.scalar = scalar;
    } else if (is(key, VALUE.metadata, WIRE.bytes)) value.plugin = pluginOf(reader.bytes());
    else reader.skipType(key & 7);
  }
  return value;
}

function pluginOf(bytes: Uint8Array): string {
  let plugin = "";
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    if (is(key, METADATA.pluginData, WIRE.bytes)) {
      const data = Reader.create(reader.bytes());
      while (data.pos < data.len) {
        const inner = data.uint32();
        if (is(inner, PLUGIN_DATA.pluginName, WIRE.bytes)) plugin = data.string();
        else data.skipType(inner & 7);
      }
    } else reader.skipType(key & 7);
  }
  return plugin;
}

/** How a number of each type stands in a tensor: its field, the wire's kind of one, its bytes in `tensor_content`. */
const NUMBERS = new Map<
  number,
  { field: number; kind: number; read: (r: Reader) => number; raw: (v: DataView) => number }
>([
  [
    DTYPE.float,
    { field: TENSOR.floatVal, kind: WIRE.fixed32, read: (r) => r.float(), raw: (v) => v.getFloat32(0, true) },
  ],
  [
    DTYPE.double,
    { field: TENSOR.doubleVal, kind: WIRE.fixed64, read: (r) => r.double(), raw: (v) => v.getFloat64(0, true) },
  ],
  [DTYPE.int32, { field: TENSOR.intVal, kind: WIRE.varint, read: (r) => r.int32(), raw: (v) => v.getInt32(0, true) }],
  [
    DTYPE.int64,
    {
      field: TENSOR.int64Val,
      kind: WIRE.varint,
      read: (r) => Number(r.int64()),
      raw: (v) => Number(v.getBigInt64(0, true)),
    },
  ],
  [
    DTYPE.half,
    { field: TENSOR.halfVal, kind: WIRE.varint, read: (r) => half(r.int32()), raw: (v) => half(v.getUint16(0, true)) },
  ],
  [
    DTYPE.bfloat16,
    {
      field: TENSOR.halfVal,
      kind: WIRE.varint,
      read: (r) => bfloat16(r.int32()),
      raw: (v) => bfloat16(v.getUint16(0, true)),
    },
  ],
]);

/** The number in a tensor without dimensions; nothing for any other tensor. */
function scalarOf(bytes: Uint8Array): number | undefined {
  let dtype = 0;
  let content: Uint8Array | undefined;
  let exact: number | undefined;
  let packed: { field: number; kind: number; bytes: Uint8Array } | undefined;
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    const from = reader.pos;
    if (is(key, TENSOR.dtype, WIRE.varint)) dtype = reader.int32();
    else if (is(key, TENSOR.shape, WIRE.bytes)) {
      if (reader.bytes().length > 0) return undefined;
    } else if (is(key, TENSOR.content, WIRE.bytes)) content = reader.bytes();
    else if (is(key, TENSOR.doubleVal, WIRE.bytes) && dtype === DTYPE.float) {
      // Our own writer's: the value that the float beside it stands for.
      exact = Reader.create(reader.bytes()).double();
    } else if ((key & 7) === WIRE.bytes) packed = { field: key >>> 3, kind: WIRE.bytes, bytes: reader.bytes() };
    else {
      reader.skipType(key & 7);
      packed = { field: key >>> 3, kind: key & 7, bytes: bytes.subarray(from, reader.pos) };
    }
  }
  const number = NUMBERS.get(dtype);
  if (!number) return undefined;
  if (exact !== undefined) return exact;
  if (content && content.length > 0)
    return number.raw(new DataView(content.buffer, content.byteOffset, content.length));
  // A value that is the type's default is left out by some writers.
  if (!packed) return 0;
  if (packed.field !== number.field || (packed.kind !== WIRE.bytes && packed.kind !== number.kind)) return undefined;
  return number.read(Reader.create(packed.bytes));
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? (sign * fraction) / 2 ** 24 : sign * 2 ** (exponent - 25) * (1024 + fraction);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float. */
function bfloat16(bits: number): number {
  scratch.setUint32(0, (bits & 0xffff) << 16);
  return scratch.getFloat32(0);
}
