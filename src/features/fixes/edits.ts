// What mends a problem as edits of the text. Null where the text is not written so that it is certain what to write.
import { scriptName } from "../../model/layers/bind";
import type { Span, TextEdit } from "../../model/span";
import type { Fix } from "../../read/evaluate/found";
import { stringValue as scriptString } from "../../read/javascript/nodes";
import { isCode, stringValue as pythonString } from "../../read/python/nodes";
import type { Source } from "../../read/source";
import { type Node, pathAt } from "../../read/tree";
import { callAt, spanIn } from "../place";
import { compiledBefore } from "./compile";
import { calleeName, isPythonNode, listOfArguments, partOf, withKeras } from "./parts";

export function editsOf(source: Source, { place, at, edit }: Fix): TextEdit[] | null {
  const span = spanIn(place);
  if (edit.kind === "import") return importedFrom(source, span, edit.from, edit.to);
  if (edit.kind === "drop-end") {
    const start = span.end - edit.text.length;
    return source.text.slice(start, span.end) === edit.text ? [{ start, end: span.end, text: "" }] : null;
  }
  if (edit.kind === "last-text") {
    const text = source.text.slice(span.start, span.end);
    const at = Math.max(...['"', "'"].map((quote) => text.lastIndexOf(quote + edit.from + quote)));
    const start = span.start + at + 1;
    return at < 0 ? null : [{ start, end: start + edit.from.length, text: edit.to }];
  }
  const call = callAt(source, span);
  if (!call) return null;
  if (edit.kind === "remove-layer") return withoutLayer(source, call);
  if (edit.kind === "compile") return compiledBefore(source, call, edit);
  if (at === "callee") return edit.kind === "rename" ? [replaced(calleeName(call), edit.to)] : null;
  if (at === undefined || at === "method") return null;
  const part = partOf(source, call, at);
  if (edit.kind === "add-argument") {
    const name = "argument" in at ? at.argument : at.of;
    if (part) return "code" in edit ? [replaced(part.value, codeIn(source, edit.code))] : null;
    return added(source, call, name, "text" in edit ? quoted(call, edit.text) : codeIn(source, edit.code));
  }
  if (!part) return null;
  switch (edit.kind) {
    case "rename":
      return part.name ? [replaced(part.name, edit.to)] : null;
    case "rename-key":
      return part.name ? textReplaced(source, part.name, edit.to) : null;
    case "set-text":
      return textReplaced(source, part.value, edit.to);
    case "set-number":
      return /^\d+$/.test(part.value.text) ? [replaced(part.value, String(edit.to))] : null;
    case "set-code": {
      const code = withKeras(source, edit.to.replace("{}", part.value.text));
      return code === null ? null : [replaced(part.value, code)];
    }
    case "append":
      return /^(identifier|attribute|member_expression|call|call_expression)$/.test(part.value.type)
        ? [{ start: part.value.endIndex, end: part.value.endIndex, text: edit.code }]
        : null;
    case "remove-argument":
      return [withoutItem(source, part.node)];
  }
}

