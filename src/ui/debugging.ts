// Debugging a training: which debugger there must be, and what to install where it is not.
import * as path from "node:path";
import * as vscode from "vscode";
import type { DebugConfiguration } from "../train/debug";
import { command, UserError } from "./errors";
import type { Python } from "./python";
import { isNotebook } from "./scripts";

const PYTHON_DEBUGGER = "ms-python.debugpy";

/** Throws, with what to do, where a Python script cannot be debugged here. */
export function requirePythonDebugger(script: vscode.Uri, python: Python): void {
  const instead = command("Train Instead", "fitlens.train", script);
  if (isNotebook(script)) {
    throw new UserError(
      `${path.basename(script.fsPath)} is trained as a program, where breakpoints in cells are not known. Debug the cell in the notebook's own kernel, or train without breakpoints.`,
      [instead],
    );
  }
  if (offersDebugger("debugpy")) return;
  const debugpy = python.packages["debugpy"];
  const has =
    debugpy === undefined ? "" : ` This Python has debugpy ${debugpy}, but VS Code needs the extension to drive it.`;
  throw new UserError(
    `Debugging Python needs the extension Python Debugger (${PYTHON_DEBUGGER}), which is not installed or not enabled here.${has} Install it and choose Debug again.`,
    [command("Show Extension", "extension.open", PYTHON_DEBUGGER), instead],
  );
}

/** Does any extension bring a debugger of that type? */
const offersDebugger = (type: string): boolean =>
  vscode.extensions.all.some(({ packageJSON }) => {
    const { contributes } = packageJSON as { contributes?: { debuggers?: { type?: unknown }[] } };
    return contributes?.debuggers?.some((each) => each.type === type) ?? false;
  });

/** Resolves when the debugger has begun. */
export async function startDebugger(script: vscode.Uri, configuration: DebugConfiguration): Promise<void> {
  const name = path.basename(script.fsPath);
  const folder = vscode.workspace.getWorkspaceFolder(script);
  const started = await vscode.debug.startDebugging(folder, { ...configuration, name: `Fitlens: ${name}` });
  if (!started) throw new UserError(`The debugger did not start for ${name}.`);
}
