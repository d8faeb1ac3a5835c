// A call of `compile` written before the statement that trains, in the words and the quotes of the file.
import type { TextEdit } from "../../model/span";
import type { FixEdit } from "../../read/evaluate/found";
import { STATEMENT_LISTS as SCRIPT_LISTS } from "../../read/javascript/nodes";
import { STATEMENT_LISTS as PYTHON_LISTS } from "../../read/python/nodes";
import type { Source } from "../../read/source";
import type { Node } from "../../read/tree";
import { isPythonNode, withKeras } from "./parts";

type Compile = FixEdit & { readonly kind: "compile" };

/** Null where what is trained has no name, or where the loss has none in this file. */
export function compiledBefore(source: Source, call: Node, edit: Compile): TextEdit[] | null {
  const callee = call.childForFieldName("function");
  const model = callee?.childForFieldName("object") ?? null;
  const statement = statementAround(source, call);
  if (!model || !statement || !/^[\w$.]+$/.test(model.text)) return null;
  const text = isPythonNode(source) ? pythonText(source, model.text, edit) : scriptText(source, model.text, edit, call);
  if (text === null) return null;
  const { startIndex } = statement;
  const line = source.text.lastIndexOf("\n", startIndex - 1) + 1;
  const indent = source.text.slice(line, startIndex);
  const separator = indent.trim() === "" ? `\n${indent}` : isPythonNode(source) ? "; " : " ";
  return [{ start: startIndex, end: startIndex, text: `${text}${separator}` }];
}

function statementAround(source: Source, call: Node): Node | null {
  const lists = isPythonNode(source) ? PYTHON_LISTS : SCRIPT_LISTS;
  for (let node: Node | null = call; node; node = node.parent)
    if (node.parent && lists.has(node.parent.type)) return node;
  return null;
}

const quoteIn = ({ text }: Source): string => (text.split("'").length > text.split('"').length ? "'" : '"');

function pythonText(source: Source, model: string, { loss, fromLogits, metrics }: Compile): string | null {
  const quote = quoteIn(source);
  const quoted = (text: string) => `${quote}${text}${quote}`;
  const className = loss.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const written = fromLogits ? withKeras(source, `{keras}.losses.${className}(from_logits=True)`) : quoted(loss);
  if (written === null) return null;
  const more = metrics.length > 0 ? `, metrics=[${metrics.map(quoted).join(", ")}]` : "";
  return `${model}.compile(optimizer=${quoted("adam")}, loss=${written}${more})`;
}

function scriptText(source: Source, model: string, { loss, metrics }: Compile, call: Node): string {
  const quote = quoteIn(source);
  const quoted = (text: string) => `${quote}${text}${quote}`;
  const more = metrics.length > 0 ? `, metrics: [${metrics.map(quoted).join(", ")}]` : "";
  const end = /;\s*(?:\/\/.*)?$/m.test(source.text) || call.text.includes(";") ? ";" : "";
  return `${model}.compile({ optimizer: ${quoted("adam")}, loss: ${quoted(loss)}${more} })${end}`;
}
