// Modules of the workspace: found from the file that imports them, run once, apart from the program. Knows no library, and reads no
// file itself.
import type { Statement, Unit } from "../code";
import { folderOf } from "../importPaths";
import { valueOfJsonText } from "./json";
import { knownEntries } from "./lists";
import { type Frame, isSpent, type Run, type Workspace } from "./run";
import { bind, type Scope, scopeIn } from "./scope";
import { executeAll, hoist } from "./statements";
import { type DictValue, OPEN, Slots, string, UNKNOWN, type Value } from "./value";

/** Files that one evaluation reads. */
const MOST_MODULES = 60;
/** Imports inside of one another. */
const MOST_NESTED = 20;
/** The part of what is left of the budget that one module may spend. */
const SHARE = 0.25;
/** Folders above the program's own that a path of Python may begin in. */
const MOST_ABOVE = 6;

/** The module that a unit's code imports by a path; null: the workspace has none. */
export function moduleOfWorkspace(run: Run, { file }: Unit, path: string): Value | null {
  const { workspace } = run;
  if (!workspace) return null;
  const from = folderOf(file ?? workspace.path);
  if (run.language.name === "python") return pythonModule(run, workspace, from, path);
  if (!/^\.{0,2}\//.test(path) && path !== "." && path !== "..") return null;
  return loaded(run, workspace, scriptFiles(joined(from, path)));
}

/** `a/b` and `../c` are `a/c`. */
function joined(folder: string, path: string): string {
  if (path.startsWith("/")) return path;
  const parts = folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

const ENDINGS = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".mts", ".cjs", ".cts"];

/** The files that a path of JavaScript may mean. TypeScript is imported by the name that it is compiled to. */
function scriptFiles(path: string): string[] {
  if (path.endsWith(".json")) return [path];
  const stem = /\.[cm]?jsx?$/.test(path) ? [path.replace(/js(x?)$/, "ts$1"), path] : [];
  return [...stem, ...ENDINGS.map((ending) => path + ending), ...ENDINGS.map((ending) => `${path}/index${ending}`)];
}

function pythonModule(run: Run, workspace: Workspace, from: string, path: string): Value | null {
  const dots = /^\.*/.exec(path)![0].length;
  const names = path.slice(dots).split(".").filter(Boolean);
  const folders = dots > 0 ? [above(from, dots - 1)] : upwards(from, folderOf(workspace.path));
  for (const folder of folders) {
    if (folder === null) continue;
    const whole = [folder, ...names].join("/");
    const files = names.length > 0 ? [`${whole}.py`, `${whole}/__init__.py`] : [`${whole}/__init__.py`];
    const found = loaded(run, workspace, files);
    if (found) return found;
  }
  return null;
}

const above = (folder: string, steps: number): string | null => {
  let at: string | null = folder;
  for (let step = 0; step < steps && at !== null; step++) at = at.includes("/") ? folderOf(at) : null;
  return at;
};

/** Where Python looks: beside the program, then in the folders above, which the program may have been started in. */
function upwards(from: string, program: string): string[] {
  const folders = [program];
  for (let at = from, step = 0; step <= MOST_ABOVE; step++) {
    if (!folders.includes(at)) folders.push(at);
    if (!at.includes("/")) break;
    at = folderOf(at);
  }
  return folders;
}

function loaded(run: Run, workspace: Workspace, files: readonly string[]): Value | null {
  for (const file of files) {
    const known = run.modules.get(file);
    if (known !== undefined) {
      if (known) return known;
      continue;
    }
    const made = run.modules.size < MOST_MODULES * 4 ? load(run, workspace, file) : null;
    run.modules.set(file, made);
    if (made) return made;
  }
  return null;
}

function load(run: Run, workspace: Workspace, file: string): Value | null {
  if (loadedModules(run) >= MOST_MODULES) return null;
  if (file.endsWith(".json")) return jsonModule(workspace.read(file));
  const units = workspace.units(file);
  if (!units) return null;
  const exported: DictValue = { kind: "dict", type: "object", slots: new Slots([[OPEN, true]]) };
  // One that imports itself, by another, finds what it has by then.
  run.modules.set(file, exported);
  const scope = scopeIn(null, "module");
  if (run.language.name === "python") {
    const whole: DictValue = { ...exported, slots: scope.slots };
    run.modules.set(file, whole);
    scope.slots.set("__name__", string(file));
    const isWhole = apart(run, () => runAll(run, units, scope));
    if (!isWhole) scope.slots.set(OPEN, true);
    return whole;
  }
  return scriptModule(run, units, scope, exported);
}

function jsonModule(text: string | undefined): Value | null {
  const value = text === undefined ? UNKNOWN : valueOfJsonText(text, "javascript");
  if (value.kind === "unknown") return null;
  if (value.kind === "dict" && !value.slots.has("default")) value.slots.set("default", value);
  return value.kind === "dict" ? value : { kind: "dict", type: "object", slots: new Slots([["default", value]]) };
}

const loadedModules = (run: Run): number => [...run.modules.values()].filter((one) => one !== null).length;

function scriptModule(run: Run, units: readonly Unit[], scope: Scope, exported: DictValue): Value {
  const common: DictValue = { kind: "dict", type: "object", slots: new Slots() };
  scope.slots.set("exports", common);
  scope.slots.set("module", {
    kind: "dict",
    type: "object",
    slots: new Slots([["exports", common]]),
  } satisfies DictValue);
  const moduleObject = scope.slots.get("module") as DictValue;
  const isWhole = apart(run, () => {
    runAll(run, units, scope);
    for (const unit of units) addExports(run, unit, scope, exported);
  });
  const own = moduleObject.slots.get("exports") as Value | undefined;
  const isCommon = own !== undefined && (own !== common || common.slots.size > 0);
  if (isWhole && !units.some(({ code }) => code.some(isOpenExport))) exported.slots.delete(OPEN);
  if (!isCommon) return exported;
  if (own.kind !== "dict") return own;
  // `import x from` takes all of what a module of this kind exports.
  if (!own.slots.has("default")) own.slots.set("default", own);
  return own;
}

/** Everything of another module, of which not all may be known. */
const isOpenExport = (statement: Statement): boolean =>
  statement.kind === "export" && statement.from !== null && statement.names.some(({ name }) => name === "*");

function addExports(run: Run, unit: Unit, scope: Scope, exported: DictValue): void {
  const valueIn = (slots: DictValue["slots"], name: string): Value => (slots.get(name) as Value | undefined) ?? UNKNOWN;
  for (const statement of unit.code) {
    if (statement.kind === "function-definition" && statement.isExported)
      exported.slots.set(statement.function.name, valueIn(scope.slots, statement.function.name));
    else if (statement.kind === "class-definition" && statement.isExported)
      exported.slots.set(statement.class.name, valueIn(scope.slots, statement.class.name));
    else if (statement.kind === "export") {
      const other = statement.from === null ? null : moduleOfWorkspace(run, unit, statement.from);
      const slots = statement.from === null ? scope.slots : other?.kind === "dict" ? other.slots : new Slots();
      for (const { name, as } of statement.names) {
        if (name !== "*") exported.slots.set(as, valueIn(slots, name));
        else if (as !== "*") exported.slots.set(as, other ?? UNKNOWN);
        else if (other?.kind === "dict")
          for (const [key, value] of knownEntries(other)) if (key !== "default") exported.slots.set(key, value);
      }
    }
  }
}

function runAll(run: Run, units: readonly Unit[], scope: Scope): void {
  const frameOf = (unit: Unit): Frame => ({ unit, scope, receiver: null, home: null, yielded: null });
  for (const unit of units) hoist(run, frameOf(unit), unit.code);
  for (const unit of units) executeAll(run, frameOf(unit), unit.code);
}

/**
 * Runs a module as if nothing were being tried: what it makes stays. What is seen in it is no part of the program. False where the
 * budget did not last.
 */
function apart(run: Run, work: () => void): boolean {
  const { steps, depth, uncertain, tried, following, symbolic } = run;
  if (depth >= MOST_NESTED * 3) return false;
  const marks = [run.layers, run.seen, run.found, run.lost, run.named, run.functions, run.classes, run.compiles].map(
    (all) => [all, all.length] as const,
  );
  run.steps = Math.floor(steps * SHARE);
  Object.assign(run, { uncertain: 0, tried: 0, following: 1, symbolic: 0 });
  const given = run.steps;
  let isWhole = true;
  try {
    run.journal.outside(work);
  } catch (error) {
    if (!isSpent(error)) throw error;
    isWhole = false;
  } finally {
    Object.assign(run, { depth, uncertain, tried, following, symbolic });
    run.steps = steps - (given - Math.max(0, run.steps));
    for (const [all, length] of marks) all.length = length;
  }
  return isWhole;
}

/** A name in a module of Python, as `import a.b` gives it to a. */
export function addSubmodule(parent: Value | null, name: string, module: Value): void {
  if (parent?.kind === "dict" && !parent.slots.has(name)) parent.slots.set(name, module);
}

/** `from module import *`. */
export function bindAll(run: Run, frame: Frame, module: DictValue): void {
  for (const [name, value] of knownEntries(module))
    if (!String(name).startsWith("_")) bind(run.journal, frame.scope, String(name), value);
}