/** `from a.b import c`; and `from a import b`, where b is the module that has moved. */
function importedFrom({ text }: Source, { start, end }: Span, from: string, to: string): TextEdit[] | null {
  const statement = text.slice(start, end);
  const [, before = "", module = "", names = ""] = /^(from\s+)([\w.]+)(\s+import\s[\s\S]+)$/.exec(statement) ?? [];
  const at = start + before.length;
  if (module === from) return [{ start: at, end: at + module.length, text: to }];
  const [, name, as] = /^\s+import\s+(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(names) ?? [];
  if (`${module}.${name}` !== from) return null;
  const dot = to.lastIndexOf(".");
  return [{ start, end, text: `from ${to.slice(0, dot)} import ${to.slice(dot + 1)} as ${as ?? name}` }];
}

const replaced = ({ startIndex, endIndex }: Node, text: string): TextEdit => ({
  start: startIndex,
  end: endIndex,
  text,
});

const codeIn = (source: Source, code: string): string => (isPythonNode(source) ? code : code.toLowerCase());

function textReplaced(source: Source, node: Node, to: string): TextEdit[] | null {
  const text = isPythonNode(source) ? pythonString(node) : scriptString(node);
  if (text === null || node.type === "concatenated_string" || !node.text.includes(text)) return null;
  return [
    replaced(
      node,
      node.text.replace(text, () => to),
    ),
  ];
}

/** In the quotes of the call's other texts. */
function quoted(call: Node, text: string): string {
  const quote = /["']/.exec(call.text)?.[0] ?? '"';
  return `${quote}${text}${quote}`;
}

function added(source: Source, call: Node, name: string, code: string): TextEdit[] | null {
  const list = listOfArguments(source, call);
  const isPython = isPythonNode(source);
  const text = isPython ? `${name}=${code}` : `${scriptName(name)}: ${code}`;
  if (!list) {
    const brackets = call.childForFieldName("arguments");
    const isEmpty = brackets && brackets.namedChildren.filter(isCode).length === 0;
    return isEmpty && !isPython
      ? [{ start: brackets.startIndex + 1, end: brackets.startIndex + 1, text: `{ ${text} }` }]
      : null;
  }
  const last = list.namedChildren.filter(isCode).at(-1);
  if (!last) return [{ start: list.startIndex + 1, end: list.startIndex + 1, text: isPython ? text : ` ${text} ` }];
  return [{ start: last.endIndex, end: last.endIndex, text: `, ${text}` }];
}

/** An item of a list with the comma that belongs to it, and with its lines where it has them for itself. */
function withoutItem({ text }: Source, node: Node): TextEdit {
  const { previousSibling: before, nextSibling: after } = node;
  const isFollowed = after?.type === ",";
  const end = isFollowed ? after.endIndex : node.endIndex;
  const line = text.lastIndexOf("\n", node.startIndex - 1) + 1;
  const rest = /^[ \t]*((#|\/\/).*)?\n/.exec(text.slice(end));
  if (isFollowed && rest && text.slice(line, node.startIndex).trim() === "")
    return { start: line, end: end + rest[0].length, text: "" };
  const next = isFollowed ? after.nextSibling : null;
  if (next && !/^[)\]}]$/.test(next.type)) return { start: node.startIndex, end: next.startIndex, text: "" };
  // The last one takes the comma before it along.
  return { start: before?.type === "," ? before.startIndex : node.startIndex, end, text: "" };
}

function withoutLayer(source: Source, layer: Node): TextEdit[] | null {
  const path = pathAt(source, layer.startIndex);
  const at = path.findIndex((node) => node.id === layer.id);
  const around = path[at - 1];
  if (!around) return null;
  if (/^(list|array)$/.test(around.type)) return [withoutItem(source, layer)];
  // `Softmax()(x)`, `tf.layers.softmax().apply(x)`: what it is called with stays.
  const called = path.slice(0, at).findLast((node) => /^(call|call_expression)$/.test(node.type));
  const callee = called?.childForFieldName("function");
  const given = called?.childForFieldName("arguments")?.namedChildren.filter(isCode) ?? [];
  if (!called || !callee) return null;
  const isApplied =
    callee.id === layer.id ||
    (callee.childForFieldName("object")?.id === layer.id && calleeName(called).text === "apply");
  if (isApplied) return given.length === 1 ? [replaced(called, given[0]!.text)] : null;
  const statement = path.findLast(
    (node) => node.type === "expression_statement" && node.startIndex <= called.startIndex,
  );
  if (calleeName(called).text !== "add" || given.length !== 1 || !statement) return null;
  return [wholeLines(source, statement)];
}

function wholeLines({ text }: Source, { startIndex, endIndex }: Node): TextEdit {
  const start = text.lastIndexOf("\n", startIndex - 1) + 1;
  const next = text.indexOf("\n", endIndex);
  const end = next < 0 ? text.length : next + 1;
  const isAlone =
    text.slice(start, startIndex).trim() === "" && /^;?\s*((#|\/\/).*)?\n?$/.test(text.slice(endIndex, end));
  return isAlone ? { start, end, text: "" } : { start: startIndex, end: endIndex, text: "" };
}
