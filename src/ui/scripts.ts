// Which script a command means: a lens's target, a file, the active editor, a notebook or one of its cells. And saving it first.
import * as path from "node:path";
import * as vscode from "vscode";
import type { TrainTarget } from "../protocol/server";
import { command, UserError } from "./errors";

/** What a command is given: a lens's target, a file (explorer, editor menu), or nothing (the active editor). */
export type ScriptArgument = TrainTarget | vscode.Uri | undefined;

/** What is trained. */
export interface Script {
  /** The file that is run: for a cell its notebook's. */
  uri: vscode.Uri;
  /** The cell whose call is meant, counted from 0 over all cells; absent: the whole file. */
  cell?: number;
}

const SCRIPT = /\.([cm]?[jt]sx?|py|ipynb)$/i;
const PYTHON = /\.(py|ipynb)$/i;

export const isScript = (uri: vscode.Uri): boolean => SCRIPT.test(uri.path);
/** Is it run by Python? */
export const isPython = (uri: vscode.Uri): boolean => PYTHON.test(uri.path);
export const isNotebook = (uri: vscode.Uri): boolean => /\.ipynb$/i.test(uri.path);

export const isTarget = (argument: unknown): argument is TrainTarget =>
  typeof argument === "object" && argument !== null && "uri" in argument && "receiver" in argument;

/** The document that a command is about: a target's, the one given, that of the active editor, or the active notebook. */
export function scriptUri(argument: unknown): vscode.Uri | undefined {
  if (isTarget(argument)) return vscode.Uri.parse(argument.uri);
  if (argument instanceof vscode.Uri) return argument;
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook ? notebook.uri : vscode.window.activeTextEditor?.document.uri;
}

/** The file that a document is part of: itself, or the notebook of a cell. */
export function fileOf(document: vscode.Uri): vscode.Uri {
  return cellOf(document)?.notebook.uri ?? document;
}

/** The notebook's cell that a document is. */
export function cellOf(document: vscode.Uri): vscode.NotebookCell | undefined {
  if (document.scheme !== "vscode-notebook-cell") return undefined;
  const text = document.toString();
  for (const notebook of vscode.workspace.notebookDocuments) {
    const cell = notebook.getCells().find((each) => each.document.uri.toString() === text);
    if (cell) return cell;
  }
  return undefined;
}

/** The script's file, with what is in the editor saved to it. */
export async function savedScript(argument: ScriptArgument): Promise<Script> {
  const document = scriptUri(argument);
  if (!document)
    throw new UserError("Open a file with a model first (Python, TypeScript or JavaScript), then train it.");
  const cell = cellOf(document);
  const uri = cell?.notebook.uri ?? document;
  requireFile(uri);
  const open = [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments].find(
    (each) => each.uri.toString() === uri.toString(),
  );
  if (open?.isDirty && !(await isSaved(open))) {
    throw new UserError(`${path.basename(uri.fsPath)} could not be saved, so it was not trained.`);
  }
  return isTarget(argument) && cell ? { uri, cell: cell.index } : { uri };
}

/** How long a save may take that the editor has begun by itself, in milliseconds. */
const OWN_SAVE = 5000;
const LOOK = 50;

/** Saves it. Where the editor saves by itself meanwhile, after a delay, it gives up this save for that one, and says false. */
async function isSaved(document: vscode.TextDocument | vscode.NotebookDocument): Promise<boolean> {
  if (await document.save()) return true;
  for (let waited = 0; document.isDirty && waited < OWN_SAVE; waited += LOOK) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  return !document.isDirty || document.save();
}

function requireFile(uri: vscode.Uri): void {
  if (uri.scheme === "untitled") {
    throw new UserError("This file has no name yet. Save it, then train it.", [
      command("Save As…", "workbench.action.files.saveAs"),
    ]);
  }
  if (uri.scheme !== "file") {
    throw new UserError(`Training needs a file on a disk of this machine; ${uri.scheme}: files can only be read.`);
  }
  if (!isScript(uri)) {
    throw new UserError(
      `${path.basename(uri.fsPath)} is not a script that Fitlens can train: expected Python, a notebook, TypeScript or JavaScript.`,
    );
  }
}
