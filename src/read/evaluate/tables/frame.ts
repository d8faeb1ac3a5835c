// Data frames of pandas: their columns and rows through what scripts do with them before a training.
import type { AnyShape, Dim } from "../../../model/shape";
import { dictFrom, listItems, listOf } from "../lists";
import type { Run } from "../run";
import { data, Given } from "../tensors/given";
import { slicedDim } from "../tensors/shapes";
import {
  type Arguments,
  boolean,
  builtin,
  type FrameColumn,
  type FrameValue,
  ITEMS,
  isNothing,
  NONE,
  number,
  ROWS,
  Slots,
  string,
  type TensorValue,
  UNKNOWN,
  type Value,
} from "../value";

export const frameOf = (columns: readonly FrameColumn[] | null, rows: Dim): FrameValue => ({
  kind: "frame",
  view: null,
  slots: new Slots([
    [ITEMS, columns],
    [ROWS, rows],
  ]),
});

export const columnsOf = ({ slots }: FrameValue): readonly FrameColumn[] | null =>
  (slots.get(ITEMS) as readonly FrameColumn[] | null | undefined) ?? null;
export const rowsOf = ({ slots }: FrameValue): Dim => (slots.get(ROWS) as Dim | undefined) ?? "?";

/** All of it as one array. */
export function frameTensor(frame: FrameValue): TensorValue {
  const columns = columnsOf(frame);
  return data([rowsOf(frame), columns ? columns.length : "?"], commonDtype(columns));
}

function commonDtype(columns: readonly FrameColumn[] | null): string {
  const found = new Set(columns?.map(({ dtype }) => dtype));
  if (found.size === 1) return [...found][0]!;
  const isNumeric = found.size === 2 && found.has("int64") && found.has("float64");
  return isNumeric ? "float64" : "?";
}

const series = (frame: FrameValue, column: FrameColumn | undefined): TensorValue =>
  data([rowsOf(frame)], column?.dtype ?? "?");

const nameValue = (name: string | number): Value => (typeof name === "string" ? string(name) : number(name));

/** The same with other rows: a copy. */
export const withRows = (frame: FrameValue, rows: Dim = "?"): FrameValue => frameOf(columnsOf(frame), rows);

/** `dict(frame)`: a series a column; null where they are not all known. */
export function frameDict(frame: FrameValue): Value {
  const columns = columnsOf(frame);
  return columns ? dictFrom(columns.map((one) => [one.name, series(frame, one)] as const)) : UNKNOWN;
}

export const frameItems = (frame: FrameValue): readonly Value[] | null =>
  columnsOf(frame)?.map(({ name }) => nameValue(name)) ?? null;

/** Methods that keep the columns, whatever rows they leave. */
const KEEPS = new Set(
  "head tail sample dropna sort_values sort_index drop_duplicates query nlargest nsmallest truncate filter_rows".split(
    " ",
  ),
);
/** Methods that keep columns and rows; their types may change. */
const CHANGES = new Set(
  "fillna clip round abs interpolate ffill bfill replace apply map applymap rank shift".split(" "),
);
const FIGURES = new Set("mean std min max median var sum".split(" "));

export function frameAttribute(run: Run, frame: FrameValue, name: string): Value | null {
  const columns = columnsOf(frame);
  switch (name) {
    case "values":
      return frameTensor(frame);
    case "to_numpy":
      return builtin(name, () => frameTensor(frame));
    case "shape":
      return listOf("tuple", [sizeValue(rowsOf(frame)), columns ? number(columns.length) : UNKNOWN]);
    case "columns":
      return listOf("list", frameItems(frame));
    case "keys":
      return builtin(name, () => listOf("list", frameItems(frame)));
    case "items":
    case "iteritems":
      return builtin(name, () =>
        listOf("list", columns?.map((one) => listOf("tuple", [nameValue(one.name), series(frame, one)])) ?? null),
      );
    case "iloc":
    case "loc":
      return { ...frame, view: name };
    case "copy":
      return builtin(name, () => withRows(frame, rowsOf(frame)));
    case "pop":
      return builtin(name, ({ positional: [key] }) => {
        const [popped] = taken(run, frame, key ? [key] : []);
        return series(frame, popped);
      });
    case "drop":
      return builtin(name, (args) => dropped(run, frame, args));
    case "astype":
      return builtin(name, ({ positional: [to] }) => {
        const dtype =
          to?.kind === "string" ? to.value : to?.kind === "library" ? to.path.replace(/^(np|tf)\./, "") : "?";
        return frameOf(columns?.map((one) => ({ ...one, dtype })) ?? null, rowsOf(frame));
      });
    case "reset_index":
      return builtin(name, ({ named }) => {
        const drop = named.get("drop");
        return inPlace(
          run,
          frame,
          named,
          frameOf(drop?.kind === "boolean" && drop.value ? columns : null, rowsOf(frame)),
        );
      });
    case "to_dict":
      return builtin(name, () => frameDict(frame));
    default:
      if (KEEPS.has(name))
        return builtin(name, ({ named }) => {
          // Missing values may take columns with them.
          const axis = named.get("axis");
          const keeps = !axis || (axis.kind === "number" && axis.value === 0);
          return inPlace(run, frame, named, frameOf(keeps ? columns : null, "?"));
        });
      if (CHANGES.has(name))
        return builtin(name, ({ named }) =>
          inPlace(run, frame, named, frameOf(columns?.map((one) => ({ ...one, dtype: "?" })) ?? null, rowsOf(frame))),
        );
      if (FIGURES.has(name)) return builtin(name, () => data([columns ? columns.length : "?"], "float64"));
      // A column is an attribute as well.
      return columns?.some((one) => one.name === name)
        ? series(
            frame,
            columns.find((one) => one.name === name),
          )
        : null;
  }
}

