// Feature columns: what each is as an input of a dense or a linear model. Knows no Estimator.
import { type Dim, plus, times } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { listItems, listOf } from "../lists";
import type { Run } from "../run";
import { textAt } from "../tables/read";
import { Given } from "../tensors/given";
import { type Arguments, type ColumnValue, isNothing, UNKNOWN, type Value } from "../value";

const NAMES: Readonly<Record<string, string>> = {
  numeric_column: "key shape default_value dtype normalizer_fn",
  bucketized_column: "source_column boundaries",
  categorical_column_with_hash_bucket: "key hash_bucket_size dtype",
  categorical_column_with_identity: "key num_buckets default_value",
  categorical_column_with_vocabulary_list: "key vocabulary_list dtype default_value num_oov_buckets",
  categorical_column_with_vocabulary_file: "key vocabulary_file vocabulary_size dtype default_value num_oov_buckets",
  crossed_column: "keys hash_bucket_size hash_key",
  weighted_categorical_column: "categorical_column weight_feature_key dtype",
  indicator_column: "categorical_column",
  embedding_column: "categorical_column dimension combiner",
  shared_embeddings: "categorical_columns dimension combiner",
  shared_embedding_columns: "categorical_columns dimension combiner",
  sequence_numeric_column: "key shape default_value dtype normalizer_fn",
};

/** What a function of tf.feature_column gives; null: it is none that makes a column. */
export function makeColumn(run: Run, path: string, args: Arguments): Value | null {
  const written = /^tf\.feature_column\.(\w+)$/.exec(path)?.[1];
  if (written === undefined) return null;
  // Of a sequence each step has what the plain column has.
  const name = written.replace(/^sequence_(?=categorical)/, "");
  const names = NAMES[name];
  if (names === undefined) return null;
  const given = new Given(run, args, names.split(" "));
  const size = (argument: string): Dim => sizeOf(given.get(argument));
  const inner = columnOf(given.get("categorical_column") ?? given.get("source_column"));
  const key = given.get("key");
  const named = key?.kind === "string" ? key.value : null;
  switch (name) {
    case "numeric_column":
    case "sequence_numeric_column": {
      const shape = given.get("shape");
      const width = shape ? widthOf(run, shape) : 1;
      return column({ name: named, dense: width });
    }
    case "bucketized_column": {
      const boundaries = given.get("boundaries");
      const items = boundaries && run.language.items(run, boundaries);
      const buckets = times(items ? items.length + 1 : "?", inner?.dense ?? "?");
      return column({ name: suffixed(inner, "_bucketized"), dense: buckets, categories: buckets });
    }
    case "categorical_column_with_hash_bucket":
      return column({ name: named, categories: size("hash_bucket_size") });
    case "crossed_column":
      return column({ name: null, categories: size("hash_bucket_size") });
    case "categorical_column_with_identity":
      return column({ name: named, categories: size("num_buckets") });
    case "categorical_column_with_vocabulary_list": {
      const words = given.get("vocabulary_list");
      const items = words && run.language.items(run, words);
      return column({ name: named, categories: plus(items ? items.length : "?", outside(given)) });
    }
    case "categorical_column_with_vocabulary_file": {
      const own = given.get("vocabulary_size");
      // Without it, the lines of the file are counted.
      const words = own && !isNothing(own) ? sizeOf(own) : linesIn(textAt(run, given.get("vocabulary_file")));
      return column({ name: named, categories: plus(words, outside(given)) });
    }
    case "weighted_categorical_column":
      return column({ name: null, categories: inner?.categories ?? "?" });
    case "indicator_column":
      return column({ name: suffixed(inner, "_indicator"), dense: inner?.categories ?? "?" });
    case "embedding_column":
      return embedded(inner, size("dimension"));
    default:
      return shared(run, given.get("categorical_columns"), size("dimension"));
  }
}

const column = (facts: Partial<Omit<ColumnValue, "kind">>): ColumnValue => ({
  kind: "column",
  name: null,
  dense: null,
  categories: null,
  table: null,
  ...facts,
});

const columnOf = (value: Value | undefined): ColumnValue | null =>
  value?.kind === "column"
    ? value
    : // A numeric column may be named by its key alone.
      null;

const suffixed = (inner: ColumnValue | null, suffix: string): string | null =>
  inner?.name ? `${inner.name}${suffix}` : null;

const embedded = (inner: ColumnValue | null, dimension: Dim): ColumnValue =>
  column({
    name: suffixed(inner, "_embedding"),
    dense: dimension,
    table: { shape: [inner?.categories ?? "?", dimension], shared: null },
  });

/** Columns that look up in one table. */
function shared(run: Run, columns: Value | undefined, dimension: Dim): Value {
  const items = columns && run.language.items(run, columns);
  if (!items) return UNKNOWN;
  const key = {};
  const made = items.map((one) => embedded(columnOf(one), dimension));
  return listOf(
    "list",
    made.map((one) => ({ ...one, table: one.table && { ...one.table, shared: key } })),
  );
}

const sizeOf = (value: Value | undefined): Dim => {
  const dim = value ? dimOf(value) : "?";
  return typeof dim === "number" ? dim : "?";
};

function linesIn(text: string | null): Dim {
  if (text === null) return "?";
  const breaks = text.split("\n").length - 1;
  return text === "" || text.endsWith("\n") ? breaks : breaks + 1;
}

const outside = (given: Given): Dim => {
  const value = given.get("num_oov_buckets");
  return !value || isNothing(value) ? 0 : sizeOf(value);
};

function widthOf(run: Run, value: Value): Dim {
  if (value.kind === "number") return value.value;
  const shape = shapeOf(run, value);
  return shape === "?" || shape.includes(null) ? "?" : times(1, ...shape);
}

/** The columns in a list; null where they are not all known. One alone is a list of it. */
export function columnsIn(run: Run, value: Value | undefined): readonly ColumnValue[] | null {
  if (!value || isNothing(value)) return [];
  if (value.kind === "column") return [value];
  const items = value.kind === "list" ? listItems(value) : run.language.items(run, value);
  return items?.every((one) => one.kind === "column") ? (items as readonly ColumnValue[]) : null;
}
