// Reads a layer's arguments: each reader says what it takes, gives "?" for what the source does not tell, and a failure for what
// no library takes. Knows no layer.
import { type Config, type ConfigValue, type Failure, type Library, OPAQUE, UNKNOWN } from "./catalog.types";

/** A whole number, or "?". */
export type Count = number | "?";

/** Where a value stands, for messages and for what differs between the libraries. */
export interface Place {
  readonly layer: string;
  readonly argument: string;
  readonly library: Library;
}

export type Reader<T> = (value: ConfigValue, place: Place) => T | Failure;

type Values<R extends Record<string, Reader<unknown>>> = {
  readonly [K in keyof R]: R[K] extends Reader<infer T> ? Exclude<T, Failure> : never;
};

/** Reads several arguments of a call; the first that is wrong is the failure. An argument that the library has not is null. */
export function read<R extends Record<string, Reader<unknown>>>(
  layer: string,
  { config, library }: { readonly config: Config; readonly library: Library },
  readers: R,
): Values<R> | Failure {
  const values: Record<string, unknown> = {};
  for (const [argument, reader] of Object.entries(readers)) {
    const value = reader(config[argument] ?? null, { layer, argument, library });
    if (isFailure(value)) return value;
    values[argument] = value;
  }
  return values as Values<R>;
}

export const isFailure = (value: unknown): value is Failure =>
  typeof value === "object" && value !== null && "fails" in value;

export const failure = (fails: string, message: string): Failure => ({ fails, message });

const badArgument = ({ layer, argument }: Place, needed: string, value: ConfigValue) =>
  failure("bad-argument", `${layer} needs \`${argument}\` as ${needed}. It is ${valueText(value)}.`);

/** What no rule can look into: it may be anything. */
const isHidden = (value: ConfigValue): boolean => value === UNKNOWN || value === OPAQUE;

/** A value that may be absent: null where it is None, null or not given. */
export const optional =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, place) =>
    value === null ? null : reader(value, place);

/** For an argument that some library has not: what that library does. */
export const withDefault =
  <T>(absent: T, reader: Reader<T>): Reader<T> =>
  (value, place) =>
    value === null ? absent : reader(value, place);

/** A whole number from `min` on. What a library turns into a number itself (a text, a fraction) is "?". */
export const size =
  ({ min = 1 }: { min?: number } = {}): Reader<Count> =>
  (value, place) => {
    const count = countOf(value);
    return count === "wrong" || (count !== "?" && count < min) ? badArgument(place, wholeNumber(min), value) : count;
  };

/** A number of either sign, whole or not. */
export const number =
  ({ min = -Infinity, max = Infinity }: { min?: number; max?: number } = {}): Reader<number | "?"> =>
  (value, place) => {
    if (isHidden(value)) return "?";
    if (typeof value === "boolean") return Number(value);
    if (typeof value === "number" && value >= min && value <= max) return value;
    if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return "?";
    const range = min === -Infinity ? "" : max === Infinity ? ` of ${min} or more` : ` between ${min} and ${max}`;
    return badArgument(place, `a number${range}`, value);
  };

/** One whole number for all of `rank` dimensions, or a list of one each. TensorFlow.js does not mind how small they are. */
export const sizes =
  (rank: number, { min = 1 }: { min?: number } = {}): Reader<readonly Count[]> =>
  (value, place) => {
    if (isHidden(value)) return Array<Count>(rank).fill("?");
    const counts = Array.isArray(value) ? value.map(countOf) : Array(rank).fill(countOf(value));
    const least = place.library === "tfjs" ? -Infinity : min;
    const isWrong = (count: Count | "wrong") => count === "wrong" || (count !== "?" && count < least);
    if (counts.length !== rank || counts.some(isWrong)) {
      return badArgument(place, rank === 1 ? wholeNumber(least) : `${wholeNumber(least)}, or ${rank} of them`, value);
    }
    return counts;
  };

/** A list of whole numbers, or one of them where that is a list of one; "?" where not even their number is known. */
export const wholeNumbers =
  ({ min = -Infinity, orOne = false }: { min?: number; orOne?: boolean } = {}): Reader<readonly Count[] | "?"> =>
  (value, place) => {
    if (isHidden(value)) return "?";
    const counts = Array.isArray(value) ? value.map(countOf) : [orOne ? countOf(value) : ("wrong" as const)];
    const isWrong = (count: Count | "wrong") => count === "wrong" || (count !== "?" && count < min);
    return counts.some(isWrong)
      ? badArgument(place, min === -Infinity ? "a list of whole numbers" : `a list of numbers of ${min} or more`, value)
      : (counts as Count[]);
  };

/** A shape: a list of whole numbers, None and "?", or one of them where that is a list of one. */
export const shape =
  ({ orOne = false }: { orOne?: boolean } = {}): Reader<readonly (number | null | "?")[] | "?"> =>
  (value, place) => {
    if (isHidden(value)) return "?";
    const given: readonly ConfigValue[] | null = Array.isArray(value)
      ? value
      : orOne && value !== null
        ? [value]
        : null;
    const dims = given?.map((dim) => (dim === null ? null : countOf(dim))) ?? ["wrong" as const];
    return dims.includes("wrong")
      ? badArgument(place, orOne ? "a whole number or a list of them" : "a list of whole numbers", value)
      : (dims as (number | null | "?")[]);
  };

/** True or false, as Python and JavaScript judge any value. */
export const flag = (): Reader<boolean | "?"> => (value, place) => {
  if (isHidden(value)) return "?";
  if (Array.isArray(value)) return place.library === "tfjs" || value.length > 0;
  return typeof value === "object" && value !== null ? "?" : Boolean(value);
};

/** `channels_last` where it is not said otherwise: what `keras.json` sets is not known here. */
export const dataFormat = (): Reader<"channels_last" | "channels_first" | "?"> =>
  withDefault("channels_last", choice(["channels_last", "channels_first"], { ignoreCase: true }));

/** One of some words, whatever their case where the libraries do not mind it. */
export const choice =
  <const T extends string>(
    words: readonly T[],
    { ignoreCase = false }: { ignoreCase?: boolean } = {},
  ): Reader<T | "?"> =>
  (value, place) => {
    if (isHidden(value)) return "?";
    const word = typeof value === "string" && ignoreCase ? value.toLowerCase() : value;
    const found = words.find((one) => one === word);
    return found ?? badArgument(place, `one of ${words.map((one) => `"${one}"`).join(", ")}`, value);
  };

/** A text; "?" where it is not known. */
export const text = (): Reader<string | "?"> => (value, place) =>
  isHidden(value) ? "?" : typeof value === "string" ? value : badArgument(place, "a text", value);

/** Whatever it is. */
export const anything = (): Reader<ConfigValue> => (value) => value;

function countOf(value: ConfigValue): Count | "wrong" {
  if (isHidden(value)) return "?";
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return Number.isInteger(value) ? value : "?";
  return typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)) ? "?" : "wrong";
}

const wholeNumber = (min: number) => (min === -Infinity ? "a whole number" : `a whole number of ${min} or more`);

/** A value as a message shows it. */
export function valueText(value: ConfigValue): string {
  if (value === null) return "None";
  if (value === UNKNOWN || value === OPAQUE) return "?";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return "isLayer" in value ? `a layer ${String(value.className)}` : "a dictionary";
}
