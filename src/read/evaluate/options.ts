// The options of a script's own command line, as argparse and absl give them to a script that is started without any. Knows neither
// language nor what the options are for.
import { dictFrom, entryOf, isOpen, knownEntries, listItems, listOf } from "./lists";
import type { Run } from "./run";
import {
  type Arguments,
  boolean,
  builtin,
  type DictValue,
  FALSE,
  isNothing,
  NONE,
  number,
  OPEN,
  string,
  TRUE,
  UNKNOWN,
  type Value,
} from "./value";

/** What a call of this path gives; null: it has nothing to do with options. */
export function optionsCall(run: Run, path: string, args: Arguments): Value | null {
  if (path === "argparse.ArgumentParser") return parser(run);
  const defined = /^(?:absl\.flags|tf\.(?:app\.)?flags)\.(?:DEFINE_(\w+)|mark_flag_as_required)$/.exec(path);
  if (!defined) return null;
  const [name, value] = args.positional;
  const isKnown = defined[1] !== undefined && name?.kind === "string" && value && !isNothing(value);
  if (name?.kind === "string") run.journal.set(flagsOf(run), name.value, isKnown ? value : UNKNOWN);
  return UNKNOWN;
}

/** `flags.FLAGS`: every flag that was defined, by name. */
export function flagsOf(run: Run): DictValue {
  const known = run.builtins.get("absl.flags.FLAGS");
  if (known?.kind === "dict") return known;
  const made = namespace([]);
  run.builtins.set("absl.flags.FLAGS", made);
  return made;
}

/** Others than these may be there. */
export function namespace(entries: Iterable<readonly [string | number, Value]>): DictValue {
  const made = dictFrom(entries, "object");
  made.slots.set(OPEN, true);
  return made;
}

function parser(run: Run): DictValue {
  const options = namespace([]);
  const add = builtin("add_argument", (args) => added(run, options, args));
  const parsed = (isAll: boolean) =>
    builtin("parse_args", ({ positional: [given], open }) => {
      const items = given?.kind === "list" ? listItems(given) : null;
      const values = open || (items && items.length > 0) ? UNKNOWN : namespace(knownEntries(options));
      return isAll ? values : listOf(run.language.name === "python" ? "tuple" : "array", [values, UNKNOWN]);
    });
  const group = builtin("add_argument_group", () => made);
  const made: DictValue = namespace([
    ...["add_argument", "addArgument"].map((name) => [name, add] as const),
    ...["parse_args", "parseArgs"].map((name) => [name, parsed(true)] as const),
    ...["parse_known_args", "parseKnownArgs"].map((name) => [name, parsed(false)] as const),
    ...["add_argument_group", "add_mutually_exclusive_group", "addArgumentGroup", "addMutuallyExclusiveGroup"].map(
      (name) => [name, group] as const,
    ),
    [
      "set_defaults",
      builtin("set_defaults", ({ named }) => {
        for (const [name, value] of named) run.journal.set(options, name, value);
        return NONE;
      }),
    ],
  ]);
  return made;
}

/** `add_argument("-e", "--epochs", type=int, default=10)`, `addArgument(["-e", "--epochs"], {type: "int", defaultValue: 10})`. */
function added(run: Run, options: DictValue, { positional, named }: Arguments): Value {
  const last = positional.at(-1);
  const given = last?.kind === "dict" ? last : null;
  const get = (...names: string[]): Value | undefined => {
    for (const name of names) {
      const value = named.get(name) ?? (given ? entryOf(given, name) : undefined);
      if (value) return value;
    }
    return undefined;
  };
  const flags = (given ? positional.slice(0, -1) : positional).flatMap((one) =>
    one.kind === "list" ? (listItems(one) ?? []) : [one],
  );
  const names = flags.flatMap((one) => (one.kind === "string" ? [one.value] : []));
  const own = get("dest");
  const name = own?.kind === "string" ? own.value : destination(names);
  if (name === null || names.length < flags.length) return UNKNOWN;
  const isUnclear = (given !== null && isOpen(given)) || own?.kind === "unknown";
  run.journal.set(options, name, isUnclear ? UNKNOWN : defaultOf(get));
  return UNKNOWN;
}

/** The first long name, else the first: `--batch-size` is `batch_size`. */
function destination(names: readonly string[]): string | null {
  const chosen = names.find((name) => name.startsWith("--")) ?? names[0];
  return chosen === undefined ? null : chosen.startsWith("-") ? chosen.replace(/^-+/, "").replaceAll("-", "_") : chosen;
}

/** An option that has no default is given by who starts the script. */
function defaultOf(get: (...names: string[]) => Value | undefined): Value {
  const value = get("default", "defaultValue");
  const type = get("type");
  if (value && !isNothing(value)) return converted(value, type);
  const action = get("action");
  const words = action?.kind === "string" ? action.value.toLowerCase().replaceAll("_", "") : "";
  return words === "storetrue" ? FALSE : words === "storefalse" ? TRUE : UNKNOWN;
}

/** Texts go through `type`, as if they were given on the command line. */
function converted(value: Value, type: Value | undefined): Value {
  if (value.kind !== "string" || !type) return value;
  const name = type.kind === "builtin" ? type.name : type.kind === "string" ? type.value : null;
  switch (name) {
    case "int":
    case "float": {
      const read = value.value.trim() === "" ? Number.NaN : Number(value.value);
      return Number.isNaN(read) ? UNKNOWN : number(read, name === "float");
    }
    case "str":
    case "string":
      return string(value.value);
    case "bool":
      return boolean(value.value !== "");
    default:
      return UNKNOWN;
  }
}
