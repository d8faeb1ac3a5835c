// The functions and imports that a converted Python file needs, as source text, and where they go.
import type { TextEdit } from "../../model/span";
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import type { Helper } from "./data";
import { aliasOf, topImports } from "./lookup";
import type { PythonStyle } from "./style";

/** What fit does with arrays and datasets, for an Estimator. NumPy's arrays stay out of the graph, which has a limit of 2 GB. */
const HELPERS: Readonly<Record<Helper, string>> = {
  array_input_fn: `def array_input_fn(x, y=None, batch_size=32, epochs=1, shuffle=False):
    """An input_fn that gives arrays as model.fit does: in each epoch every example once."""
    data = tf.nest.map_structure(np.asarray, x if y is None else (x, y))
    count = len(tf.nest.flatten(data)[0])

    def batches():
        for _ in range(epochs):
            order = np.random.permutation(count) if shuffle else np.arange(count)
            for start in range(0, count, batch_size):
                chosen = order[start : start + batch_size]
                yield tf.nest.map_structure(lambda array: array[chosen], data)

    signature = tf.nest.map_structure(
        lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), data
    )
    return lambda: tf.data.Dataset.from_generator(batches, output_signature=signature)`,
  dataset_input_fn: `def dataset_input_fn(dataset, epochs=1):
    """An input_fn that goes through a dataset as model.fit does: once in each epoch."""

    def batches():
        for _ in range(epochs):
            yield from dataset

    signature = dataset.element_spec
    return lambda: tf.data.Dataset.from_generator(batches, output_signature=signature)`,
};

export interface Wanted {
  helpers: ReadonlySet<Helper>;
  /** `from operator import itemgetter`. */
  itemgetter: boolean;
  numpy: boolean;
}

export interface Modules {
  tf: string;
  np: string;
}

/** What TensorFlow and NumPy are called in the script; by their usual names where it does not import them whole. */
export const modulesOf = (script: PythonScript): Modules => ({
  tf: aliasOf(script, "tensorflow") ?? "tf",
  np: aliasOf(script, "numpy") ?? "np",
});

/** Puts the missing imports and the helpers after the imports at the top of the file, which end before `until`. */
export function helperEdit(script: PythonScript, style: PythonStyle, wanted: Wanted, until: number): TextEdit {
  const { text } = script.source;
  const { tf, np } = modulesOf(script);
  const imports = [
    ...(wanted.itemgetter ? ["from operator import itemgetter"] : []),
    ...(wanted.numpy && aliasOf(script, "numpy") === null ? ["import numpy as np"] : []),
    ...(aliasOf(script, "tensorflow") === null ? ["import tensorflow as tf"] : []),
  ];
  const bodies = [...wanted.helpers].sort().map((name) => renamed(HELPERS[name], { tf, np }));
  const after = lastOfFirstImports(script, until);
  const at = after ? lineEnd(text, after.endIndex) : afterDocstring(script);
  const gap = /^(?:[ \t]*\r?\n)*/.exec(text.slice(at))![0].length;
  const begin = at === 0 ? "" : imports.length > 0 ? "\n" : TWO_BLANK;
  const blocks = [...(imports.length > 0 ? [imports.join("\n")] : []), ...bodies];
  const end = at + gap === text.length ? "\n" : TWO_BLANK;
  return { start: at, end: at + gap, text: (begin + blocks.join(TWO_BLANK) + end).replaceAll("\n", style.eol) };
}

/** Two blank lines, as Python's style guide wants them around functions. */
const TWO_BLANK = "\n\n\n";

function renamed(body: string, { tf, np }: Modules): string {
  return body.replace(/\btf\./g, `${tf}.`).replace(/\bnp\./g, `${np}.`);
}

/** The last import before the first other statement; what is imported further down belongs to code there. */
function lastOfFirstImports(script: PythonScript, until: number): Node | undefined {
  const imports = new Set(topImports(script).map(({ id }) => id));
  let last: Node | undefined;
  for (const node of script.source.tree.rootNode.namedChildren) {
    if (node.endIndex > until) break;
    if (imports.has(node.id)) last = node;
    else if (!isPreparation(node)) break;
  }
  return last;
}

/** What stands between imports: comments, the docstring, settings of the environment. */
const isPreparation = ({ type, text }: Node): boolean =>
  type === "comment" || (type === "expression_statement" && /^(?:["'rR]|os\.|sys\.|warnings\.)/.test(text));

function afterDocstring(script: PythonScript): number {
  const { tree, text } = script.source;
  const first = tree.rootNode.namedChildren.find(({ type }) => type !== "comment");
  const string = first?.type === "expression_statement" && first.namedChild(0)?.type === "string";
  return string ? lineEnd(text, first.endIndex) : 0;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}