const sizeValue = (dim: Dim): Value => (typeof dim === "number" ? number(dim) : UNKNOWN);

/** `inplace=True` changes the frame and gives None; where it is not known which, nothing is known of either. */
function inPlace(run: Run, frame: FrameValue, named: ReadonlyMap<string, Value>, made: FrameValue): Value {
  const flag = named.get("inplace");
  if (!flag || (flag.kind === "boolean" && !flag.value)) return made;
  const isSure = flag.kind === "boolean";
  run.journal.set(frame, ITEMS, isSure ? columnsOf(made) : null);
  run.journal.set(frame, ROWS, isSure ? rowsOf(made) : "?");
  return isSure ? NONE : UNKNOWN;
}

/** Takes columns out of a frame; what they were. */
function taken(run: Run, frame: FrameValue, keys: readonly Value[]): readonly FrameColumn[] {
  const columns = columnsOf(frame);
  const names = keys.map((key) => (key.kind === "string" || key.kind === "number" ? key.value : null));
  const out = columns?.filter(({ name }) => names.includes(name)) ?? [];
  const isKnown = columns && !names.includes(null) && out.length === new Set(names).size;
  run.journal.set(frame, ITEMS, isKnown ? columns.filter((one) => !out.includes(one)) : null);
  return isKnown ? out : [];
}

/** `del frame["x"]`. */
export const deleteColumn = (run: Run, frame: FrameValue, key: Value): void => void taken(run, frame, [key]);

/** `frame["x"] = …`. */
export function setColumn(run: Run, frame: FrameValue, key: Value): void {
  const columns = columnsOf(frame);
  const name = key.kind === "string" || key.kind === "number" ? key.value : null;
  if (frame.view) return;
  if (!columns || name === null) run.journal.set(frame, ITEMS, null);
  else if (columns.some((one) => one.name === name))
    run.journal.set(
      frame,
      ITEMS,
      columns.map((one) => (one.name === name ? { ...one, dtype: "?" } : one)),
    );
  else run.journal.set(frame, ITEMS, [...columns, { name, dtype: "?" }]);
}

function dropped(run: Run, frame: FrameValue, args: Arguments): Value {
  const given = new Given(run, args, ["labels", "axis"]);
  const axis = given.get("axis");
  const byAxis =
    axis && ((axis.kind === "number" && axis.value === 1) || (axis.kind === "string" && axis.value === "columns"));
  const which = given.get("columns") ?? (byAxis ? given.get("labels") : undefined);
  const isRows = !which && (!axis || (axis.kind === "number" && axis.value === 0));
  if (isRows) return inPlace(run, frame, args.named, withRows(frame));
  const keys = which && (which.kind === "string" || which.kind === "number" ? [which] : run.language.items(run, which));
  const rest = withRows(frame, rowsOf(frame));
  taken(run, rest, keys ?? [UNKNOWN]);
  return inPlace(run, frame, args.named, rest);
}

/** `frame["x"]`, `frame[["x", "y"]]`, `frame[mask]`; of a view also rows and columns by place or name. */
export function indexFrame(run: Run, frame: FrameValue, index: Value): Value {
  const columns = columnsOf(frame);
  if (frame.view) return indexView(run, frame, index);
  if (index.kind === "string" || index.kind === "number") {
    const found = columns?.find(({ name }) => name === index.value);
    // Without knowing the columns: one name is one column, or there would be several of that name.
    return columns && !found ? UNKNOWN : series(frame, found);
  }
  if (index.kind === "list") return selected(run, frame, index) ?? frameOf(null, rowsOf(frame));
  if (index.kind === "slice" || index.kind === "tensor") return withRows(frame);
  return UNKNOWN;
}

function selected(run: Run, frame: FrameValue, index: Value): FrameValue | null {
  const keys = run.language.items(run, index);
  const columns = columnsOf(frame);
  if (!keys?.every((one) => one.kind === "string" || one.kind === "number")) return null;
  const picked = keys.map(({ value }: { value?: unknown }) => ({
    name: value as string | number,
    dtype: columns?.find(({ name }) => name === value)?.dtype ?? "?",
  }));
  return frameOf(picked, rowsOf(frame));
}

