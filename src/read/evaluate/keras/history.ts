// What `fit` gives: an object whose `history` has a list for each loss and metric. Known only where all of them are.

import { checkHistory } from "../checks/history";
import { isCertain, report } from "../found";
import { dictFrom, isOpen, keyOf, listItems } from "../lists";
import type { Run } from "../run";
import {
  type Arguments,
  COMPILED,
  type Compiled,
  type DictValue,
  HISTORY,
  isNothing,
  type LayerValue,
  type Place,
  SHARED,
  UNKNOWN,
  type Value,
} from "../value";
import { lastName } from "./names";

/** Callbacks that add nothing to it. */
const SILENT =
  /^keras\.callbacks\.(EarlyStopping|ModelCheckpoint|TensorBoard|CSVLogger|TerminateOnNaN|BackupAndRestore)$/;
/** Metrics whose name is that of their class, each time. */
const NAMED = /^(Binary|Categorical|SparseCategorical)Accuracy$|^(MeanAbsolute|MeanSquared|RootMeanSquared)Error$/;

export function historyOf(model: LayerValue, args: Arguments): Value {
  const keys = keysOf(model, args);
  if (!keys) return UNKNOWN;
  const history = dictFrom(keys.map((key) => [key, UNKNOWN] as const));
  history.slots.set(HISTORY, keys);
  return dictFrom([["history", history]], "object");
}

function keysOf(model: LayerValue, args: Arguments): string[] | null {
  const compiled = model.slots.get(COMPILED) as Compiled | "?" | undefined;
  if (!compiled || compiled === "?" || !compiled.isCertain || model.slots.has(SHARED)) return null;
  if (model.form !== "sequential" && model.form !== "functional") return null;
  if (model.instance || model.library === "tfjs" || args.open || args.positional.length > 5) return null;
  const given = (name: string) => {
    const value = args.named.get(name);
    return !value || isNothing(value) ? undefined : value;
  };
  if (given("validation_freq") || given("initial_epoch") || !areSilent(given("callbacks"))) return null;
  const metrics = metricKeys(model, compiled.args);
  const validation = [given("validation_data"), given("validation_split")];
  if (!metrics || validation.some((one) => one?.kind === "unknown")) return null;
  const split = validation[1];
  const isValidated =
    validation[0] !== undefined || (split !== undefined && !(split.kind === "number" && split.value === 0));
  const keys = ["loss", ...metrics];
  return isValidated ? [...keys, ...keys.map((key) => `val_${key}`)] : keys;
}

const areSilent = (value: Value | undefined): boolean =>
  !value ||
  (value.kind === "list" && (listItems(value)?.every((one) => one.kind === "made" && SILENT.test(one.path)) ?? false));

/** Null where they are not all known, or where outputs are told apart. */
function metricKeys({ library }: LayerValue, { positional, named, open }: Arguments): string[] | null {
  const loss = named.get("loss") ?? positional[1];
  const isOne = loss && (loss.kind === "string" || loss.kind === "made" || loss.kind === "library");
  if (open || !isOne || named.has("weighted_metrics") || positional.length > 4) return null;
  const metrics = named.get("metrics") ?? positional[library === "keras3" ? 3 : 2];
  if (!metrics || isNothing(metrics)) return [];
  const items = metrics.kind === "list" ? listItems(metrics) : null;
  const keys = items?.map((one): string | null => {
    if (one.kind === "string") return /^[a-z_]+$/.test(one.value) ? one.value : null;
    if (one.kind !== "made" || one.args.open || one.args.positional.length > 0) return null;
    const name = one.args.named.get("name");
    if (name) return name.kind === "string" ? name.value : null;
    const className = lastName(one.path);
    return NAMED.test(className) ? className.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase() : null;
  });
  return keys && !keys.includes(null) && new Set(keys).size === keys.length ? (keys as string[]) : null;
}

/** `history.history["acc"]`. */
export function lookedUp(run: Run, history: DictValue, index: Value, place: Place): void {
  const key = keyOf(index);
  if (typeof key !== "string" || isOpen(history) || history.slots.has(key) || !isCertain(run)) return;
  const keys = history.slots.get(HISTORY) as readonly string[];
  for (const one of checkHistory({ key, keys, place })) report(run, one);
  // Once is enough for each.
  run.journal.set(history, key, UNKNOWN);
}
