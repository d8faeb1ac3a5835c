// A run under VS Code's own debugger of its language: the same folder and the same hook, started by the debugger instead of by us.
import path from "node:path";
import type { RunRecord } from "../protocol/run";
import { createRun } from "../runs/store";
import { type EnvironmentOptions, trainerVariables } from "./environment";
import { pythonHook, runtimeOf } from "./languages";
import type { LaunchOptions } from "./launch";
import { recordOf } from "./record";

interface Common {
  request: "launch";
  name: string;
  program: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  console: "internalConsole";
}

/** For the JavaScript debugger that VS Code brings. */
export interface NodeConfiguration extends Common {
  type: "node";
  runtimeExecutable: string;
  runtimeArgs: string[];
  outputCapture: "std";
  skipFiles: string[];
}

/** For the Python Debugger extension, or whatever else offers debugpy under its name. */
export interface PythonConfiguration extends Common {
  type: "debugpy";
  python: string;
  justMyCode: true;
  redirectOutput: true;
  subProcess: false;
  rules: { path: string; include: boolean }[];
}

/** What `vscode.debug.startDebugging` takes. */
export type DebugConfiguration = NodeConfiguration | PythonConfiguration;

/** Makes a run and says how the debugger starts its process. */
export async function debugRun(options: LaunchOptions): Promise<{ folder: string; configuration: DebugConfiguration }> {
  const { folder, record } = createRun(options.runsFolder, await recordOf(options));
  return { folder, configuration: debugConfiguration(folder, record, options) };
}

export function debugConfiguration(folder: string, record: RunRecord, options: EnvironmentOptions): DebugConfiguration {
  const common = {
    request: "launch",
    name: "Fitlens",
    cwd: record.cwd,
    env: trainerVariables(folder, record, options),
    console: "internalConsole",
  } as const;
  const { script, args, interpreter } = record;
  if (record.language !== "python") {
    return {
      ...common,
      type: "node",
      program: script,
      args: [...args],
      runtimeExecutable: interpreter.path,
      runtimeArgs: runtimeOf(record.language).before(options.distFolder),
      outputCapture: "std",
      skipFiles: ["<node_internals>/**", `${options.distFolder}/**`],
    };
  }
  return {
    ...common,
    type: "debugpy",
    // The hook is the program, as it is without a debugger; breakpoints bind because it compiles the script by its full path.
    program: pythonHook(options.distFolder),
    args: [script, ...args],
    python: interpreter.path,
    justMyCode: true,
    redirectOutput: true,
    // A child that the script starts trains nothing of this run; following each one would slow all of them down.
    subProcess: false,
    // The hook's frames are not the user's: steps pass through them and exceptions do not stop in them.
    rules: [{ path: path.join(options.distFolder, "python"), include: false }],
  };
}
