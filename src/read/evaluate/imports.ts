// What an import binds: modules of libraries that are known, modules of the workspace, or something unknown.
import type { Import } from "../code";
import { attributeOf } from "./access";
import { guarded } from "./found";
import { addSubmodule, bindAll, moduleOfWorkspace } from "./modules";
import type { Frame, Run } from "./run";
import { bind } from "./scope";
import { UNKNOWN, type Value } from "./value";

export function importInto(run: Run, frame: Frame, { path, names, ...span }: Import): void {
  const place = { unit: frame.unit, start: span.start, end: span.end };
  const taken = names.flatMap(({ name }) => name ?? []).filter((name) => name !== "*");
  const [first, last] = [names[0]?.span ?? span, names.at(-1)?.span ?? span];
  run.libraries.imported?.(run, path, taken, { ...place, start: first.start, end: last.end }, place);
  for (const { name, as } of names) {
    if (name === "*") {
      importAll(run, frame, moduleAt(run, frame, path));
      continue;
    }
    if (name === null) {
      // `import a.b` binds a.
      const whole = run.language.name === "python" && as === path.split(".")[0] ? as : path;
      const module = moduleAt(run, frame, whole);
      if (whole !== path) addParts(run, frame, path, module);
      bind(run.journal, frame.scope, as, module ?? UNKNOWN);
      continue;
    }
    const module = moduleAt(run, frame, path);
    // What it imports has been judged.
    const value = module ? guarded(run, () => attributeOf(run, module, name, place)) : UNKNOWN;
    bind(run.journal, frame.scope, as, value.kind === "unknown" ? (partOf(run, frame, path, name) ?? value) : value);
  }
}

/** `from a import b`, where b is a module in a. */
function partOf(run: Run, frame: Frame, path: string, name: string): Value | null {
  if (run.language.name !== "python" || run.libraries.module(run, path)) return null;
  return moduleOfWorkspace(run, frame.unit, path.endsWith(".") ? path + name : `${path}.${name}`);
}

/** `import a.b.c`: a has b, and b has c. */
function addParts(run: Run, frame: Frame, path: string, first: Value | null): void {
  const names = path.split(".");
  let parent = first?.kind === "dict" ? first : null;
  for (let at = 1; at < names.length; at++) {
    const module = moduleOfWorkspace(run, frame.unit, names.slice(0, at + 1).join("."));
    if (!module) return;
    if (parent) addSubmodule(parent, names[at]!, module);
    parent = module.kind === "dict" ? module : null;
  }
}

function importAll(run: Run, frame: Frame, module: Value | null): void {
  if (module?.kind === "dict") bindAll(run, frame, module);
  else if (module?.kind === "library")
    run.libraries.importAll(run, module, (name, value) => bind(run.journal, frame.scope, name, value));
}

/** A library's where one has it, else the workspace's. */
const moduleAt = (run: Run, frame: Frame, path: string): Value | null =>
  run.libraries.module(run, path) ?? moduleOfWorkspace(run, frame.unit, path);
