// What an expression can be worth to the reader of models: a value as far as the text tells it. Unknown is a value like others;
// nothing here is a guess. Plain data; what is done with values is elsewhere.
import type { Config, LayerType, Library, TensorType } from "../../model/layers/catalog.types";
import type { Dim, Shape } from "../../model/shape";
import type { ClassCode, FunctionCode, Unit } from "../code";
import type { Scope } from "./scope";
import type { Work } from "./work";

/** Where in the program something was written: offsets count from the start of its unit. */
export interface Place {
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
}

/** The text does not tell. */
export interface Unknown {
  readonly kind: "unknown";
  /** A test told that it counts as true, or as false. */
  readonly truth?: boolean;
  /** A test told that it is not None, null or undefined. */
  readonly isSome?: true;
  /** Tests told that it is none of these. */
  readonly isNot?: readonly (string | number | boolean)[];
}
export const UNKNOWN: Unknown = { kind: "unknown" };

export interface NumberValue {
  readonly kind: "number";
  readonly value: number;
  /** Python tells 1.0 from 1. */
  readonly isFloat: boolean;
}
export interface StringValue {
  readonly kind: "string";
  readonly value: string;
}
export interface BooleanValue {
  readonly kind: "boolean";
  readonly value: boolean;
}
/** Python's None, JavaScript's null; and JavaScript's undefined. */
export interface NothingValue {
  readonly kind: "none" | "undefined";
}
export const NONE: NothingValue = { kind: "none" };
export const UNDEFINED: NothingValue = { kind: "undefined" };

/**
 * Something with an identity, which several names may share and which can change. `slots` are its changeable parts; they are
 * written through the journal only, so that a branch that may not run can be taken back.
 */
export interface Heap {
  readonly slots: Slots;
}
export type SlotKey = string | number | symbol;

let made = 0;
/** Slots know when they were made, by the count of those made before: what a piece of code found can be told from what it made. */
export class Slots extends Map<SlotKey, unknown> {
  readonly age = made++;
}
/** All slots that are made from now on have this age or a higher one. */
export const slotsMade = (): number => made;

/** A list, tuple, set, array: all its items, or null where they are not all known. */
export interface ListValue extends Heap {
  readonly kind: "list";
  readonly type: "list" | "tuple" | "set" | "array" | "iterator";
}
/** Slots of lists and dictionaries. */
export const ITEMS = Symbol("items");
/** Set where a list is a TensorShape: one shape, not several sizes. */
export const SHAPE = Symbol("shape");
/** Set where a dictionary may have other entries as well. */
export const OPEN = Symbol("open");

/** A dictionary, a JavaScript object or Map: a slot an entry; keys are strings and numbers. */
export interface DictValue extends Heap {
  readonly kind: "dict";
  readonly type: "dict" | "object";
}

