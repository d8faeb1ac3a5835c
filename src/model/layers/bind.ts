// Binds the arguments of a constructor to a layer's: fills in defaults and says what does not exist, is missing or is given twice.
// Values are passed on as they are, but for the words of TensorFlow.js, which become Python's. Knows no layer.
import { failure } from "./arguments";
import {
  type Argument,
  type Config,
  type ConfigValue,
  type Failure,
  type LayerType,
  type Library,
  UNKNOWN,
} from "./catalog.types";
import { COMMON } from "./common";

/** What stands between the brackets. For TensorFlow.js `named` is the object that it is given, in its own camel case. */
export interface Given {
  readonly positional: readonly ConfigValue[];
  readonly named: Readonly<Record<string, ConfigValue>>;
  /** There is more that is not known: `*args`, `**kwargs`, `...options`. What is not given is then unknown, not the default. */
  readonly isPartial?: boolean;
}

export interface BindingProblem extends Failure {
  /** Its name as the source writes it; the number of a positional one. */
  readonly argument: string | number;
  /** The argument that was probably meant, as the source would write it. */
  readonly nearest?: string;
  /** Whether the library raises; TensorFlow.js passes over what it does not know. */
  readonly isError: boolean;
}

export interface Bound {
  readonly config: Config;
  /** Python's names of those that were given. */
  readonly given: ReadonlySet<string>;
  readonly problems: readonly BindingProblem[];
}

/** The arguments of a layer in a library: its own in their order, then the common ones that it does not list itself. */
export const argumentsOf = (layer: LayerType, library: Library): readonly Argument[] =>
  signatureOf(layer, library).taken;

interface Signature {
  readonly taken: readonly Argument[];
  readonly inOrder: readonly Argument[];
  readonly names: ReadonlySet<string>;
}

/** They are asked for at each call that makes a layer, and are always the same. */
const signatures = new WeakMap<LayerType, Map<Library, Signature>>();

function signatureOf(layer: LayerType, library: Library): Signature {
  const known = signatures.get(layer) ?? new Map<Library, Signature>();
  signatures.set(layer, known);
  let found = known.get(library);
  if (!found) {
    const taken = listed(layer, library);
    const inOrder = taken.filter(({ keywordOnly }) => !keywordOnly);
    found = { taken, inOrder, names: new Set(taken.map(({ name }) => name)) };
    known.set(library, found);
  }
  return found;
}

function listed(layer: LayerType, library: Library): readonly Argument[] {
  const own = layer.arguments.filter((argument) => has(argument, library));
  const names = new Set(own.map(({ name }) => name));
  const common = layer.lacksCommon?.includes(library) ? [] : COMMON;
  return [...own, ...common.filter((argument) => has(argument, library) && !names.has(argument.name))];
}

const has = ({ only }: Argument, library: Library) => !only || only.includes(library);

/** The default of an argument; undefined where it must be given. */
export function defaultOf({ default: value, defaultIn }: Argument, library: Library): ConfigValue | undefined {
  return defaultIn && library in defaultIn ? defaultIn[library] : value;
}

export function bind(layer: LayerType, library: Library, { positional, named, isPartial = false }: Given): Bound {
  const { taken, inOrder, names } = signatureOf(layer, library);
  const values = new Map<string, ConfigValue>();
  const problems: BindingProblem[] = [];
  const isPython = library !== "tfjs";

  positional.forEach((value, index) => {
    const argument = inOrder[index];
    if (argument) values.set(argument.name, value);
    else if (index === inOrder.length) problems.push(tooMany(layer, inOrder.length, positional.length));
  });
  for (const [written, value] of Object.entries(named)) {
    const name = isPython ? written : pythonName(written);
    if (library === "keras2" && isLayout(name)) continue;
    if (!names.has(name)) {
      problems.push(noSuch(layer, library, written, taken));
    } else if (values.has(name)) {
      const message = `${layer.name} is given \`${name}\` twice: by its place and by its name. Leave one of them out.`;
      problems.push({ ...failure("repeated-argument", message), argument: written, isError: true });
    } else {
      values.set(name, isPython ? value : pythonValue(name, value));
    }
  }

  const config: Record<string, ConfigValue> = {};
  for (const argument of taken) {
    const { name } = argument;
    const given = values.get(name);
    const fallback = defaultOf(argument, library);
    // null and undefined are "not given" to TensorFlow.js.
    if (given !== undefined && (isPython || given !== null || argument.takesNull)) config[name] = given;
    else if (isPartial || (fallback === undefined && given === null)) config[name] = UNKNOWN;
    else if (fallback !== undefined) config[name] = fallback;
    else {
      config[name] = UNKNOWN;
      const written = isPython ? name : scriptName(name);
      const message = `${layer.name} needs \`${written}\`. Give it.`;
      problems.push({ ...failure("missing-argument", message), argument: written, isError: true });
    }
  }
  return { config, given: new Set(values.keys()), problems };
}

