// The arguments of an operation on tensors, by name and however they were given; and what counts as a tensor. Knows no operation.
import type { AnyShape, Shape } from "../../../model/shape";
import { tensorsIn } from "../keras/convert";
import { listItems } from "../lists";
import type { Run } from "../run";
import { frameTensor } from "../tables/frame";
import { type Arguments, type GraphNode, isNothing, number, type TensorValue, UNKNOWN, type Value } from "../value";

/** Arguments by name, however they were given. */
export class Given {
  constructor(
    private readonly run: Run,
    private readonly args: Arguments,
    private readonly names: readonly string[],
  ) {}
  get(...names: string[]): Value | undefined {
    for (const name of names) {
      const at = this.names.indexOf(name);
      const value = this.args.named.get(name) ?? (at >= 0 ? this.args.positional[at] : undefined);
      if (value) return value;
    }
    return this.args.open ? UNKNOWN : undefined;
  }
  tensor(...names: string[]): TensorValue | null {
    const value = this.get(...names);
    return value ? asTensor(this.run, value) : null;
  }
  whole(otherwise: number | undefined, ...names: string[]): number | undefined | "?" {
    const value = this.get(...names);
    if (!value || isNothing(value)) return otherwise;
    return value.kind === "number" && Number.isInteger(value.value) ? value.value : "?";
  }
  wholes(...names: string[]): readonly number[] | undefined | "?" {
    const value = this.get(...names);
    if (!value || isNothing(value)) return undefined;
    if (value.kind === "number") return [value.value];
    const items = this.run.language.items(this.run, value);
    return items?.every((one) => one.kind === "number") ? items.map((one) => (one as { value: number }).value) : "?";
  }
  /** The same where an argument that is not given is this number. */
  withDefault(name: string, value: number): Given {
    return this.get(name)
      ? this
      : new Given(this.run, { ...this.args, named: new Map([...this.args.named, [name, number(value)]]) }, this.names);
  }
  /** All that was given by place: `rand(3, 4)`; null where more may have been. */
  inOrder(): readonly Value[] | null {
    return this.args.open ? null : this.args.positional;
  }
  flag(...names: string[]): boolean | "?" {
    const value = this.get(...names);
    if (!value) return false;
    return value.kind === "boolean" ? value.value : isNothing(value) ? false : "?";
  }
}

/** Anything that an operation takes for a tensor; null: it is none, or nothing is known of it. */
export function asTensor(run: Run, value: Value): TensorValue | null {
  if (value.kind === "tensor") return value;
  if (value.kind === "frame") return value.view ? null : frameTensor(value);
  if (value.kind === "number" || value.kind === "boolean")
    return data([], value.kind === "number" && value.isFloat ? "float32" : "int32", [value]);
  if (value.kind === "string") return data([], "string", [value]);
  if (value.kind === "range") return data([Math.max(0, Math.ceil((value.to - value.from) / value.step))], "int64");
  if (value.kind === "list") {
    const items = listItems(value);
    if (!items) return null;
    if (items.length === 0) return data([0], "float32", []);
    const parts = items.map((item) => asTensor(run, item));
    if (parts.includes(null)) return null;
    const [first] = parts as TensorValue[];
    if (parts.some((part) => JSON.stringify(part!.type.shape) !== JSON.stringify(first!.type.shape))) return null;
    const shape: AnyShape = first!.type.shape === "?" ? "?" : [items.length, ...first!.type.shape];
    const flat =
      first!.type.shape !== "?" && first!.type.shape.length === 0
        ? parts.map((part) => part!.elements?.[0] ?? UNKNOWN)
        : null;
    const inner = tensorsIn(value);
    const node = inner.find((one) => one.node)?.node ?? null;
    return { ...data(shape, first!.type.dtype, flat), ...(node && { isOpen: true }) };
  }
  return null;
}

export const data = (shape: AnyShape, dtype: string, elements: readonly Value[] | null = null): TensorValue => ({
  kind: "tensor",
  type: { shape, dtype },
  node: null,
  output: 0,
  elements,
});

/** Part of a model's graph, whether or not it is known how it came about. */
export const isSymbolic = ({ node, isOpen }: TensorValue): boolean => node !== null || isOpen === true;

/** What comes of tensors in a way that is not known: something unknown, which is part of the graph where they are. */
export const vague = (tensors: readonly TensorValue[], dtype = "?", origin?: GraphNode): Value =>
  tensors.some(isSymbolic) ? { ...data("?", dtype), isOpen: true, ...(origin && { origin }) } : UNKNOWN;

export type Rule = (given: Given, run: Run) => Result;
/** A shape with its dtype, or several shapes. */
export type Result =
  | { shape: AnyShape; dtype?: string; elements?: readonly Value[] | null }
  | { several: readonly AnyShape[] }
  | null;

export interface Operation {
  readonly names: readonly string[];
  readonly rule: Rule;
}

export const operationLike = (names: string, rule: Rule): Operation => ({ names: names.split(" "), rule });

/** The same rule under many names. */
export const alike = (names: string, operation: Operation): Readonly<Record<string, Operation>> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, operation]));

/** The tensor that an operation is of, under the names that the libraries have for it. */
export const subject = (given: Given): TensorValue | null =>
  given.tensor("x", "input", "a", "tensor", "input_tensor", "features", "logits", "image", "images", "inputs", "array");

/** The axis that was given; undefined where it is none, or None. */
export const axisIn = (given: Given): number | undefined | "?" => given.whole(undefined, "axis");

/** Its shape, where its rank is known. */
export const ranked = (x: TensorValue | null): Shape | null => (x && x.type.shape !== "?" ? x.type.shape : null);

/** What an operation gives that changes the shape alone. */
export const shapedLike = (x: TensorValue, shape: AnyShape | null): Result =>
  shape === null ? null : { shape, dtype: x.type.dtype };

/** `float32` of `tf.float32`, "float32" and np.float32. */
export function dtypeOf(value: Value | undefined): string | null {
  if (!value || isNothing(value)) return null;
  if (value.kind === "string") return value.value;
  if (value.kind === "library") return value.path.slice(value.path.lastIndexOf(".") + 1);
  if (value.kind === "builtin") return value.name === "int" ? "int64" : value.name === "float" ? "float64" : "?";
  return "?";
}

/** The axes that `tensordot` sums over: as many as a number says, or those of two lists. */
export function summedAxes(run: Run, value: Value | undefined, rank: number): readonly [number[], number[]] | null {
  if (!value) return summedAxes(run, number(2), rank);
  const range = (length: number, from: number) => Array.from({ length }, (_, at) => from + at);
  if (value.kind === "number") return [range(value.value, rank - value.value), range(value.value, 0)];
  const sides = run.language.items(run, value)?.map((side) => {
    const items = side.kind === "number" ? [side] : run.language.items(run, side);
    return items?.every((one) => one.kind === "number") ? items.map((one) => (one as { value: number }).value) : null;
  });
  const [a, b] = sides ?? [];
  return a && b && sides?.length === 2 ? [a, b] : null;
}

/** A list of tensors. */
export function tensorsGiven(given: Given, run: Run, ...names: string[]): TensorValue[] | null {
  const value = given.get(...names);
  const items = value && (value.kind === "list" ? listItems(value) : null);
  const tensors = items?.map((item) => asTensor(run, item));
  return tensors && !tensors.includes(null) ? (tensors as TensorValue[]) : null;
}
