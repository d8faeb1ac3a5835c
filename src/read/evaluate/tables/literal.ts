// Data frames that a program makes of what it has: `pd.DataFrame({"age": [1, 2]})`, `pd.DataFrame(array, columns=[…])`.
import type { Dim } from "../../../model/shape";
import { itemsOf } from "../lists";
import type { Run } from "../run";
import { asTensor, Given } from "../tensors/given";
import { type Arguments, type FrameColumn, type FrameValue, isNothing, type TensorValue, type Value } from "../value";
import { columnsOf, frameOf, rowsOf } from "./frame";

export function makeFrame(run: Run, args: Arguments): FrameValue {
  const nothing = frameOf(null, "?");
  const given = new Given(run, args, ["data", "index", "columns", "dtype"]);
  if (args.open || has(given, "dtype")) return nothing;
  const content = given.get("data");
  if (!content || isNothing(content)) return nothing;
  if (content.kind === "dict") {
    const entries = itemsOf(content);
    if (!entries || has(given, "columns")) return nothing;
    const columns = entries.map(([name, value]) => ({ name, ...columnIn(run, value) }));
    const [first, ...others] = columns.map(({ rows }) => rows);
    const isEven = !has(given, "index") && others.every((one) => one === first);
    return frameOf(
      columns.map(({ name, dtype }): FrameColumn => ({ name, dtype })),
      isEven ? (first ?? "?") : "?",
    );
  }
  const names = has(given, "columns") ? namesIn(run, given.get("columns")!) : null;
  if (content.kind === "frame") {
    const columns = names ? columnsOf(content)?.filter(({ name }) => names.includes(name)) : columnsOf(content);
    const isSame = !names && !content.view && !has(given, "index");
    return isSame && columns ? frameOf(columns, rowsOf(content)) : nothing;
  }
  if (!names) return nothing;
  const tensor = content.kind === "tensor" ? content : null;
  const isTable = tensor && tensor.type.shape !== "?" && tensor.type.shape.length === 2;
  const dtype = isTable ? dtypeOfArray(tensor) : "?";
  const rows: Dim = isTable && !has(given, "index") ? (tensor.type.shape[0] as Dim) : "?";
  return frameOf(
    names.map((name) => ({ name, dtype })),
    rows ?? "?",
  );
}

function has(given: Given, name: string): boolean {
  const value = given.get(name);
  return value !== undefined && !isNothing(value);
}

function namesIn(run: Run, value: Value): readonly (string | number)[] | null {
  const items = run.language.items(run, value);
  const names = items?.map((one) => (one.kind === "string" || one.kind === "number" ? one.value : null));
  return names && !names.includes(null) ? (names as (string | number)[]) : null;
}

/** What a column is made of: a list, or an array of one dimension. */
function columnIn(run: Run, value: Value): { readonly dtype: string; readonly rows: Dim } {
  if (value.kind === "list") {
    const items = run.language.items(run, value);
    return { dtype: items ? dtypeOfItems(items) : "?", rows: items?.length ?? "?" };
  }
  const tensor = value.kind === "tensor" ? asTensor(run, value) : null;
  if (!tensor || tensor.type.shape === "?" || tensor.type.shape.length !== 1) return { dtype: "?", rows: "?" };
  return { dtype: dtypeOfArray(tensor), rows: tensor.type.shape[0] ?? "?" };
}

/** Whether an array holds 32 or 64 bits is not followed everywhere. */
const dtypeOfArray = ({ type: { dtype } }: TensorValue): string => (dtype.startsWith("float") ? "?" : dtype);

function dtypeOfItems(items: readonly Value[]): string {
  if (items.length === 0) return "?";
  if (items.every(({ kind }) => kind === "boolean")) return "bool";
  const isWhole = (one: Value) => one.kind === "number" && !one.isFloat && Math.abs(one.value) < 2 ** 53;
  if (items.every(isWhole)) return "int64";
  return items.every((one) => one.kind === "number") ? "float64" : "?";
}
