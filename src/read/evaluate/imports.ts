// What an import binds: modules of libraries that are known, modules of the workspace, or something unknown.
import type { Import } from "../code";
import { attributeOf } from "./access";
import { knownEntries } from "./lists";
import type { Frame, Run } from "./run";
import { bind } from "./scope";
import { UNKNOWN, type Value } from "./value";

export function importInto(run: Run, frame: Frame, { path, names, ...span }: Import): void {
  const place = { unit: frame.unit, start: span.start, end: span.end };
  for (const { name, as } of names) {
    if (name === "*") {
      importAll(run, frame, moduleAt(run, path));
      continue;
    }
    if (name === null) {
      // `import a.b` binds a.
      const whole = run.language.name === "python" && as === path.split(".")[0] ? as : path;
      bind(run.journal, frame.scope, as, moduleAt(run, whole) ?? UNKNOWN);
      continue;
    }
    const module = moduleAt(run, path);
    const inside =
      run.language.name === "python" ? moduleAt(run, path.endsWith(".") ? path + name : `${path}.${name}`, true) : null;
    const value = module ? attributeOf(run, module, name, place) : UNKNOWN;
    bind(run.journal, frame.scope, as, value.kind === "unknown" && inside ? inside : value);
  }
}

function importAll(run: Run, frame: Frame, module: Value | null): void {
  if (module?.kind === "dict")
    for (const [name, value] of knownEntries(module)) bind(run.journal, frame.scope, String(name), value);
  else if (module?.kind === "library")
    run.libraries.importAll(run, module, (name, value) => bind(run.journal, frame.scope, name, value));
}

/** `ofWorkspace`: only what the workspace itself has under that path. */
function moduleAt(run: Run, path: string, ofWorkspace = false): Value | null {
  const own = run.modules.get(path);
  if (own !== undefined) return own;
  return ofWorkspace ? null : run.libraries.module(run, path);
}