/** Keras 2 takes layouts of DTensor out of the rest, one for each weight. */
const isLayout = (name: string): boolean => name.endsWith("_layout");

function tooMany(layer: LayerType, most: number, found: number): BindingProblem {
  const takes = most === 0 ? "no arguments" : most === 1 ? "one argument" : `at most ${most} arguments`;
  const message = `${layer.name} takes ${takes} by place, ${found} are given. Give the others by name.`;
  return { ...failure("too-many-arguments", message), argument: most, isError: true };
}

function noSuch(layer: LayerType, library: Library, written: string, taken: readonly Argument[]): BindingProblem {
  const isPython = library !== "tfjs";
  const legacy = LEGACY[written];
  const names = taken.map(({ name }) => (isPython ? name : scriptName(name)));
  const nearest = legacy && names.includes(legacy) ? legacy : nearestOf(written, names);
  const advice = nearest ? ` Did you mean \`${nearest}\`?` : "";
  const known = [...layer.arguments, ...COMMON].find(({ name }) => name === written);
  const about = { argument: written, isError: isPython, ...(nearest ? { nearest } : {}) };
  if (library === "keras3" && (known?.only?.includes("keras2") || isLayout(written))) {
    const instead = GONE[written] ?? nearest;
    const message = `Keras 3's ${layer.name} has no \`${written}\` any more.${instead ? ` Use ${instead} instead.` : " Leave it out."}`;
    return { ...failure("removed-argument", message), ...about };
  }
  const ignored = isPython ? "" : " TensorFlow.js passes over it.";
  return {
    ...failure("unknown-argument", `${layer.name} has no argument \`${written}\`.${ignored}${advice}`),
    ...about,
  };
}

/** What Keras 3 has instead of what has gone. */
const GONE: Readonly<Record<string, string>> = {
  batch_input_shape: "an `Input(batch_shape=…)` before the layer",
  batch_size: "an `Input(batch_size=…)` before the layer",
  weights: "`set_weights` on the built layer",
};

/** Names that Keras had before version 2. */
const LEGACY: Readonly<Record<string, string>> = {
  output_dim: "units",
  nb_filter: "filters",
  filter_length: "kernel_size",
  subsample: "strides",
  subsample_length: "strides",
  border_mode: "padding",
  dim_ordering: "data_format",
  init: "kernel_initializer",
  bias: "use_bias",
  p: "rate",
  pool_length: "pool_size",
  W_regularizer: "kernel_regularizer",
  b_regularizer: "bias_regularizer",
  W_constraint: "kernel_constraint",
  b_constraint: "bias_constraint",
  atrous_rate: "dilation_rate",
};

/** `kernelSize` → `kernel_size`, as Python names it. */
export const pythonName = (name: string): string =>
  name === "inputDType" ? "input_dtype" : name.replace(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);

/** `kernel_size` → `kernelSize`. */
export const scriptName = (name: string): string =>
  name === "input_dtype" ? "inputDType" : name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Texts that are the user's own, not words of the library. */
const OWN_WORDS = new Set(["name", "dtype", "input_dtype", "equation"]);

/** `channelsLast` → `channels_last`. */
export const pythonValue = (argument: string, value: ConfigValue): ConfigValue =>
  typeof value === "string" && !OWN_WORDS.has(argument) ? pythonName(value) : value;

/** The name that was probably meant: at most a third of its letters are other ones. */
export function nearestOf(written: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(written.length / 3));
  const ranked = names
    .map((name) => ({ name, edits: editsBetween(written.toLowerCase(), name.toLowerCase(), most) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.name;
}

/** Letters to change, add, remove or swap with their neighbour; more than `most` is any larger number. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
