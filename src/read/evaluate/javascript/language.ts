// JavaScript, and so TypeScript, as the evaluator asks for it.
import { call } from "../calls";
import { memberOf } from "../classes";
import type { Language } from "../language";
import { entryOf, isOpen, itemsOf, keyOf, listItems, listOf, openUp, setItems } from "../lists";
import { moduleOfWorkspace } from "../modules";
import type { Run } from "../run";
import { number, positional, string, UNDEFINED, UNKNOWN, type Value } from "../value";
import { entriesOfMap, GLOBALS, mathOf, memberOfValue } from "./methods";
import { binary, textOf, truthOf, unary } from "./operators";

const NAMESPACES = new Set([
  "Object",
  "Array",
  "Math",
  "Number",
  "String",
  "Boolean",
  "JSON",
  "Promise",
  "console",
  "process",
]);

export const JAVASCRIPT: Language = {
  name: "javascript",
  builtin(run, name) {
    if (name === "undefined") return UNDEFINED;
    if (name === "NaN" || name === "Infinity") return number(name === "NaN" ? Number.NaN : Number.POSITIVE_INFINITY);
    // A page that loads TensorFlow.js by a script tag has it under this name.
    if (name === "tf") return run.libraries.module(run, "@tensorflow/tfjs");
    // `import(…)`: what comes of the promise.
    if (name === "require" || name === "import") {
      return {
        kind: "builtin",
        name,
        call: ({ positional: [path] }, { unit }) =>
          path?.kind === "string"
            ? (run.libraries.module(run, path.value) ?? moduleOfWorkspace(run, unit, path.value) ?? UNKNOWN)
            : UNKNOWN,
      };
    }
    if (!NAMESPACES.has(name) && !Object.hasOwn(GLOBALS, name)) return null;
    const known = run.builtins.get(name);
    if (known) return known;
    const made: Value = { kind: "builtin", name, call: (args, place) => globalCall(run, name, args, place) };
    run.builtins.set(name, made);
    return made;
  },
  truth: (_run, value) => truthOf(value),
  binary: (_run, operator, left, right) => binary(operator, left, right),
  operate: (_run, operator, left, right) => binary(operator, left, right),
  operateInPlace: (_run, operator, left, right) => binary(operator, left, right),
  unary: (_run, operator, value) => unary(operator, value),
  attribute(run, object, name) {
    if (object.kind === "builtin") {
      const path = `${object.name}.${name}`;
      if (path === "Math.PI") return number(Math.PI);
      if (path === "Promise.all" || path === "Promise.resolve")
        return { kind: "builtin", name: path, call: ({ positional: [value] }) => value ?? UNDEFINED };
      return { kind: "builtin", name: path, call: (args, place) => globalCall(run, path, args, place) };
    }
    if (object.kind === "class" && name === "name") return string(object.name);
    if (object.kind === "function" || object.kind === "bound") {
      if (name === "call" || name === "apply" || name === "bind") return null;
    }
    return memberOfValue(run, object, name) ?? (object.kind === "unknown" ? null : promised(run, object, name));
  },
  index(run, object, index) {
    if (object.kind === "list") {
      if (index.kind === "number") return listItems(object)?.[index.value] ?? (listItems(object) ? UNDEFINED : UNKNOWN);
      return index.kind === "string" ? (memberOfValue(run, object, index.value) ?? UNKNOWN) : UNKNOWN;
    }
    if (object.kind === "string" && index.kind === "number") {
      const one = object.value[index.value];
      return one === undefined ? UNDEFINED : string(one);
    }
    const key = keyOf(index);
    if (object.kind === "dict")
      return key === null
        ? UNKNOWN
        : (entryOf(object, key) ?? entryOf(object, String(key)) ?? (isOpen(object) ? UNKNOWN : UNDEFINED));
    if (object.kind === "instance" && key !== null)
      return (
        (object.slots.get(String(key)) as Value | undefined) ?? memberOf(object.class, String(key))?.value ?? UNKNOWN
      );
    if ((object.kind === "library" || object.kind === "layer") && index.kind === "string") {
      return (
        run.libraries.attribute(
          run,
          object,
          index.value,
          object.kind === "layer" ? object.place : { unit: { start: 0, end: 0, code: [] }, start: 0, end: 0 },
        ) ?? UNKNOWN
      );
    }
    return UNKNOWN;
  },
  setIndex(run, object, index, value) {
    if (object.kind === "dict") {
      const key = keyOf(index);
      if (key === null) openUp(run.journal, object);
      else run.journal.set(object, key, value);
    } else if (object.kind === "list") {
      const items = listItems(object);
      const at = index.kind === "number" ? index.value : -1;
      const made =
        items && at >= 0 && at <= items.length ? [...items.slice(0, at), value, ...items.slice(at + 1)] : null;
      setItems(run.journal, object, made);
    } else if (object.kind === "instance") {
      const key = keyOf(index);
      if (key !== null) run.journal.set(object, String(key), value);
    }
  },
  items(_run, value) {
    if (value.kind === "list") return listItems(value);
    if (value.kind === "dict" && value.type === "dict") return entriesOfMap(value);
    if (value.kind === "string") return [...value.value].map(string);
    return null;
  },
  part: () => UNKNOWN,
  keys: (_run, value) => {
    if (value.kind === "dict") return listOf("array", itemsOf(value)?.map(([key]) => string(String(key))) ?? null);
    if (value.kind === "list") return listOf("array", listItems(value)?.map((_, at) => string(String(at))) ?? null);
    return UNKNOWN;
  },
  enter: (_run, value) => value,
  decorate: (_run, _decorator, value) => value,
  element: () => UNKNOWN,
  text: (_run, value) => textOf(value),
};

/** Waiting is no step of its own here: a promise is what comes of it. */
function promised(run: Run, object: Value, name: string): Value | null {
  if (name === "catch" || name === "finally") return { kind: "builtin", name, call: () => object };
  if (name !== "then") return null;
  return {
    kind: "builtin",
    name,
    call: ({ positional: [callee] }, place) => (callee ? call(run, callee, positional(object), place) : object),
  };
}

function globalCall(
  run: Run,
  path: string,
  args: Parameters<(typeof GLOBALS)[string]>[1],
  place: Parameters<(typeof GLOBALS)[string]>[2],
): Value {
  if (path.startsWith("Math.")) return mathOf(path.slice(5), args);
  return Object.hasOwn(GLOBALS, path) ? GLOBALS[path]!(run, args, place) : UNKNOWN;
}
