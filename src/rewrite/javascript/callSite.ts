// Where a call that trains stands: what becomes of its value, where statements can go before it, what repeats it. Changes nothing.
import type { Span } from "../../model/span";
import {
  FUNCTIONS,
  isCode,
  isWrapper,
  LOOPS,
  memberName,
  type Node,
  STATEMENT_LISTS,
  unwrap,
} from "../../read/javascript/nodes";
import type { Script, TrainingCall } from "../../read/javascript/training";
import { functionOf } from "../../read/javascript/values";
import type { Refusal } from "../result";
import { refuse } from "./refusals";

export interface CallSite {
  /** Statements go before this node. `block`: it must be put in braces; `arrow`: it is an arrow function's body. */
  anchor: Node;
  form: "statement" | "block" | "arrow";
  awaited: boolean;
  /** The value goes nowhere: more statements can follow. */
  plain: boolean;
  /** What to take away before the awaited call: `const history = `. */
  dropped: Span | null;
  /** The outermost loop around the call in its function. */
  loop: Node | null;
}

export function callSiteOf(script: Script, call: TrainingCall): CallSite | Refusal {
  const line = call.call.startPosition.row;
  const callee = call.call.childForFieldName("function");
  const said = saidOf(call);
  if (callee?.children.some((child) => child.type === "optional_chain"))
    return refuse("optional-call", line, { call: said });
  const value = valueUseOf(script, call, said);
  if ("ok" in value) return value;
  const anchor = anchorOf(call.path);
  if (!anchor) return refuse("no-place", line, { call: said });
  const { path } = call;
  const inside = path.slice(path.findLastIndex((node) => FUNCTIONS.has(node.type)) + 1);
  return { ...value, ...anchor, loop: inside.find((node) => LOOPS.has(node.type)) ?? null };
}

/** How messages name the call: `model.fit`. */
export const saidOf = ({ receiver, method }: TrainingCall): string => `${receiver.text.replace(/\s+/g, " ")}.${method}`;

function anchorOf(path: readonly Node[]): Pick<CallSite, "anchor" | "form"> | null {
  for (let at = path.length - 1; at > 0; at--) {
    const node = path[at]!;
    const parent = path[at - 1]!;
    if (STATEMENT_LISTS.has(parent.type)) return { anchor: node, form: "statement" };
    if (parent.type === "arrow_function") {
      return parent.childForFieldName("body")?.id === node.id ? { anchor: node, form: "arrow" } : null;
    }
    if (LOOPS.has(parent.type) || parent.type === "if_statement" || parent.type === "else_clause") {
      const body =
        parent.childForFieldName("body") ?? parent.childForFieldName("consequence") ?? parent.namedChildren.at(-1);
      return body?.id === node.id || parent.type === "else_clause" ? { anchor: node, form: "block" } : null;
    }
    if (FUNCTIONS.has(parent.type) || parent.type === "class_body") return null;
  }
  return null;
}

type ValueUse = Pick<CallSite, "awaited" | "plain" | "dropped">;

function valueUseOf(script: Script, { path, call }: TrainingCall, said: string): ValueUse | Refusal {
  let at = path.length - 1;
  let awaited = false;
  let chained = false;
  for (;;) {
    // Out through `await`, parentheses and type assertions.
    while (isWrapper(path[at - 1]!)) {
      at--;
      awaited ||= path[at]!.type === "await_expression";
    }
    const parent = path[at - 1]!;
    const outer = path[at - 2];
    const method = parent.type === "member_expression" && outer?.type === "call_expression" ? memberName(parent) : null;
    if (!method || !/^(then|catch|finally)$/.test(method)) break;
    const seen = !chained && method === "then" ? takesValue(script, outer!) : null;
    if (seen) return refuse("history-used", seen.startPosition.row, { use: useText(seen), call: said });
    chained ||= method === "then";
    at -= 2;
  }
  const node = path[at]!;
  const parent = path[at - 1]!;
  const use = (value: Partial<ValueUse>): ValueUse => ({ awaited, plain: false, dropped: null, ...value });
  if (parent.type === "expression_statement") return use({ plain: !chained && awaited });
  if (parent.type === "unary_expression" && parent.childForFieldName("operator")?.text === "void") return use({});
  if (chained) return use({});
  if (parent.type === "variable_declarator") return declared(script, path, at, awaited, said);
  if (
    parent.type === "return_statement" ||
    (parent.type === "arrow_function" && parent.childForFieldName("body")?.id === node.id)
  ) {
    const line = call.startPosition.row;
    return resultIsIgnored(script, path) ? use({}) : refuse("returned-history", line, { call: said });
  }
  return refuse("value-used", call.startPosition.row, { call: said });
}

/** The parameter of `.then(history => …)`'s function where it is used. */
function takesValue(script: Script, then: Node): Node | null {
  const [handler] = then.childForFieldName("arguments")?.namedChildren.filter(isCode) ?? [];
  if (!handler) return null;
  const name = handler.type === "identifier" ? script.names.resolve(handler.text, handler.startIndex) : undefined;
  const fn = name ? functionOf(name) : unwrap(handler);
  if (!fn || !FUNCTIONS.has(fn.type)) return handler;
  const parameters = fn.childForFieldName("parameters")?.namedChildren.filter(isCode) ?? [];
  const first = fn.childForFieldName("parameter") ?? parameters[0];
  if (!first) return null;
  const target = unwrapParameter(first);
  if (target.type !== "identifier") return target;
  const binding = script.names.resolve(target.text, target.startIndex);
  return (binding && script.names.uses(binding)[0]?.node) ?? null;
}

