// Code in short, so that a test says in a line what a text becomes. Unknown parts are `?`, statements end in `;`, blocks stand in braces.
import type {
  CallArgument,
  ClassCode,
  Expression,
  FunctionCode,
  Item,
  Parameter,
  RestTarget,
  Statement,
  Target,
} from "../../../../src/read/code";

export const print = (code: readonly Statement[]): string => code.map(statement).join(" ");

const block = (code: readonly Statement[]): string => (code.length === 0 ? "{}" : `{ ${print(code)} }`);

const list = <T>(items: readonly T[], of: (item: T) => string): string => items.map(of).join(", ");

function statement(code: Statement): string {
  switch (code.kind) {
    case "expression":
      return `${expression(code.value)};`;
    case "assign": {
      const declared = code.declares === "block" ? "let " : code.declares === "function" ? "var " : "";
      const annotation = code.annotation === undefined ? "" : `: ${code.annotation}`;
      const value = code.value ? ` = ${expression(code.value)}` : "";
      return `${declared}${code.targets.map(target).join(" = ")}${annotation}${value};`;
    }
    case "function-definition":
      return `${exported(code.isExported)}${functionText(code.function)}`;
    case "class-definition":
      return `${exported(code.isExported)}${classText(code.class)}`;
    case "if": {
      const otherwise = code.otherwise.length > 0 ? ` else ${block(code.otherwise)}` : "";
      return `if ${expression(code.test)} ${block(code.then)}${otherwise}`;
    }
    case "switch": {
      const cases = code.cases.map(({ test, body }) => `${test ? expression(test) : "default"}: ${block(body)}`);
      return `switch ${expression(code.value)} { ${cases.join(" ")} }`;
    }
    case "for": {
      const declared = code.declares === "block" ? "let " : code.declares === "function" ? "var " : "";
      const head = `for ${declared}${target(code.target)} ${code.keys ? "keys" : "in"} ${expression(code.iterable)}`;
      return `${head} ${block(code.body)}${otherwise(code.otherwise)}`;
    }
    case "while": {
      const first = code.first.length > 0 ? `${print(code.first)} ` : "";
      const after = code.after ? ` after ${expression(code.after)}` : "";
      const head = `${code.isDo ? "do " : ""}while ${first}${code.test ? expression(code.test) : "always"}${after}`;
      return `${head} ${block(code.body)}${otherwise(code.otherwise)}`;
    }
    case "return":
    case "raise":
      return `${code.kind}${code.value ? ` ${expression(code.value)}` : ""};`;
    case "break":
    case "continue":
      return `${code.kind}${code.label === undefined ? "" : ` ${code.label}`};`;
    case "block":
      return `${code.label === undefined ? "" : `${code.label}: `}${block(code.body)}`;
    case "with": {
      const items = list(
        code.items,
        (item) => `${expression(item.value)}${item.target ? ` as ${target(item.target)}` : ""}`,
      );
      return `with ${items} ${block(code.body)}`;
    }
    case "try": {
      const handlers = code.handlers.map(({ type, target: name, body }) => {
        return ` except${type ? ` ${expression(type)}` : ""}${name ? ` as ${target(name)}` : ""} ${block(body)}`;
      });
      const last = code.finally.length > 0 ? ` finally ${block(code.finally)}` : "";
      return `try ${block(code.body)}${handlers.join("")}${otherwise(code.otherwise)}${last}`;
    }
    case "assert":
      return `assert ${expression(code.test)};`;
    case "delete":
      return `del ${list(code.targets, target)};`;
    case "global":
    case "nonlocal":
      return `${code.kind} ${code.names.join(", ")};`;
    case "import":
      return `import ${JSON.stringify(code.path)} ${list(code.names, ({ name, as }) => `${name ?? "all"} as ${as}`)};`;
    case "export": {
      const from = code.from === null ? "" : ` from ${JSON.stringify(code.from)}`;
      return `export ${list(code.names, ({ name, as }) => `${name} as ${as}`)}${from};`;
    }
    case "pass":
      return "pass;";
  }
}

const exported = (is: boolean | undefined) => (is ? "export " : "");

const otherwise = (code: readonly Statement[]): string => (code.length > 0 ? ` else ${block(code)}` : "");

