// What is known of a value that is one or the other. Knows nothing of where the two come from.
import type { AnyShape, Dim } from "../../model/shape";
import { ABSENT, type Written } from "./journal";
import type { Run } from "./run";
import {
  type Heap,
  ITEMS,
  LAYERS,
  type ListValue,
  type SlotKey,
  Slots,
  type TensorValue,
  UNKNOWN,
  unknownSlot,
  type Value,
} from "./value";

export function join(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a.kind !== b.kind || a.kind === "unknown") return UNKNOWN;
  switch (a.kind) {
    case "number":
      return a.value === (b as typeof a).value && a.isFloat === (b as typeof a).isFloat ? a : UNKNOWN;
    case "string":
    case "boolean":
      return a.value === (b as typeof a).value ? a : UNKNOWN;
    case "none":
    case "undefined":
      return a;
    case "tensor":
      return joinTensors(a, b as TensorValue);
    case "list":
      return joinTuples(a, b as ListValue);
    case "library":
      return a.path === (b as typeof a).path ? a : UNKNOWN;
    case "range": {
      const other = b as typeof a;
      return a.from === other.from && a.to === other.to && a.step === other.step ? a : UNKNOWN;
    }
    case "bound": {
      const other = b as typeof a;
      return a.callee === other.callee && a.receiver === other.receiver ? a : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function joinTensors(a: TensorValue, b: TensorValue): TensorValue {
  const same = a.node === b.node && a.output === b.output;
  const shape = joinShapes(a.type.shape, b.type.shape);
  const isBatched = shape === "?" && isBatch(a) && isBatch(b);
  return {
    kind: "tensor",
    type: {
      shape,
      dtype: a.type.dtype === b.type.dtype ? a.type.dtype : "?",
      ...(isBatched && { isBatched: true }),
    },
    // Which way it came about is not known: a model made of it cannot be counted.
    node: same ? a.node : null,
    output: same ? a.output : 0,
    elements: null,
    ...(!same && (a.node || b.node || a.isOpen || b.isOpen) ? { isOpen: true } : {}),
  };
}

const isBatch = ({ type: { shape, isBatched } }: TensorValue): boolean =>
  shape === "?" ? isBatched === true : shape[0] === null;

function joinShapes(a: AnyShape, b: AnyShape): AnyShape {
  if (a === "?" || b === "?" || a.length !== b.length) return "?";
  return a.map((dim, at): Dim => (dim === b[at] ? dim : "?"));
}

/** Tuples do not change, so one can stand for both. */
function joinTuples(a: ListValue, b: ListValue): Value {
  const [left, right] = [a.slots.get(ITEMS), b.slots.get(ITEMS)] as (Value[] | null)[];
  if (a.type !== "tuple" || b.type !== "tuple" || !left || !right || left.length !== right.length) return UNKNOWN;
  return { kind: "list", type: "tuple", slots: new Slots([[ITEMS, left.map((item, at) => join(item, right[at]!))]]) };
}

/** Writes what is left of the slots that either of two branches wrote. What a branch did not write is as before. */
export function joinWritten(run: Run, a: Written, b: Written): void {
  const heaps = new Set<Heap>([...a.keys(), ...b.keys()]);
  for (const heap of heaps) {
    const keys = new Set<SlotKey>([...(a.get(heap)?.keys() ?? []), ...(b.get(heap)?.keys() ?? [])]);
    for (const key of keys) {
      const before = run.journal.now(heap, key);
      const left = a.get(heap)?.has(key) ? a.get(heap)!.get(key) : before;
      const right = b.get(heap)?.has(key) ? b.get(heap)!.get(key) : before;
      run.journal.set(heap, key, joinSlots(key, left, right));
    }
  }
}

/** Slots hold values, lists of values, or what belongs to layers. */
function joinSlots(key: SlotKey, a: unknown, b: unknown): unknown {
  if (a === b) return a;
  // A name that is bound in one branch only is taken to be bound: the program would fail otherwise.
  if (a === ABSENT) return b;
  if (b === ABSENT) return a;
  if (isValue(a) && isValue(b)) return join(a, b);
  // A model's layers are all known, or not at all.
  if (key === LAYERS) return sameItems(a, b) ? a : null;
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every(isValue) && b.every(isValue)) {
    const joined = a.map((item, at) => join(item as Value, b[at] as Value));
    // A model of either layer is a model of layers that are not known.
    return key === LAYERS && joined.some(({ kind }) => kind !== "layer") ? unknownSlot(key) : joined;
  }
  if (Array.isArray(a) && Array.isArray(b) && isPlain(a) && isPlain(b) && JSON.stringify(a) === JSON.stringify(b))
    return a;
  return unknownSlot(key);
}

const sameItems = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => one === b[at]);

const isValue = (slot: unknown): slot is Value => typeof slot === "object" && slot !== null && "kind" in slot;

/** Weights, which are data. */
const isPlain = (slots: readonly unknown[]): boolean =>
  slots.every((one) => typeof one === "object" && one !== null && !("kind" in one) && !("slots" in one));