function indexView(run: Run, frame: FrameValue, index: Value): Value {
  const parts = index.kind === "list" && index.type === "tuple" ? listItems(index) : [index];
  if (!parts || parts.length > 2) return UNKNOWN;
  const [rows, which] = parts as [Value, Value | undefined];
  const columns = columnsOf(frame);
  const rowCount = rowsLeft(frame, rows);
  if (!which) return rowCount === null ? data([columns?.length ?? "?"], "?") : frameOf(columns, rowCount);
  const left = columnsLeft(run, frame, which);
  if (left === "?") return UNKNOWN;
  if (Array.isArray(left) || left === null) {
    const all = left as readonly FrameColumn[] | null;
    return rowCount === null ? data([all?.length ?? "?"], "?") : frameOf(all, rowCount);
  }
  return rowCount === null ? UNKNOWN : data([rowCount], (left as FrameColumn).dtype);
}

/** How many rows a view takes; null: one alone. */
function rowsLeft(frame: FrameValue, rows: Value): Dim | null {
  if (frame.view === "iloc" && rows.kind === "number") return null;
  if (rows.kind !== "slice") return "?";
  const isWhole = isNothing(rows.from) && isNothing(rows.to) && isNothing(rows.step);
  if (isWhole) return rowsOf(frame);
  return frame.view === "iloc" ? slicedDim(rowsOf(frame), bound(rows.from), bound(rows.to), bound(rows.step)) : "?";
}

const bound = (value: Value): number | null | "?" =>
  isNothing(value) ? null : value.kind === "number" ? value.value : "?";

/** One column, several, null where which of several is not known; "?" where not even that is. */
function columnsLeft(run: Run, frame: FrameValue, which: Value): FrameColumn | readonly FrameColumn[] | null | "?" {
  const columns = columnsOf(frame);
  const isByPlace = frame.view === "iloc";
  if (which.kind === "slice") {
    if (!isNothing(which.step)) return null;
    if (isNothing(which.from) && isNothing(which.to)) return columns;
    if (!columns) return null;
    if (!isByPlace) {
      const at = (value: Value, otherwise: number) =>
        isNothing(value) ? otherwise : columns.findIndex(({ name }) => name === (value as { value?: unknown }).value);
      const [from, to] = [at(which.from, 0), at(which.to, columns.length - 1)];
      return from < 0 || to < 0 ? null : columns.slice(from, to + 1);
    }
    const [from, to] = [bound(which.from), bound(which.to)];
    return from === "?" || to === "?" ? null : columns.slice(from ?? 0, to ?? columns.length);
  }
  if (which.kind === "number" || which.kind === "string") {
    const found = isByPlace ? columns?.at(Number(which.value)) : columns?.find(({ name }) => name === which.value);
    return found ?? (columns ? "?" : { name: which.value, dtype: "?" });
  }
  if (which.kind !== "list") return "?";
  if (!isByPlace) {
    const picked = selected(run, frame, which);
    return picked ? columnsOf(picked) : null;
  }
  const places = listItems(which)?.map((one) => (one.kind === "number" ? one.value : null));
  if (!columns || !places || places.includes(null)) return null;
  const picked = places.map((at) => columns.at(at as number));
  return picked.includes(undefined) ? null : (picked as readonly FrameColumn[]);
}

/** A frame with a number, or with figures of its own columns: the same columns. */
export function operateFrame(operator: string, left: Value, right: Value): Value {
  const frame = left.kind === "frame" ? left : (right as FrameValue);
  const other = left.kind === "frame" ? right : left;
  if (/^(is|is not|in|not in)$/.test(operator)) {
    const columns = columnsOf(frame);
    const isKnown = right.kind === "frame" && columns && left.kind === "string";
    if (!isKnown || operator.startsWith("is")) return UNKNOWN;
    const has = columns.some(({ name }) => name === left.value);
    return boolean(operator === "in" ? has : !has);
  }
  const columns = columnsOf(frame);
  const isComparison = /^[<>=!]=?$|^==$/.test(operator);
  const dtype = isComparison ? "bool" : "?";
  const kept = frameOf(columns?.map((one) => ({ ...one, dtype })) ?? null, rowsOf(frame));
  if (other.kind === "number") return kept;
  const shape: AnyShape = other.kind === "tensor" ? other.type.shape : "?";
  if (shape !== "?" && shape.length === 1 && columns && shape[0] === columns.length) return kept;
  const names = (one: FrameValue) => JSON.stringify(columnsOf(one)?.map(({ name }) => name) ?? null);
  if (other.kind === "frame" && columns && names(other) === names(frame)) return kept;
  return frameOf(null, "?");
}
