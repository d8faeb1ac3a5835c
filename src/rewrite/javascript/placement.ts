// Puts the parts of a conversion into the text: before, in the place of and after the call, with the file's own indentation.
import type { TextEdit } from "../../model/span";
import { type Node, STATEMENT_LISTS } from "../../read/javascript/nodes";
import type { Script, TrainingCall } from "../../read/javascript/training";
import { indentAt } from "../indentation";
import type { CallSite } from "./callSite";
import { lineEndAfter } from "./libraryImport";
import type { Plan } from "./plan";
import type { Style } from "./style";

interface Given {
  script: Script;
  call: TrainingCall;
  site: CallSite;
  style: Style;
  plan: Plan;
}

export function placeEdits(given: Given): TextEdit[] {
  const { script, call, site, style, plan } = given;
  const { text } = script.source;
  const { anchor } = site;
  const base = indentAt(text, site.form === "statement" ? anchor.startIndex : (anchor.parent ?? anchor).startIndex);
  const indent = site.form === "statement" ? base : base + style.unit;
  const looped = plan.epochs ? indent + style.unit : indent;
  const end = style.semicolon;
  const lines = (statements: readonly string[]) => statements.map((line) => guard(style, line) + end);

  const before = [...comments(call, text), ...lines(plan.before(indent))];
  const edits: TextEdit[] = [];
  const loopList = site.loop?.parent;
  if (loopList && STATEMENT_LISTS.has(loopList.type)) edits.push(hoist(given));
  else before.unshift(...lines(plan.first(indent)));
  if (plan.epochs) before.push(`${plan.epochs} {`);

  const rest = plan.prefix || text.slice(site.dropped?.end ?? anchor.startIndex, anchor.endIndex);
  const opening = before.join(style.eol + indent) + style.eol + looped + guard(style, rest.slice(0, 1)).slice(0, -1);
  const after = lines(plan.after(looped)).map((line) => style.eol + looped + line);
  const closing = plan.epochs ? `${style.eol}${indent}}` : "";
  switch (site.form) {
    case "statement": {
      edits.push({ start: anchor.startIndex, end: anchor.startIndex, text: opening });
      const tail = after.join("") + closing;
      const at = lineEndAfter(text, endOf(anchor, text));
      if (tail) edits.push({ start: at, end: at, text: tail });
      break;
    }
    default: {
      const returned = site.form === "arrow" ? "return " : "";
      const isEnded = text[anchor.endIndex - 1] === ";" || text[anchor.endIndex - 1] === "}";
      const start = gapBefore(text, anchor.startIndex);
      edits.push({ start, end: anchor.startIndex, text: ` {${style.eol}${indent}${opening}${returned}` });
      const last = `${isEnded ? "" : end}${after.join("")}${closing}${style.eol}${base}}`;
      edits.push({ start: anchor.endIndex, end: anchor.endIndex, text: last });
    }
  }
  // After the opening: edits at one place are put in in their order.
  return [...edits, ...replaced(given, looped)];
}

/** The call itself, and what stood before it: `const history = ` goes, `const metrics = ` comes. */
function replaced({ call, site, plan }: Given, indent: string): TextEdit[] {
  const node = call.call;
  const edits: TextEdit[] = [{ start: node.startIndex, end: node.endIndex, text: plan.call(indent) }];
  if (site.dropped) edits.push({ ...site.dropped, text: plan.prefix });
  else if (plan.prefix) edits.push({ start: site.anchor.startIndex, end: site.anchor.startIndex, text: plan.prefix });
  return edits;
}

/** The estimator is made once, before the loop. */
function hoist({ site, style, plan, script }: Given): TextEdit {
  const loop = site.loop!;
  const { text } = script.source;
  const indent = indentAt(text, loop.startIndex);
  const lines = plan.first(indent).map((line) => guard(style, line) + style.semicolon + style.eol + indent);
  return { start: loop.startIndex, end: loop.startIndex, text: lines.join("") };
}

/** Comments inside the call go before it: those between the arguments and beside the options, not those inside other code. */
function comments({ call }: TrainingCall, text: string): string[] {
  const list = call.childForFieldName("arguments");
  const own = (node: Node): Node[] =>
    node.namedChildren.flatMap((child) => {
      if (child.type === "comment") return [child];
      return child.type === "object" && node.id === list?.id ? own(child) : [];
    });
  return list ? own(list).map((node) => text.slice(node.startIndex, node.endIndex)) : [];
}

/** Without semicolons a line that begins with a bracket would go on the line before. */
const guard = (style: Style, line: string) => (style.semicolon === "" && /^[([`]/.test(line) ? `;${line}` : line);

/** The end of a statement. Without semicolons one that begins the next line belongs there: `;[1, 2].forEach(…)`. */
function endOf(statement: Node, text: string): number {
  const last = text.slice(statement.startIndex, statement.endIndex);
  return statement.startIndex + last.replace(/\s*\n\s*;$/, "").length;
}

/** The beginning of the blanks before an offset. */
function gapBefore(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /\s/.test(text[at - 1]!)) at--;
  return at;
}
