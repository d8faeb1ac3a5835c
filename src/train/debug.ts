// A run under VS Code's own JavaScript debugger: the same folder and the same hook, started by the debugger instead of by us.
import { createRun } from "../runs/store";
import { trainerVariables } from "./environment";
import { type LaunchOptions, nodeArguments } from "./launch";
import { recordOf } from "./record";

/** What `vscode.debug.startDebugging` takes. */
export interface DebugConfiguration {
  type: "node";
  request: "launch";
  name: string;
  program: string;
  args: string[];
  cwd: string;
  runtimeExecutable: string;
  runtimeArgs: string[];
  env: Record<string, string | null>;
  console: "internalConsole";
  outputCapture: "std";
  skipFiles: string[];
}

/** Makes a run and says how the debugger starts its process. */
export async function debugRun(options: LaunchOptions): Promise<{ folder: string; configuration: DebugConfiguration }> {
  const { folder } = createRun(options.runsFolder, await recordOf(options));
  return { folder, configuration: debugConfiguration(folder, options) };
}

export function debugConfiguration(folder: string, options: LaunchOptions): DebugConfiguration {
  return {
    type: "node",
    request: "launch",
    name: "Fitlens",
    program: options.script,
    args: [...(options.args ?? [])],
    cwd: options.cwd,
    runtimeExecutable: options.nodePath ?? process.execPath,
    runtimeArgs: nodeArguments(options.distFolder),
    env: trainerVariables(folder, options),
    console: "internalConsole",
    outputCapture: "std",
    skipFiles: ["<node_internals>/**", `${options.distFolder}/**`],
  };
}
