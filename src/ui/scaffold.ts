// The commands New Model…, a few questions and then a new file that trains as it is, and Open the Sample Workspace.
import * as path from "node:path";
import * as vscode from "vscode";
import { COMMANDS, type EnvironmentNeed } from "../protocol/server";
import { type Answers, type Kind, kindsFor, LANGUAGES, type Language, tasksFor } from "../scaffold/choices";
import type { NewFile } from "../scaffold/scaffold";
import type { Table } from "../scaffold/table";
import { command, UserError } from "./errors";
import type { Installation } from "./installation";
import type * as NewFiles from "./newFiles";
import type { Pythons } from "./python";
import { clearLanguage, languagesInOrder, rememberLanguage } from "./scaffoldLanguage";
import { kerasFrom, lackingSentence, type Selected } from "./scaffoldPython";
import { fileOf } from "./scripts";

/** Read whole to learn its columns, in bytes. */
const LARGEST_TABLE = 50_000_000;

interface Parts {
  installation: Installation;
  pythons: Pythons;
  /** Where the language chosen last is remembered. */
  state: vscode.Memento;
}

const newFiles = (): typeof NewFiles => require("./newFiles.js");

interface Choice<T extends string> extends vscode.QuickPickItem {
  id: T;
}

export function scaffoldCommands(parts: Parts) {
  return {
    newModel: (file?: unknown) => newModel(file instanceof vscode.Uri ? file : undefined, parts),
    openSample: () => openSample(parts.installation),
  };
}

/** `table`: a CSV file of the workspace that the new model learns from; without one the new file makes its own data. */
async function newModel(table: vscode.Uri | undefined, { pythons, state }: Parts): Promise<void> {
  const chosen = await askKind(await clearLanguage(), table, { pythons, state });
  if (!chosen) return;
  const { kind, language, selected, title } = chosen;
  const task = await ask(`${title}: what to learn`, tasksFor(kind));
  if (!task) return;

  const data = table && (await tableOf(table));
  const answers: Answers = {
    kind,
    task,
    language,
    ...(data && { data }),
    ...(language === "python" && { kerasFrom: kerasFrom(selected) }),
  };
  // What does not fit together is said before a folder is asked for.
  const unnamed = compose(() => newFiles().scaffold(answers));
  const folder = table ? vscode.Uri.joinPath(table, "..") : await targetFolder();
  if (folder) await writeInto(folder, answers);
  else await showUntitled(unnamed.text, language);
  if (language === "python") tellLacking(kindsFor(language).find(({ id }) => id === kind)!.needs, selected);
}

async function writeInto(folder: vscode.Uri, answers: Answers): Promise<void> {
  const existing = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  const { fileName, text } = newFiles().scaffoldAmong(answers, existing);
  const uri = vscode.Uri.joinPath(folder, fileName);
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (error) {
    await showUntitled(text, answers.language);
    throw new UserError(
      `The new file could not be written to ${folder.fsPath}: ${error instanceof Error ? error.message : error}. It is open unsaved; save it where you like.`,
      [command("Save As…", "workbench.action.files.saveAs")],
    );
  }
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Active, preview: false });
}

interface ChosenKind {
  kind: Kind;
  language: Language;
  /** The Python that will run the file, where it is one for Python. */
  selected: Selected;
  /** Of the question that follows. */
  title: string;
}

/** What to build, in the language that is clear, or in the one that is asked for first. */
async function askKind(
  clear: Language | undefined,
  table: vscode.Uri | undefined,
  parts: Pick<Parts, "pythons" | "state">,
): Promise<ChosenKind | undefined> {
  const language = clear ?? (await ask("New Model (1 of 3): language", languagesInOrder(parts.state)));
  if (!language) return undefined;
  if (!clear) await rememberLanguage(parts.state, language);
  const [before, of] = clear ? [0, 2] : [1, 3];
  const said = LANGUAGES.find(({ id }) => id === language)!.label;
  const python = language === "python" ? selectedPython(table, parts.pythons) : Promise.resolve("unknown" as const);
  const kinds = python.then((selected) => [
    ...kindsFor(language).map(({ id, label, description, needs }) => ({
      id,
      label,
      description: (language === "python" ? lackingSentence(needs, selected) : undefined) ?? description,
    })),
    ...(clear
      ? [{ id: "other" as const, label: "In Another Language…", description: "What is open is not what counts" }]
      : []),
  ]);
  const kind = await ask(`New Model in ${said} (${before + 1} of ${of}): what to build`, kinds);
  if (!kind) return undefined;
  if (kind === "other") return askKind(undefined, table, parts);
  return { kind, language, selected: await python, title: `New Model in ${said} (${of} of ${of})` };
}

/** A Python that cannot be asked is not known: that is told when something is trained. */
async function selectedPython(table: vscode.Uri | undefined, pythons: Pythons): Promise<Selected> {
  if (!vscode.workspace.isTrusted) return "unknown";
  const active = vscode.window.activeTextEditor?.document.uri;
  return pythons.of(table ?? (active && fileOf(active))).then(
    (python) => python ?? "none",
    () => "unknown",
  );
}

/** The file is there and right; what would run it is not. */
function tellLacking(need: EnvironmentNeed, selected: Selected): void {
  const sentence = lackingSentence(need, selected);
  if (sentence === undefined) return;
  const label = "Create Environment…";
  const text = `The new file cannot be trained yet. ${sentence}`;
  vscode.window.showInformationMessage(text, label).then((chosen) => {
    if (chosen === label) void vscode.commands.executeCommand(COMMANDS.createEnvironment, need);
  });
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
  return newFiles().readTable(name, new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

/** A table that does not fit the task is the user's to know, in the scaffold's words. */
function compose(make: () => NewFile): NewFile {
  try {
    return make();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

interface Asked<T extends string> {
  id: T;
  label: string;
  description: string;
}

async function ask<T extends string>(
  title: string,
  choices: readonly Asked<T>[] | Promise<readonly Asked<T>[]>,
): Promise<T | undefined> {
  const items: Promise<Choice<T>[]> = Promise.resolve(choices).then((all) =>
    all.map(({ id, label, description }) => ({ id, label, detail: description })),
  );
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDetail: true, ignoreFocusOut: true });
  return chosen?.id;
}

/** The folder of the active file if it is in the workspace, else the workspace folder (asked for when there are several). */
async function targetFolder(): Promise<vscode.Uri | undefined> {
  const editor = vscode.window.activeTextEditor?.document.uri;
  const active = vscode.window.activeNotebookEditor?.notebook.uri ?? (editor && fileOf(editor));
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
