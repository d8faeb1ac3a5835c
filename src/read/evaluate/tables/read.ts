// Files of numbers that a program reads: pd.read_csv, np.loadtxt, np.genfromtxt. The text comes from the workspace; nothing is opened here.
import type { Dim } from "../../../model/shape";
import type { Run, Workspace } from "../run";
import { data, Given } from "../tensors/given";
import { type Arguments, type FrameColumn, isNothing, UNKNOWN, type Value } from "../value";
import { dtypeOfCells, type Table, tableOf } from "./csv";
import { frameOf } from "./frame";

const READ_CSV = "filepath_or_buffer sep delimiter header names index_col usecols dtype".split(" ");

/** Arguments that change no column and no row. */
const HARMLESS =
  /^(filepath_or_buffer|sep|delimiter|header|names|index_col|usecols|skiprows|dtype|na_values|engine|encoding|low_memory|keep_default_na|thousands|decimal|skipinitialspace|na_filter|verbose|true_values|false_values|memory_map|float_precision|compression|quotechar|delim_whitespace|parse_dates|infer_datetime_format|dayfirst|cache_dates)$/;

export function readCsv(run: Run, args: Arguments): Value {
  const given = new Given(run, args, READ_CSV);
  if (args.open || args.positional.length > READ_CSV.length) return UNKNOWN;
  if ([...args.named.keys()].some((name) => /^(chunksize|iterator)$/.test(name))) return UNKNOWN;
  const isClear = [...args.named.keys()].every((name) => HARMLESS.test(name));
  const has = (name: string) => {
    const value = given.get(name);
    return value !== undefined && !isNothing(value);
  };
  const names = has("names") ? textsOf(run, given.get("names")!) : null;
  const table = isClear ? csvTable(run, given, names !== null) : null;
  // Names alone tell the columns, wherever the file is.
  const known = has("names") ? names : table && namesIn(table);
  if (!known) return frameOf(null, "?");
  // pandas takes columns of the file that have no name for its index.
  const from = table ? Math.max(0, (table.rows[0]?.length ?? known.length) - known.length) : 0;
  const columns = known.map((name, at): FrameColumn => ({ name, dtype: dtypeIn(given, table, at + from) }));
  const picked = chosen(run, columns, given);
  if (!picked) return frameOf(null, "?");
  return frameOf(picked, table?.isWhole ? table.rows.length : "?");
}

interface Body {
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
  readonly isWhole: boolean;
}

/** null: it is not there, or how it is read is not known. */
function csvTable(run: Run, given: Given, hasNames: boolean): Body | null {
  const separator = given.get("sep", "delimiter");
  const header = given.get("header");
  const skip = given.get("skiprows");
  const isSpaced = given.flag("delim_whitespace") !== false && given.get("delim_whitespace") !== undefined;
  if (isSpaced || (separator && (separator.kind !== "string" || separator.value.length !== 1))) return null;
  if (skip && !isNothing(skip) && skip.kind !== "number") return null;
  const isInferred = !header || (header.kind === "string" && header.value === "infer");
  if (!isInferred && !isNothing(header!) && !(header!.kind === "number" && header!.value === 0)) return null;
  const text = textAt(run, given.get("filepath_or_buffer"));
  const found =
    text === null
      ? null
      : tableOf(text, separator?.kind === "string" ? separator.value : ",", skip?.kind === "number" ? skip.value : 0);
  if (!found) return null;
  const hasHeader = isInferred ? !hasNames : !isNothing(header!);
  return bodyOf(found, hasHeader);
}

const bodyOf = ({ first, rows, isWhole }: Table, hasHeader: boolean): Body =>
  hasHeader ? { header: first, rows, isWhole } : { header: null, rows: [first, ...rows], isWhole };

/** Names that are there twice get a number; without a header they are numbers. */
function namesIn({ header, rows }: Body): readonly (string | number)[] | null {
  if (!header) return (rows[0] ?? []).map((_, at) => at);
  if (new Set(header).size !== header.length) return null;
  // One cell more in each row than names: the first of them is the index.
  if ((rows[0]?.length ?? header.length) > header.length + 1) return null;
  return header.map((name, at) => (name === "" ? `Unnamed: ${at}` : name));
}

const MOST_LOOKED_AT = 2_000;