export interface RangeValue {
  readonly kind: "range";
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface SliceValue {
  readonly kind: "slice";
  readonly from: Value;
  readonly to: Value;
  readonly step: Value;
}

export interface FunctionValue extends Heap {
  readonly kind: "function";
  readonly code: FunctionCode;
  readonly unit: Unit;
  readonly scope: Scope;
  /** Defaults are evaluated where the function is defined (Python). */
  readonly defaults: readonly (Value | null)[];
  /** The class that it was defined in, for `super`. */
  readonly home: ClassValue | null;
  /** `this` of an arrow. */
  readonly receiver: Value | null;
  /** What a decorator, or `static` and `get` of JavaScript, have made of a method. */
  readonly role?: "property" | "static" | "class";
}

export interface ClassValue extends Heap {
  readonly kind: "class";
  readonly name: string;
  readonly bases: readonly Value[];
  readonly code: ClassCode;
  readonly unit: Unit;
  readonly scope: Scope;
}

/** An object of a class of the user's. `native` is what a base class of a library brings. */
export interface InstanceValue extends Heap {
  readonly kind: "instance";
  readonly class: ClassValue;
  readonly place: Place;
  native: LayerValue | null;
}

/** `super()`: what a receiver has from the classes behind `home`. */
export interface SuperValue {
  readonly kind: "super";
  readonly home: ClassValue;
  readonly receiver: Value;
}

/** A function with its first argument. */
export interface BoundValue {
  readonly kind: "bound";
  readonly receiver: Value;
  readonly callee: Value;
}

/** Something that the reader itself can do. */
export interface BuiltinValue {
  readonly kind: "builtin";
  readonly name: string;
  /** The list, dictionary or model whose method it is: whoever has it may change that. */
  readonly receiver?: Value;
  readonly call: Builtin;
}

/** A thing of a library, by its dotted path in the library's own words: `keras.layers.Dense`, `numpy.zeros`, `tf.layers`. */
export interface LibraryValue {
  readonly kind: "library";
  readonly path: string;
  /** Which Keras it is of, where the import tells. */
  readonly library: Library | null;
}

/** A loss, optimizer or metric of a library, made with these arguments. */
export interface MadeValue {
  readonly kind: "made";
  /** `keras.losses.BinaryCrossentropy`, `tf.train.adam`. */
  readonly path: string;
  readonly args: Arguments;
  readonly place: Place;
  /** Of a metric: the shapes of its variables. */
  readonly keeps?: readonly Shape[] | "?";
}

/** A tensor, a NumPy array, a placeholder of Keras. */
export interface TensorValue {
  readonly kind: "tensor";
  readonly type: TensorType;
  /** How it came about in a model's graph; null for data. */
  readonly node: GraphNode | null;
  /** Which of the node's outputs it is. */
  readonly output: number;
  /** Its numbers, where they are few and known: shapes are made of such. */
  readonly elements: readonly Value[] | null;
  /** A variable of the user's own: a layer that has it as an attribute counts it. `by`: whose. */
  readonly variable?: { readonly by: "tf" | "keras"; readonly trainable: boolean | "?" };
  /** Labels of a data set that is known: they are 0 to one less than this, each there at least once. */
  readonly classes?: number;
  /** It is part of a model's graph, but how it came about is not known: what is made of it cannot be counted. */
  readonly isOpen?: boolean;
  /** What made it, where it has no node: what can be drawn of a graph whose beginning is not known. Says nothing else. */
  readonly origin?: GraphNode;
}

/** What was under way when something was made: a call of a function of the user's, or a turn of a loop. */
export interface Block {
  readonly kind: "call" | "turn";
  /** The function's; "" where it has none. */
  readonly name: string;
  /** The call, or the loop. */
  readonly place: Place;
  /** Of a loop, from 0. */
  readonly turn: number;
  readonly outer: Block | null;
}

/** One call of a layer, or of an operation, in a model's graph. */
export interface GraphNode {
  readonly layer: LayerValue | null;
  /** `add`, `reshape`: an operation that is no layer. */
  readonly operation: string;
  readonly inputs: readonly TensorValue[];
  readonly place: Place;
  readonly depth: number;
  /** What it gave and costs; absent where a model begins. */
  readonly work?: Work;
  /** Where in the calls and loops of the program it was made. */
  readonly block: Block | null;
  /** The same with other inputs. */
  again(inputs: readonly TensorValue[]): Value;
}

/** A layer or a model. Its slots: what is built, which layers it has, `trainable`. */
export interface LayerValue extends Heap {
  readonly kind: "layer";
  readonly id: number;
  /** As in the catalog, `Sequential`, `Functional`, or the name of a class of the user's. */
  readonly className: string;
  /** As it is written in the call. */
  readonly written: string;
  readonly type: LayerType | null;
  readonly library: Library;
  /** What was given by name. */
  readonly config: Readonly<Record<string, Value>>;
  /** The arguments as the catalog has them. */
  readonly catalog: Config;
  readonly place: Place;
  /** An object of a user's class: its attributes are the layers that it has. */
  readonly instance: InstanceValue | null;
  readonly form: "layer" | "sequential" | "functional" | "subclass" | "application" | "input" | "estimator";
  /** The layer of the catalog that a user's class is made of: its `__init__`, `build` and `call` are those of the class, unless it has its own. */
  readonly base: LayerType | null;
  readonly making: MakingFacts;
  /** In which call or turn of a loop it was made. */
  readonly block: Block | null;
}
/** How a layer was made, as far as the name that it is given hangs on it. */
export interface MakingFacts {
  /** Once, and not within a call of another layer. */
  readonly isCertain: boolean;
  /** How much had been lost before, in the same top-level statement. */
  readonly lost: number;
  /** There may be a name among arguments that are not all known. */
  readonly mayBeNamed: boolean;
}
/** Slots of layers. */
export const BUILT = Symbol("built");
export const LAYERS = Symbol("layers");
export const INPUTS = Symbol("inputs");
export const OUTPUTS = Symbol("outputs");
export const TRAINABLE = Symbol("trainable");
/** What its last call gave. */
export const LAST = Symbol("last");
/** The arguments that the layer behind a user's class was given, and the weights that it has. */
export const BASE_CONFIG = Symbol("base config");
export const BASE_WEIGHTS = Symbol("base weights");
/** Weights that a layer of the user's own has added. */
export const OWN_WEIGHTS = Symbol("own weights");
/** What it was compiled with last; "?" where that is not known. Absent: it was not. */
export const COMPILED = Symbol("compiled");
/** Code that nobody sees has had it: it may be compiled otherwise by now. */
export const SHARED = Symbol("shared");
/** The keys that it has by itself, of a dictionary that is what a training has recorded. */
export const HISTORY = Symbol("history");
/** Where model_to_estimator took it, and so made it unusable. */
export const CONVERTED = Symbol("converted");
export interface Compiled {
  readonly args: Arguments;
  readonly place: Place;
  /** Not in a branch that may not run. */
  readonly isCertain: boolean;
}

/** A feature column of TensorFlow. */
export interface ColumnValue {
  readonly kind: "column";
  readonly name: string | null;
  /** How wide it is in a dense input; null: it can be in none. */
  readonly dense: Dim | null;
  /** How many categories it tells apart; null: it has none. */
  readonly categories: Dim | null;
  /** The table of an embedding; `shared`: the same for all columns that share it. */
  readonly table: { readonly shape: readonly Dim[]; readonly shared: object | null } | null;
}

/** A head of an Estimator: how many numbers it needs of the model. */
export interface HeadValue {
  readonly kind: "head";
  readonly logits: Dim;
}

/** A column of a data frame. */
export interface FrameColumn {
  readonly name: string | number;
  /** "?": texts, or not known. */
  readonly dtype: string;
}
/** A data frame of pandas. Its slots: columns (ITEMS), or null where they are not known, and how many rows. */
export interface FrameValue extends Heap {
  readonly kind: "frame";
  /** `frame.iloc` and `frame.loc` share the slots of their frame. */
  readonly view: "iloc" | "loc" | null;
}
export const ROWS = Symbol("rows");

/** A data set: what one element of it is, batched or not. */
export interface DatasetValue {
  readonly kind: "dataset";
  /** A tensor, a tuple or dictionary of such, or unknown. */
  readonly element: Value;
  readonly length: number | "?";
}
export const datasetOf = (element: Value, length: number | "?" = "?"): DatasetValue => ({
  kind: "dataset",
  element,
  length,
});

export type Value =
  | Unknown
  | NumberValue
  | StringValue
  | BooleanValue
  | NothingValue
  | ListValue
  | DictValue
  | RangeValue
  | SliceValue
  | FunctionValue
  | ClassValue
  | InstanceValue
  | SuperValue
  | BoundValue
  | BuiltinValue
  | LibraryValue
  | MadeValue
  | TensorValue
  | LayerValue
  | DatasetValue
  | ColumnValue
  | HeadValue
  | FrameValue;

/** Arguments of a call, spread out: `rest` where there may be more of them than is known. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  readonly open: boolean;
}

export type Builtin = (args: Arguments, place: Place) => Value;

/** A call with these arguments by place, and no others. */
export const positional = (...values: readonly Value[]): Arguments => ({
  positional: values,
  named: new Map(),
  open: false,
});

export const builtin = (name: string, call: Builtin): BuiltinValue => ({ kind: "builtin", name, call });

/** The same of something that it changes. */
export const methodOf = (receiver: Value, name: string, call: Builtin): BuiltinValue => ({
  kind: "builtin",
  name,
  receiver,
  call,
});

export const number = (value: number, isFloat = !Number.isInteger(value)): NumberValue => ({
  kind: "number",
  value,
  isFloat,
});
export const string = (value: string): StringValue => ({ kind: "string", value });
export const TRUE: BooleanValue = { kind: "boolean", value: true };
export const FALSE: BooleanValue = { kind: "boolean", value: false };
export const boolean = (value: boolean): BooleanValue => (value ? TRUE : FALSE);
export const isNothing = (value: Value): value is NothingValue => value.kind === "none" || value.kind === "undefined";

/** What stands in a slot of which nothing is known. */
export function unknownSlot(key: SlotKey): unknown {
  if (key === ITEMS || key === LAYERS || key === TRAINABLE) return null;
  if (key === BUILT || key === OWN_WEIGHTS || key === BASE_WEIGHTS || key === COMPILED || key === ROWS) return "?";
  if (key === BASE_CONFIG) return null;
  return key === OPEN ? true : UNKNOWN;
}