function expression(code: Expression): string {
  switch (code.kind) {
    case "unreadable":
      return code.parts.length === 0 ? "?" : `?(${list(code.parts, expression)})`;
    case "constant":
      if (typeof code.value !== "number") return code.value === undefined ? "undefined" : JSON.stringify(code.value);
      return code.isFloat && Number.isInteger(code.value) ? `${code.value}.0` : `${code.value}`;
    case "name":
      return code.name;
    case "template":
      return `f\`${code.parts
        .map((part) => {
          if (typeof part === "string") return JSON.stringify(part).slice(1, -1);
          return `{${expression(part.value)}${part.format === undefined ? "" : `:${part.format}`}}`;
        })
        .join("")}\``;
    case "list":
      return `[${list(code.items, item)}]`;
    case "tuple":
      return code.items.length === 1 ? `(${item(code.items[0]!)},)` : `(${list(code.items, item)})`;
    case "set":
      return `{${list(code.items, item)}}`;
    case "dictionary":
      return `{${list(code.entries, (entry) =>
        "key" in entry ? `${expression(entry.key)}: ${expression(entry.value)}` : `**${expression(entry.value)}`,
      )}}`;
    case "attribute":
      return `${expression(code.object)}${code.optional ? "?." : "."}${code.name}`;
    case "index":
      return `${expression(code.object)}${code.optional ? "?." : ""}[${expression(code.index)}]`;
    case "slice":
      return [code.from, code.to, code.step].map((part) => (part ? expression(part) : "_")).join(":");
    case "call":
      return `${code.isNew ? "new " : ""}${expression(code.callee)}${code.optional ? "?." : ""}(${list(code.arguments, argument)})`;
    case "unary":
      return `(${code.operator} ${expression(code.value)})`;
    case "binary":
    case "logical":
      return `(${expression(code.left)} ${code.operator} ${expression(code.right)})`;
    case "comparison":
      return `(${expression(code.first)} ${code.rest.map(({ operator, value }) => `${operator} ${expression(value)}`).join(" ")})`;
    case "conditional":
      return `(${expression(code.test)} ? ${expression(code.then)} : ${expression(code.otherwise)})`;
    case "comprehension": {
      const clauses = code.clauses.map((clause) =>
        clause.kind === "if"
          ? ` if ${expression(clause.test)}`
          : `${clause.isAsync ? " async" : ""} for ${target(clause.target)} in ${expression(clause.iterable)}`,
      );
      const made = `${code.key ? `${expression(code.key)}: ` : ""}${expression(code.value)}${clauses.join("")}`;
      return code.makes === "list" ? `[${made}]` : code.makes === "generator" ? `(${made})` : `{${made}}`;
    }
    case "assignment":
      return `(${target(code.target)} ${code.operator === undefined ? ":=" : `${code.operator}=`} ${expression(code.value)})`;
    case "update": {
      const sign = code.operator.repeat(2);
      return code.isPostfix ? `(${target(code.target)}${sign})` : `(${sign}${target(code.target)})`;
    }
    case "await":
    case "yield":
    case "yield-from":
      return `(${code.kind}${code.value ? ` ${expression(code.value)}` : ""})`;
    case "this":
    case "super":
      return code.kind;
    case "several":
      return `(${code.values.map(expression).join("; ")})`;
    case "function":
      return functionText(code);
    case "class":
      return classText(code);
  }
}

const item = (code: Item): string => (code.kind === "spread" ? `*${expression(code.value)}` : expression(code));

function argument({ value, name, spread }: CallArgument): string {
  const stars = spread === "items" ? "*" : spread === "entries" ? "**" : "";
  return `${name === undefined ? "" : `${name}=`}${stars}${expression(value)}`;
}

function target(code: Target): string {
  switch (code.kind) {
    case "target-list":
      return `[${list(code.items, (one) => (one === null ? "" : targetItem(one)))}]`;
    case "target-object": {
      const entries = code.entries.map(({ key, target: to, default: value }) => {
        return `${expression(key)}: ${target(to)}${value ? ` = ${expression(value)}` : ""}`;
      });
      if (code.rest) entries.push(`*${target(code.rest)}`);
      return `{${entries.join(", ")}}`;
    }
    case "target-default":
      return `${target(code.target)} = ${expression(code.default)}`;
    default:
      return expression(code);
  }
}

const targetItem = (code: Target | RestTarget): string =>
  code.kind === "rest" ? `*${target(code.target)}` : target(code);

function functionText(code: FunctionCode): string {
  const decorators = code.decorators.map((one) => `@${expression(one)} `).join("");
  const kind = `${code.isAsync ? "async " : ""}${code.isArrow ? "arrow" : "def"}${code.isGenerator ? "*" : ""}`;
  const locals = code.locals.length > 0 ? ` own ${[...code.locals].sort().join(" ")}` : "";
  const name = code.name === "" ? "" : ` ${code.name}`;
  return `${decorators}${kind}${name}(${list(code.parameters, parameter)})${locals} ${block(code.body)}`;
}

function parameter(code: Parameter): string {
  const stars = code.rest === "items" ? "*" : code.rest === "entries" ? "**" : "";
  const marks = `${code.positionalOnly ? "/" : ""}${code.keywordOnly ? "!" : ""}`;
  const annotation = code.annotation === undefined ? "" : `: ${code.annotation}`;
  return `${marks}${stars}${target(code.target)}${annotation}${code.default ? ` = ${expression(code.default)}` : ""}`;
}

function classText(code: ClassCode): string {
  const decorators = code.decorators.map((one) => `@${expression(one)} `).join("");
  const members = code.members.map((member) => {
    const how = `${member.isStatic ? "static " : ""}${member.accessor ? `${member.accessor} ` : ""}`;
    return `${how}${member.name}${member.isField ? " = " : " "}${member.value ? expression(member.value) : "nothing"};`;
  });
  const body = [...(code.body.length > 0 ? [print(code.body)] : []), ...members].join(" ");
  return `${decorators}class${code.name === "" ? "" : ` ${code.name}`}(${list(code.bases, argument)}) {${body === "" ? "" : ` ${body} `}}`;
}
