// Fitlens: New Model…: three questions, then a new file that trains as it is. And the sample workspace.
import * as path from "node:path";
import * as vscode from "vscode";
import { KINDS, LANGUAGES, type NewFile, scaffold, suggestFileName, TASKS } from "../scaffold/scaffold";
import { readTable, type Table } from "../scaffold/table";
import { command, UserError } from "./errors";
import type { Installation } from "./installation";

/** Read whole to learn its columns, in bytes. */
const LARGEST_TABLE = 50_000_000;

interface Choice<T extends string> extends vscode.QuickPickItem {
  id: T;
}

export function scaffoldCommands(installation: Installation) {
  return {
    newModel: (file?: unknown) => newModel(file instanceof vscode.Uri ? file : undefined),
    openSample: () => openSample(installation),
  };
}

/** `table`: a CSV file of the workspace that the new model learns from; without one the new file makes its own data. */
async function newModel(table?: vscode.Uri): Promise<void> {
  const kind = await ask("New Model (1 of 3): what to build", KINDS);
  if (!kind) return;
  const task = await ask("New Model (2 of 3): what to learn", TASKS);
  if (!task) return;
  const language = await ask("New Model (3 of 3): language", LANGUAGES);
  if (!language) return;

  const data = table && (await tableOf(table));
  const { fileName, text } = compose(() => scaffold({ kind, task, language, ...(data ? { data } : {}) }));
  const folder = table ? vscode.Uri.joinPath(table, "..") : await targetFolder();
  if (!folder) {
    await showUntitled(text, language);
    return;
  }
  const existing = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  const uri = vscode.Uri.joinPath(folder, suggestFileName(fileName, existing));
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (error) {
    await showUntitled(text, language);
    throw new UserError(
      `The new file could not be written to ${folder.fsPath}: ${error instanceof Error ? error.message : error}. It is open unsaved; save it where you like.`,
      [command("Save As…", "workbench.action.files.saveAs")],
    );
  }
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Active, preview: false });
}

/** A new file lies beside its table, so the file's name is the whole path. */
async function tableOf(file: vscode.Uri): Promise<Table> {
  const { size } = await vscode.workspace.fs.stat(file);
  const name = path.basename(file.path);
  if (size > LARGEST_TABLE) {
    throw new UserError(
      `${name} has ${Math.round(size / 1e6)} MB; a new model can be made from tables up to ${LARGEST_TABLE / 1e6} MB.`,
    );
  }
  return readTable(name, new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

/** A table that does not fit the task is the user's to know, in the scaffold's words. */
function compose(make: () => NewFile): NewFile {
  try {
    return make();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

async function ask<T extends string>(
  title: string,
  choices: readonly { id: T; label: string; description: string }[],
): Promise<T | undefined> {
  const items: Choice<T>[] = choices.map(({ id, label, description }) => ({ id, label, detail: description }));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDetail: true, ignoreFocusOut: true });
  return chosen?.id;
}

/** The folder of the active file if it is in the workspace, else the workspace folder (asked for when there are several). */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && vscode.workspace.getWorkspaceFolder(active)) return vscode.Uri.joinPath(active, "..");
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0]?.uri;
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: "Folder for the new file" }))?.uri;
}

async function showUntitled(content: string, language: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

/** Opens a copy of the sample that a person may change; the extension's own folder is replaced at each update. */
async function openSample(installation: Installation): Promise<void> {
  const from = vscode.Uri.file(path.join(installation.extensionPath, "resources", "sample"));
  const to = vscode.Uri.joinPath(installation.storage, "sample");
  const exists = await vscode.workspace.fs.stat(to).then(
    () => true,
    () => false,
  );
  if (!exists) await vscode.workspace.fs.copy(from, to);
  await vscode.commands.executeCommand("vscode.openFolder", to, { forceNewWindow: true });
}