const unwrapParameter = (node: Node) => node.childForFieldName("pattern") ?? node;

/** `const history = await model.fit(…)`: nothing is lost where the name is not used again. */
function declared(
  script: Script,
  path: readonly Node[],
  at: number,
  awaited: boolean,
  said: string,
): ValueUse | Refusal {
  const declarator = path[at - 1]!;
  const declaration = path[at - 2]!;
  const row = declarator.startPosition.row;
  const target = declarator.childForFieldName("name");
  const names =
    target?.type === "identifier"
      ? [target]
      : (target?.descendantsOfType(["identifier", "shorthand_property_identifier_pattern"]) ?? []);
  for (const name of names) {
    const binding = script.names.resolve(name.text, name.startIndex);
    const [use] = binding ? script.names.uses(binding) : [];
    if (use) return refuse("history-used", use.node.startPosition.row, { use: useText(use.node), call: said });
  }
  const alone = declaration.namedChildren.filter((child) => child.type === "variable_declarator").length === 1;
  if (!alone || !/_declaration$/.test(declaration.type) || path[at - 3]?.type === "export_statement") {
    return refuse("value-used", row, { call: said });
  }
  return { awaited, plain: awaited, dropped: { start: declaration.startIndex, end: path[at]!.startIndex } };
}

/** The use in its line, as the message quotes it. */
function useText(node: Node): string {
  let at = node;
  while (
    at.parent &&
    /^(member|subscript|call)_expression$/.test(at.parent.type) &&
    at.parent.startIndex === node.startIndex
  )
    at = at.parent;
  const text = at.text.replace(/\s+/g, " ");
  return `\`${text.length > 60 ? `${text.slice(0, 57)}…` : text}\` in line ${node.startPosition.row + 1}`;
}

/** Is the result of the function around the call thrown away wherever it is called? Known only for functions of the file. */
function resultIsIgnored(script: Script, path: readonly Node[]): boolean {
  const at = path.findLastIndex((node) => FUNCTIONS.has(node.type));
  const fn = path[at];
  if (!fn || path.slice(0, at).some((node) => node.type === "export_statement")) return false;
  if (/History/.test(fn.childForFieldName("return_type")?.text ?? "")) return false;
  const calls = callsOf(script, path, at);
  return calls?.every((callPath) => isStatement(callPath)) ?? false;
}

function isStatement(path: readonly Node[]): boolean {
  let at = path.length - 1;
  while (path[at - 1] && (isWrapper(path[at - 1]!) || path[at - 1]!.type === "unary_expression")) at--;
  return path[at - 1]?.type === "expression_statement";
}

/** All calls of a named function of the file; null where it has no name or is used in another way than being called. */
function callsOf(script: Script, path: readonly Node[], at: number): (readonly Node[])[] | null {
  const fn = path[at]!;
  const declarator = path[at - 1]?.type === "variable_declarator" ? path[at - 1] : undefined;
  const name =
    declarator?.childForFieldName("name") ?? (fn.type.endsWith("_declaration") ? fn.childForFieldName("name") : null);
  const binding = name?.type === "identifier" ? script.names.resolve(name.text, name.startIndex) : undefined;
  if (!binding) return null;
  const calls: (readonly Node[])[] = [];
  for (const { node, path: usePath } of script.names.uses(binding)) {
    const parent = usePath.at(-2);
    if (parent?.type !== "call_expression" || parent.childForFieldName("function")?.id !== node.id) return null;
    calls.push(usePath.slice(0, -1));
  }
  return calls;
}

/** Array methods that call a function once an element. */
const EACH = /^(forEach|map|flatMap|filter|reduce|every|some)$/;

/** Would several models be trained through one call? Then they would share one modelDir. */
export function repeated(script: Script, call: TrainingCall, loop: Node | null): Refusal | null {
  const { path, value, binding } = call;
  const line = call.call.startPosition.row;
  const isMadeIn = (node: Node) =>
    value.origins.some((origin) => within(origin, node)) || (binding !== undefined && within(binding.node, node));
  const isCompiledIn = (node: Node) =>
    binding !== undefined &&
    script.names.uses(binding).some(({ node: use, path: usePath }) => {
      const member = usePath.at(-2);
      return member?.type === "member_expression" && memberName(member) === "compile" && within(use, node);
    });
  if (loop && isMadeIn(loop)) return refuse("model-in-loop", line, { how: "made" });
  if (loop && isCompiledIn(loop)) return refuse("model-in-loop", line, { how: "compiled" });

  const at = path.findLastIndex((node) => FUNCTIONS.has(node.type));
  const fn = path[at];
  if (!fn || !isMadeIn(fn)) return null;
  const list = path[at - 1];
  const method = list?.type === "arguments" ? path[at - 2]?.childForFieldName("function") : null;
  if (method && EACH.test(memberName(method) ?? "")) return refuse("model-in-loop", line, { how: "made" });
  const calls = callsOf(script, path, at) ?? [];
  const name = fn.childForFieldName("name")?.text ?? path[at - 1]?.childForFieldName("name")?.text ?? "the function";
  const isOften = calls.length > 1 || calls.some((callPath) => isInLoop(callPath));
  return isOften ? refuse("called-often", line, { name }) : null;
}

function isInLoop(path: readonly Node[]): boolean {
  return path.some((node, at) => {
    if (LOOPS.has(node.type)) return true;
    const method = node.type === "arguments" ? path[at - 1]?.childForFieldName("function") : null;
    return method ? EACH.test(memberName(method) ?? "") : false;
  });
}

const within = (node: Node, outer: Node) => outer.startIndex <= node.startIndex && node.endIndex <= outer.endIndex;
