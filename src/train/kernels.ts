// What a notebook's kernel is told so that each cell that trains is a run. Python text; knows nothing of who sends it.
import path from "node:path";

export interface WatchedKernel {
  distFolder: string;
  /** Where the runs of the notebook are kept. */
  runsFolder: string;
  /** The notebook's file. */
  notebook: string;
}

/**
 * Leaves no name behind in the notebook, and does nothing on another machine, where our files are not. A second time it changes
 * nothing.
 */
export function kernelCode({ distFolder, runsFolder, notebook }: WatchedKernel): string {
  const [hook, runs, book] = [path.join(distFolder, "python"), runsFolder, notebook].map((text) =>
    JSON.stringify(text),
  );
  const code = `
import os, sys
hook = ${hook}
if sys.version_info >= (3, 8) and os.path.isdir(os.path.join(hook, "fitlens")):
    sys.path.insert(0, hook)
    try:
        import fitlens
    finally:
        sys.path.remove(hook)
    fitlens.watch(${runs}, ${book}, "kernel")
`;
  return `exec(${JSON.stringify(code)}, {"__name__": "fitlens.start"})`;
}
