// Questions to a Python script that several parts of the conversion ask: what a name was given, and how a module is called here.
import { attributeName, attributeObject, unwrap } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import { type Node, pathAt } from "../../read/tree";

/** What an expression can be at its place: itself, or what its variable was given. Null where any of that is not written here. */
export function valuesOf(script: PythonScript, expression: Node, deep = 5): Node[] | null {
  const node = unwrap(expression);
  if (node.type === "conditional_expression") {
    const [first, , second] = node.namedChildren;
    const both = [first, second].map((one) => (one ? valuesOf(script, one, deep - 1) : null));
    return both.includes(null) ? null : both.flatMap((one) => one!);
  }
  if (node.type !== "identifier") return [node];
  const path = pathAt(script.source, node.startIndex);
  const binding = script.names.resolveIn(node.text, path);
  if (!binding || deep === 0) return null;
  const found: Node[] = [];
  for (const { kind, node: name, value, unpacked } of script.names.reaching(binding, path)) {
    if (kind !== "assignment" || !value || unpacked.length > 0 || name.id === node.id) return null;
    const values = valuesOf(script, value, deep - 1);
    if (!values) return null;
    found.push(...values);
  }
  return found.length > 0 ? found : null;
}

/** `Adam` of `tf.keras.optimizers.Adam(…)`: the last name of what is called. */
export function calledName(node: Node): string | null {
  const call = unwrap(node);
  if (call.type !== "call") return null;
  const callee = call.childForFieldName("function");
  if (!callee) return null;
  return callee.type === "identifier" ? callee.text : attributeName(callee);
}

/** The class or function of this file that a call calls. */
export function definitionOf(
  script: PythonScript,
  call: Node,
  kind: "class_definition" | "function_definition",
): Node | null {
  const callee = call.childForFieldName("function");
  if (callee?.type !== "identifier") return null;
  const binding = script.names.resolve(callee.text, callee.startIndex);
  return binding?.definitions.find(({ statement }) => statement.type === kind)?.statement ?? null;
}

/** The statements that import something, at the top level of the module. */
export const topImports = ({ source }: PythonScript): Node[] =>
  source.tree.rootNode.namedChildren.filter(({ type }) => /^(future_)?import/.test(type));

/** `tf` of `import tensorflow as tf` at the top level; null where the module is not imported whole. */
export function aliasOf(script: PythonScript, module: string): string | null {
  for (const statement of topImports(script)) {
    if (statement.type !== "import_statement") continue;
    for (const one of statement.namedChildren) {
      const name = one.type === "aliased_import" ? one.childForFieldName("name")?.text : one.text;
      if (name === module) return one.childForFieldName("alias")?.text ?? module;
    }
  }
  return null;
}

/** Is this the call of a method on exactly this expression: `model.compile(…)`? */
export function isMethodCall(node: Node, receiver: string, method: string): boolean {
  const callee = node.type === "call" ? node.childForFieldName("function") : null;
  return callee?.type === "attribute" && attributeName(callee) === method && attributeObject(callee)?.text === receiver;
}

export const lineOf = (node: Node): number => node.startPosition.row;