function dtypeIn(given: Given, table: Body | null, at: number): string {
  const told = given.get("dtype");
  if (told && !isNothing(told)) {
    if (told.kind !== "string" && told.kind !== "library" && told.kind !== "builtin") return "?";
    return told.kind === "string" ? told.value : told.kind === "library" ? told.path.replace(/^np\./, "") : "?";
  }
  // Others say which cells are missing, or are no numbers.
  const isPlain = ["na_values", "thousands", "decimal", "parse_dates", "true_values"].every((one) => !given.get(one));
  if (!table || !isPlain || !table.isWhole || table.rows.length > MOST_LOOKED_AT) return "?";
  return dtypeOfCells(table.rows.map((row) => row[at] ?? ""));
}

/** What `usecols` and `index_col` leave; null: that is not known. */
function chosen(run: Run, columns: readonly FrameColumn[], given: Given): readonly FrameColumn[] | null {
  let left = columns;
  const use = given.get("usecols");
  if (use && !isNothing(use)) {
    const picked = run.language.items(run, use);
    if (!picked) return null;
    const keys = picked.map((one) => (one.kind === "string" || one.kind === "number" ? one.value : null));
    if (keys.includes(null)) return null;
    const isNamed = keys.every((key) => columns.some(({ name }) => name === key));
    left = columns.filter(({ name }, at) => (isNamed ? keys.includes(name) : keys.includes(at)));
    if (left.length !== new Set(keys).size) return null;
  }
  const index = given.get("index_col");
  if (!index || isNothing(index) || (index.kind === "boolean" && !index.value)) return left;
  const at =
    index.kind === "number"
      ? index.value
      : index.kind === "string"
        ? left.findIndex(({ name }) => name === index.value)
        : -1;
  return at >= 0 && at < left.length ? left.filter((_, one) => one !== at) : null;
}

function textsOf(run: Run, value: Value): readonly (string | number)[] | null {
  const items = run.language.items(run, value);
  return items?.every((one) => one.kind === "string" || one.kind === "number")
    ? items.map((one) => (one as { value: string | number }).value)
    : null;
}

const MOST_ABOVE = 4;

/** The text of a file that a value names. */
export const textAt = ({ workspace }: Run, path: Value | undefined): string | null =>
  workspace && path?.kind === "string" ? fileText(workspace, path.value) : null;

/** The names in the first line of a file; null: it is not there. */
export function headerOf(workspace: Workspace, path: string): readonly string[] | null {
  const text = fileText(workspace, path);
  return (text === null ? null : tableOf(text, ","))?.first ?? null;
}

/** The text of a file: beside the program or in a folder above it, which the program may have been started in. */
function fileText(workspace: Workspace, path: string): string | null {
  if (/^\w+:\/\//.test(path)) return null;
  if (path.startsWith("/")) return workspace.read(path) ?? null;
  const found = new Set<string>();
  let folder = workspace.path;
  for (let step = 0; step <= MOST_ABOVE && folder.includes("/"); step++) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
    const text = workspace.read(joined(folder, path));
    if (text !== undefined) found.add(text);
  }
  // Of two of that name nobody knows which is meant.
  return found.size === 1 ? [...found][0]! : null;
}

function joined(folder: string, path: string): string {
  const parts = folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** np.loadtxt and np.genfromtxt: numbers alone, every row of the same length. */
export function loadText(run: Run, name: string, args: Arguments): Value {
  const known = /^(fname|dtype|delimiter|skiprows|skip_header|usecols|encoding|comments)$/;
  if (args.open || args.positional.length > 1 || [...args.named.keys()].some((one) => !known.test(one))) return UNKNOWN;
  const given = new Given(run, args, ["fname"]);
  const [separator, skip] = [given.get("delimiter"), given.whole(0, name === "loadtxt" ? "skiprows" : "skip_header")];
  const dtype = given.get("dtype");
  if (dtype && !(dtype.kind === "library" && /^np\.(float|int)\d+$/.test(dtype.path))) return UNKNOWN;
  const used = given.get("usecols");
  const picked = used && !isNothing(used) ? (run.language.items(run, used)?.length ?? null) : undefined;
  if (picked === null || typeof skip !== "number" || separator?.kind !== "string" || separator.value.length !== 1)
    return UNKNOWN;
  const text = textAt(run, given.get("fname"));
  const table = text === null ? null : tableOf(text, separator.value, skip);
  if (!table || table.rows.length < 1 || table.first.some((cell) => cell.includes("#"))) return UNKNOWN;
  const columns = picked ?? table.first.length;
  if (columns < 2 || table.rows.some((row) => row.length !== table.first.length || row[0]!.startsWith("#")))
    return UNKNOWN;
  const rows: Dim = table.isWhole ? table.rows.length + 1 : "?";
  return data([rows, columns], dtype?.kind === "library" ? dtype.path.slice("np.".length) : "float64");
}
