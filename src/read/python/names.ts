// What names mean in a Python text: the variable each belongs to, by Python's scopes, and what is assigned to it. By demand: only names asked for are looked up.
import type { Source } from "../source";
import { type Node, pathAt } from "../tree";
import { type Definition, declaredAs, definitionAt, isReference, type Occurrence } from "./definitions";
import { COMPREHENSIONS, FUNCTIONS, LOOPS, STATEMENT_LISTS } from "./nodes";

/** A variable: one name in one scope. Two occurrences mean the same when they have the same binding. */
export interface Binding {
  name: string;
  /** The module, function, lambda, class or comprehension that the variable belongs to. */
  scope: Node;
  /** Everything that gives it a value, in the order of the text. */
  definitions: readonly Definition[];
}

/** The names of one text. */
export class Names {
  private readonly byName = new Map<string, readonly Occurrence[]>();
  private readonly boundByName = new Map<string, ReadonlyMap<number, Binding>>();

  constructor(readonly source: Source) {}

  /** Every place where that name stands for a variable; none in strings, comments, attributes, keywords of calls or import paths. */
  occurrences(name: string): readonly Occurrence[] {
    let found = this.byName.get(name);
    if (!found) {
      found = [...this.find(name)];
      this.byName.set(name, found);
    }
    return found;
  }

  /** The variable that a name means at an offset; undefined for builtins, for names of star imports, and for what broken code hides. */
  resolve(name: string, offset: number): Binding | undefined {
    return this.resolveIn(name, pathAt(this.source, offset));
  }

  /** The same, for a place whose nodes around it are known. */
  resolveIn(name: string, path: readonly Node[]): Binding | undefined {
    const bindings = this.bindings(name);
    if (bindings.size === 0) return undefined;
    const scopes = scopesOf(path);
    for (let at = scopes.length - 1; at >= 0; at--) {
      const scope = scopes[at]!;
      // What a class body binds is not seen in the functions inside it.
      if (scope.type === "class_definition" && at < scopes.length - 1) continue;
      const declared = this.declared(name, scope);
      if (declared === "global") return bindings.get(scopes[0]!.id);
      const binding = declared === "nonlocal" ? undefined : bindings.get(scope.id);
      if (binding) return binding;
    }
    return undefined;
  }

  /** All places that mean what this binding binds and give it no value. */
  uses(binding: Binding): Occurrence[] {
    const defining = new Set(binding.definitions.map(({ node }) => node.id));
    return this.occurrences(binding.name).filter(
      ({ node, path }) =>
        !defining.has(node.id) &&
        !declaredAs(path) &&
        this.resolveIn(binding.name, path)?.scope.id === binding.scope.id,
    );
  }

  /** The definitions that can have given a variable the value it has at a place. All of them where the order is not known. */
  reaching(binding: Binding, path: readonly Node[]): readonly Definition[] {
    const { definitions, scope } = binding;
    const use = path.at(-1);
    // A function runs at another time than the code around it.
    if (definitions.length < 2 || !use || functionScope(path)?.id !== functionScope([...definitions[0]!.path])?.id) {
      return definitions;
    }
    if (scope.type !== "module" && functionScope(path)?.id !== scope.id) return definitions;
    const loop = path.find((node) => LOOPS.has(node.type));
    const before = definitions.filter(({ statement }) => statement.endIndex <= use.startIndex);
    const certain = before.findLastIndex((one) => runsBefore(one, path));
    const reached = certain < 0 ? [...before] : before.slice(certain).filter((one) => !isInOtherBranch(one, path));
    // A later assignment in the same loop is there in its next turn.
    const later = definitions.filter(
      ({ node, statement }) =>
        statement.endIndex > use.startIndex &&
        loop !== undefined &&
        certain < 0 &&
        node.startIndex >= loop.startIndex &&
        node.endIndex <= loop.endIndex,
    );
    const all = [...reached, ...later];
    return all.length > 0 ? all : definitions;
  }

  private *find(name: string): Generator<Occurrence> {
    const { text } = this.source;
    for (let at = text.indexOf(name); name !== "" && at >= 0; at = text.indexOf(name, at + name.length)) {
      if (isWordPart(text, at - 1) || isWordPart(text, at + name.length)) continue;
      const path = pathAt(this.source, at);
      const node = path.at(-1);
      if (node?.type !== "identifier" || node.startIndex !== at || node.endIndex !== at + name.length) continue;
      if (isReference(path)) yield { node, path };
    }
  }

