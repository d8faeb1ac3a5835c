// Protocol buffers of event files, the part of TensorFlow's that Fitlens writes and reads: field numbers and encoders.
// Bytes only: no files, no framing. https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
import { Writer } from "protobufjs/minimal";

/** Field numbers, by message. */
export const EVENT = { wallTime: 1, step: 2, fileVersion: 3, graphDef: 4, summary: 5 } as const;
export const SUMMARY = { value: 1 } as const;
export const VALUE = { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 } as const;
export const METADATA = { pluginData: 1, dataClass: 4 } as const;
export const PLUGIN_DATA = { pluginName: 1 } as const;
export const TENSOR = {
  dtype: 1,
  shape: 2,
  content: 4,
  floatVal: 5,
  doubleVal: 6,
  intVal: 7,
  stringVal: 8,
  int64Val: 10,
  boolVal: 11,
  halfVal: 13,
} as const;
const GRAPH = { node: 1, versions: 4 } as const;
const NODE = { name: 1, op: 2, input: 3, attr: 5 } as const;

/** TensorFlow's DataType, as far as scalars and texts come in it. */
export const DTYPE = { float: 1, double: 2, int32: 3, string: 7, int64: 9, bool: 10, bfloat16: 14, half: 19 } as const;

/** TensorBoard's DataClass: what a plugin's values are. */
const DATA_CLASS = { scalar: 1, tensor: 2 } as const;

/** Kinds of a field on the wire. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

export const FILE_VERSION = "brain.Event:2";

const key = (field: number, kind: number): number => (field << 3) | kind;

/** Steps are whole; a step that is not a number counts as 0 rather than spoiling the record. */
function event(wallTimeMs: number, step: number): Writer {
  const writer = Writer.create()
    .uint32(key(EVENT.wallTime, WIRE.fixed64))
    .double(wallTimeMs / 1000);
  const whole = Math.trunc(step);
  if (whole !== 0 && Number.isSafeInteger(whole)) writer.uint32(key(EVENT.step, WIRE.varint)).int64(whole);
  return writer;
}

export function encodeFileVersion(wallTimeMs: number): Uint8Array {
  return event(wallTimeMs, 0).uint32(key(EVENT.fileVersion, WIRE.bytes)).string(FILE_VERSION).finish();
}

/**
 * A scalar in the form of `tf.summary` 2: a float tensor of the scalars plugin, since TensorBoard's server passes over all
 * other types. What a float does not hold exactly stands beside it once more as a double, where readers that go by the
 * tensor's type do not look and ours does. TensorBoard needs the metadata only with a tag's first value.
 */
export function encodeScalar(tag: string, value: number, step: number, wallTimeMs: number, first: boolean): Uint8Array {
  const writer = event(wallTimeMs, step).uint32(key(EVENT.summary, WIRE.bytes)).fork();
  writer.uint32(key(SUMMARY.value, WIRE.bytes)).fork();
  writer.uint32(key(VALUE.tag, WIRE.bytes)).string(tag);
  writer.uint32(key(VALUE.tensor, WIRE.bytes)).fork();
  writer.uint32(key(TENSOR.dtype, WIRE.varint)).uint32(DTYPE.float);
  writer.uint32(key(TENSOR.shape, WIRE.bytes)).uint32(0);
  writer.uint32(key(TENSOR.floatVal, WIRE.bytes)).uint32(4).float(value);
  if (!Object.is(Math.fround(value), value)) {
    writer.uint32(key(TENSOR.doubleVal, WIRE.bytes)).uint32(8).double(value);
  }
  writer.ldelim();
  if (first) metadata(writer, "scalars", DATA_CLASS.scalar);
  return writer.ldelim().ldelim().finish();
}

/** Markdown for TensorBoard's text plugin. */
export function encodeText(tag: string, text: string, step: number, wallTimeMs: number): Uint8Array {
  const writer = event(wallTimeMs, step).uint32(key(EVENT.summary, WIRE.bytes)).fork();
  writer.uint32(key(SUMMARY.value, WIRE.bytes)).fork();
  writer.uint32(key(VALUE.tag, WIRE.bytes)).string(tag);
  writer.uint32(key(VALUE.tensor, WIRE.bytes)).fork();
  writer.uint32(key(TENSOR.dtype, WIRE.varint)).uint32(DTYPE.string);
  writer.uint32(key(TENSOR.shape, WIRE.bytes)).uint32(0);
  writer.uint32(key(TENSOR.stringVal, WIRE.bytes)).string(text).ldelim();
  metadata(writer, "text", DATA_CLASS.tensor);
  return writer.ldelim().ldelim().finish();
}

function metadata(writer: Writer, plugin: string, dataClass: number): void {
  writer.uint32(key(VALUE.metadata, WIRE.bytes)).fork();
  writer.uint32(key(METADATA.pluginData, WIRE.bytes)).fork();
  writer.uint32(key(PLUGIN_DATA.pluginName, WIRE.bytes)).string(plugin).ldelim();
  writer.uint32(key(METADATA.dataClass, WIRE.varint)).uint32(dataClass).ldelim();
}

export function encodeGraphEvent(graph: Uint8Array, wallTimeMs: number): Uint8Array {
  return event(wallTimeMs, 0).uint32(key(EVENT.graphDef, WIRE.bytes)).bytes(graph).finish();
}

/** A node of TensorBoard's graph view. `/` in names makes groups. */
export interface GraphNode {
  name: string;
  op: string;
  /** Names of the nodes it takes its inputs from. */
  inputs: readonly string[];
  /** Output shape, the batch and other open sizes as null. */
  shape?: readonly (number | null)[];
}

/** A GraphDef, for `EventWriter.graph`. */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const writer = Writer.create();
  for (const node of nodes) {
    writer.uint32(key(GRAPH.node, WIRE.bytes)).fork();
    writer.uint32(key(NODE.name, WIRE.bytes)).string(node.name);
    writer.uint32(key(NODE.op, WIRE.bytes)).string(node.op);
    for (const input of node.inputs) writer.uint32(key(NODE.input, WIRE.bytes)).string(input);
    if (node.shape) outputShape(writer, node.shape);
    writer.ldelim();
  }
  const producer = 27;
  return writer
    .uint32(key(GRAPH.versions, WIRE.bytes))
    .fork()
    .uint32(key(1, WIRE.varint))
    .uint32(producer)
    .ldelim()
    .finish();
}

/** Attribute `_output_shapes` = { list { shape { dim { size } … } } }, which TensorBoard writes on the edges. */
function outputShape(writer: Writer, shape: readonly (number | null)[]): void {
  writer.uint32(key(NODE.attr, WIRE.bytes)).fork();
  writer.uint32(key(1, WIRE.bytes)).string("_output_shapes");
  writer.uint32(key(2, WIRE.bytes)).fork().uint32(key(1, WIRE.bytes)).fork().uint32(key(7, WIRE.bytes)).fork();
  for (const size of shape) {
    writer
      .uint32(key(2, WIRE.bytes))
      .fork()
      .uint32(key(1, WIRE.varint))
      .int64(size ?? -1)
      .ldelim();
  }
  writer.ldelim().ldelim().ldelim().ldelim();
}
