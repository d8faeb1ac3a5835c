// What is said before a Python script is started: what it needs and its Python lacks, with the ways out as buttons.
import * as vscode from "vscode";
import { textOf } from "./activePython";
import { defaultBackend } from "./backend";
import { type Lacking, lackingIn } from "./lacking";
import type { Python } from "./python";
import type { Remembered } from "./remembered";

const CREATE = "Create Environment…";
const SELECT = "Select Python…";
const BACKEND = "Select Backend…";
const ANYWAY = "Run Anyway";

/** Asked once a session for the same lack: whoever runs it anyway knows. */
const accepted = new Set<string>();

/** Whether the script is to be started. */
export async function mayStart(script: vscode.Uri, python: Python, remembered: Remembered): Promise<boolean> {
  const wish = { chosen: remembered.backend(script), usual: defaultBackend() };
  const lacking = lackingIn(await textOf(script), python, wish);
  if (!lacking) return true;
  const known = [script.toString(), python.path, lacking.sentence].join("\n");
  if (accepted.has(known)) return true;
  switch (await vscode.window.showWarningMessage(lacking.sentence, ...choices(lacking))) {
    case CREATE:
      await vscode.commands.executeCommand("fitlens.createEnvironment", lacking.need, lacking.backend);
      return false;
    case SELECT:
      await vscode.commands.executeCommand("fitlens.selectPython", script);
      return false;
    case BACKEND:
      await vscode.commands.executeCommand("fitlens.selectBackend", script);
      return false;
    case ANYWAY:
      accepted.add(known);
      return true;
    default:
      return false;
  }
}

const choices = ({ refused, backend }: Lacking): string[] => [
  CREATE,
  SELECT,
  ...(refused ? (backend ? [BACKEND] : []) : [ANYWAY]),
];