  private bindings(name: string): ReadonlyMap<number, Binding> {
    const known = this.boundByName.get(name);
    if (known) return known;
    const found = new Map<number, { name: string; scope: Node; definitions: Definition[] }>();
    for (const occurrence of this.occurrences(name)) {
      const definition = definitionAt(occurrence);
      const scope = definition && this.owner(name, definition);
      if (!scope) continue;
      const binding = found.get(scope.id);
      if (binding) binding.definitions.push(definition);
      else found.set(scope.id, { name, scope, definitions: [definition] });
    }
    this.boundByName.set(name, found);
    return found;
  }

  /** The scope whose variable a definition gives a value to: its own, or the one that `global` or `nonlocal` names. */
  private owner(name: string, { kind, path }: Definition): Node | undefined {
    const scopes = scopesOf(path);
    if (kind === "walrus") while (scopes.length > 1 && COMPREHENSIONS.has(scopes.at(-1)!.type)) scopes.pop();
    const scope = scopes.at(-1);
    const declared = scope && this.declared(name, scope);
    if (declared === "global") return scopes[0];
    return declared === "nonlocal"
      ? scopes.findLast((one, at) => at < scopes.length - 1 && FUNCTIONS.has(one.type))
      : scope;
  }

  private declared(name: string, scope: Node): "global" | "nonlocal" | undefined {
    if (scope.type !== "function_definition" && scope.type !== "class_definition") return undefined;
    for (const { path } of this.occurrences(name)) {
      const how = declaredAs(path);
      if (how && scopesOf(path).at(-1)?.id === scope.id) return how;
    }
    return undefined;
  }
}

function isWordPart(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{ID_Continue}]/u.test(text[at]!);
}

/** The scopes around a place, the module first. Defaults, decorators and base classes belong to the scope outside. */
export function scopesOf(path: readonly Node[]): Node[] {
  return path.filter((node, at) => {
    const inner = path[at + 1];
    if (at === 0) return true;
    if (!inner) return false;
    if (node.type === "class_definition") return inner.type === "block";
    if (FUNCTIONS.has(node.type))
      return inner.type === "block" || isIn(node, "body", inner) || isParameterName(path, at);
    // Only the first iterable of a comprehension is read outside of it.
    if (!COMPREHENSIONS.has(node.type)) return false;
    const first = node.namedChildren.find((child) => child.type === "for_in_clause");
    const iterable = path[at + 2];
    return !(inner.id === first?.id && iterable && isIn(inner, "right", iterable));
  });
}

const isIn = (node: Node, field: string, child: Node) => node.childForFieldName(field)?.id === child.id;

/** Is the last node of the path the name of a parameter of the function at this place of it? */
function isParameterName(path: readonly Node[], at: number): boolean {
  const inside = path.slice(at + 1);
  if (!/parameters$/.test(inside[0]!.type)) return false;
  return inside.every(
    (node, index) =>
      !(node.type === "type") &&
      !(index > 0 && /default_parameter$/.test(inside[index - 1]!.type) && !isIn(inside[index - 1]!, "name", node)),
  );
}

const functionScope = (path: readonly Node[]): Node | undefined =>
  scopesOf(path).findLast((node) => !COMPREHENSIONS.has(node.type) && node.type !== "lambda");

/** Does this definition always run before the place, if the place runs at all? Then nothing before it matters. */
function runsBefore({ path }: Definition, use: readonly Node[]): boolean {
  const list = path.findLast((node) => STATEMENT_LISTS.has(node.type));
  const holder = path.findLast((node) => node.type === "for_statement" || node.type === "with_statement");
  // The name of `for x in …` and `with … as x` is seen in its body.
  if (holder && path.indexOf(holder) > path.indexOf(list!) && use.some((node) => node.id === holder.id)) return true;
  return use.some((node) => node.id === list?.id);
}

/** `if … else`: what one branch assigns is not seen in the other. */
function isInOtherBranch({ path }: Definition, use: readonly Node[]): boolean {
  const shared = path.findLastIndex((node) => use.some((one) => one.id === node.id));
  return path[shared]?.type === "if_statement" && path[shared + 1]?.type !== undefined && use.length > shared + 1;
}
