// Which names of a program a piece of code may read and give values to, by its text alone: rather one name too many than one too
// few. Knows no values.
import {
  type ClassCode,
  type Comprehension,
  type Expression,
  type FunctionCode,
  namesIn,
  type Statement,
  type Target,
  type Unit,
} from "../code";

export interface Mentions {
  /** In it and in the functions and classes that are written in it. */
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** Written whatever happens, as the first thing that happens to them. */
  readonly certain: ReadonlySet<string>;
  /** It makes functions or classes, whose code runs later. */
  readonly hasCode: boolean;
}

const known = new WeakMap<readonly Statement[], Mentions>();

export function mentionsOf({ code }: Unit): Mentions {
  const before = known.get(code);
  if (before) return before;
  const reads = new Set<string>();
  const writes = new Set<string>();
  const sight: Sight = { reads, writes, own: [], code: { isSeen: false } };
  walk(code, sight);
  const certain = new Set(code.flatMap(bindsAlone).filter((name) => !reads.has(name)));
  const mentions = { reads, writes, certain, hasCode: sight.code.isSeen };
  known.set(code, mentions);
  return mentions;
}

interface Sight {
  readonly reads: Set<string>;
  readonly writes: Set<string>;
  /** Names of the functions and blocks around, which are none of the program's. */
  readonly own: readonly ReadonlySet<string>[];
  readonly code: { isSeen: boolean };
}

const within = (sight: Sight, own: Iterable<string>): Sight => ({ ...sight, own: [...sight.own, new Set(own)] });
const isOwn = ({ own }: Sight, name: string): boolean => own.some((names) => names.has(name));

/** Anything of a piece of code: a node, a list of nodes, or a part that has nothing to say. */
function walk(node: unknown, sight: Sight): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, sight);
    return;
  }
  const { kind } = node as { kind?: string };
  if (kind === "name") {
    const { name } = node as { name: string };
    if (!isOwn(sight, name)) sight.reads.add(name);
  } else if (kind === "function") walkFunction(node as FunctionCode, sight);
  else if (kind === "class") walkClass(node as ClassCode, sight);
  else if (kind === "comprehension") walkComprehension(node as Comprehension, sight);
  else walkStatement(node as Statement, sight);
}

function walkStatement(node: Statement, sight: Sight): void {
  switch (node.kind) {
    case "function-definition":
      write(node.function.name, sight);
      break;
    case "class-definition":
      write(node.class.name, sight);
      break;
    case "import":
      for (const { as } of node.names) write(as, sight);
      return;
    case "global":
    case "nonlocal":
      return;
    case "block":
      walkParts(node, within(sight, declaredIn(node.body)));
      return;
  }
  walkParts(node, sight);
}

function walkParts(node: object, sight: Sight): void {
  for (const [key, part] of Object.entries(node)) {
    if (key === "targets") for (const target of part) writeTo(target, sight);
    else if (key === "target" && part) writeTo(part, sight);
    else walk(part, sight);
  }
  // `i += 1` and `i++`
  if ("target" in node && "operator" in node) walk(node.target, sight);
}

function walkFunction(code: FunctionCode, sight: Sight): void {
  sight.code.isSeen = true;
  const names = new Set(code.locals);
  for (const { target } of code.parameters) for (const name of namesIn(target)) names.add(name);
  for (const name of declaredIn(code.body)) names.add(name);
  walk(code.decorators, sight);
  for (const { default: value } of code.parameters) walk(value, sight);
  const inner = within(sight, names);
  for (const { target } of code.parameters) writeTo(target, inner);
  walk(code.body, inner);
}

/** What the body of a class binds is the class's; its methods do not see it. */
function walkClass(code: ClassCode, sight: Sight): void {
  sight.code.isSeen = true;
  walk(code.bases, sight);
  walk(code.decorators, sight);
  walk(
    code.members.map(({ value }) => value),
    sight,
  );
  const body = { ...sight, writes: new Set<string>() };
  walk(code.body, body);
}

function walkComprehension(code: Comprehension, sight: Sight): void {
  const names = code.clauses.flatMap((clause) => (clause.kind === "for" ? namesIn(clause.target) : []));
  // The first iterable is evaluated outside, where a name may be another one.
  const [first] = code.clauses;
  if (first?.kind === "for") walk(first.iterable, sight);
  walkParts(code, within(sight, names));
}

function write(name: string, sight: Sight): void {
  if (!isOwn(sight, name)) sight.writes.add(name);
}

function writeTo(target: Target, sight: Sight): void {
  switch (target.kind) {
    case "name":
      write(target.name, sight);
      return;
    case "target-list":
      for (const one of target.items) if (one) writeTo(one.kind === "rest" ? one.target : one, sight);
      return;
    case "attribute":
    case "index": {
      // Who sets a part of something changes it.
      let object: Expression = target.object;
      while (object.kind === "attribute" || object.kind === "index") object = object.object;
      if (object.kind === "name") write(object.name, sight);
      walk(target, sight);
      return;
    }
    default:
      if (target.kind === "target-object" && target.rest) writeTo(target.rest, sight);
      walkParts(target, sight);
  }
}

/** JavaScript: the names that a block has for itself. */
function declaredIn(body: readonly Statement[]): string[] {
  return body.flatMap((one) => {
    if (one.kind === "assign" && one.declares) return one.targets.flatMap(namesIn);
    if (one.kind === "function-definition") return [one.function.name];
    if (one.kind === "import") return one.names.map(({ as }) => as);
    return one.kind === "class-definition" ? [one.class.name] : [];
  });
}

/** What a top-level statement is sure to bind, whole. */
function bindsAlone(statement: Statement): string[] {
  switch (statement.kind) {
    case "assign":
      return statement.value ? statement.targets.flatMap(namesIn) : [];
    case "function-definition":
      return [statement.function.name];
    case "class-definition":
      return [statement.class.name];
    case "import":
      return statement.names.map(({ as }) => as);
    default:
      return [];
  }
}
