// Fitlens: Select Python…: what there is on this machine, each told by what it has of the frameworks, and ways to others.
import * as vscode from "vscode";
import { probePython } from "../train/interpreters";
import { UserError } from "./errors";
import { folderOf, type PythonSource, type Pythons, SOURCES } from "./python";
import { pythonText } from "./pythonNeeds";
import { fileOf, scriptUri } from "./scripts";
import { requireTrust } from "./trust";

/** What choosing an item does: an interpreter, or a way to others. */
type Choice = { python: string } | { way: "browse" | "other" | "create" };
type Item = vscode.QuickPickItem & { choice?: Choice };

export function selectPythonCommands(pythons: Pythons) {
  return { selectPython: (argument?: unknown) => selectPython(argument, pythons) };
}

async function selectPython(argument: unknown, pythons: Pythons): Promise<void> {
  requireTrust("no Python is asked what it has");
  const document = scriptUri(argument);
  const resource = document ? fileOf(document) : folderOf(undefined);
  const choice = await pick(pythons, resource);
  if (!choice) return;
  if ("python" in choice) return pythons.choose(choice.python, resource);
  switch (choice.way) {
    case "browse":
      return browse(pythons, resource);
    case "other":
      return void (await vscode.commands.executeCommand((await pythons.otherExtension())!.selectCommand));
    case "create":
      return void (await vscode.commands.executeCommand("fitlens.createEnvironment"));
  }
}

/** Shows what is known at once; what each Python has is told as it answers. */
async function pick(pythons: Pythons, resource: vscode.Uri | undefined): Promise<Choice | undefined> {
  const list = vscode.window.createQuickPick<Item>();
  list.title = "Python for training";
  list.placeholder = "The interpreter that runs scripts and notebooks of this folder";
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.busy = true;
  const chosen = new Promise<Choice | undefined>((resolve) => {
    list.onDidAccept(() => {
      const [item] = list.selectedItems;
      if (!item?.choice) return;
      resolve(item.choice);
      list.hide();
    });
    list.onDidHide(() => resolve(undefined));
  });
  list.show();
  void fill(list, pythons, resource).catch((error) => {
    list.placeholder = `The interpreters could not be listed: ${error}`;
    list.busy = false;
  });
  try {
    return await chosen;
  } finally {
    list.dispose();
  }
}

async function fill(list: vscode.QuickPick<Item>, pythons: Pythons, resource: vscode.Uri | undefined): Promise<void> {
  const [candidates, current, other] = await Promise.all([
    pythons.candidates(resource),
    pythons.of(resource),
    pythons.otherExtension(),
  ]);
  const items = candidates.map(({ path, source }) => interpreterItem(path, source, path === current?.path));
  const ways = waysToOthers(other !== undefined);
  const show = () => {
    const [active] = list.activeItems;
    list.items = [...items, ...ways];
    const again = list.items.find(
      (item) => item.choice && JSON.stringify(item.choice) === JSON.stringify(active?.choice),
    );
    if (again) list.activeItems = [again];
  };
  show();
  await Promise.all(
    candidates.map(async ({ path, source }, index) => {
      const info = await probePython(path);
      const item = interpreterItem(path, source, path === current?.path);
      items[index] =
        info.problem === undefined ? { ...item, label: pythonText(info) } : { ...item, detail: info.problem };
      show();
    }),
  );
  list.busy = false;
}

const interpreterItem = (path: string, source: PythonSource, isCurrent: boolean): Item => ({
  label: "Python",
  description: [isCurrent ? "current" : "", SOURCES[source]].filter(Boolean).join(" · "),
  detail: path,
  choice: { python: path },
});

const waysToOthers = (otherExtension: boolean): Item[] => [
  { label: "Others", kind: vscode.QuickPickItemKind.Separator },
  { label: "Browse…", detail: "A Python program on this machine", choice: { way: "browse" } },
  ...(otherExtension
    ? [
        {
          label: "Select in the Python Extension…",
          detail: "Its own list of interpreters",
          choice: { way: "other" },
        } as const,
      ]
    : []),
  {
    label: "Create Environment…",
    detail: "A new one in this folder with what the file needs",
    choice: { way: "create" },
  },
];

async function browse(pythons: Pythons, resource: vscode.Uri | undefined): Promise<void> {
  const folder = folderOf(resource);
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: "A Python program",
      openLabel: "Select",
      canSelectFiles: true,
      // Only there can a dialog offer both.
      canSelectFolders: process.platform === "darwin",
      ...(folder && { defaultUri: folder }),
    })) ?? [];
  if (!chosen) return;
  const info = await probePython(chosen.fsPath);
  if (info.problem !== undefined) throw new UserError(`It was not selected: ${info.problem}`);
  await pythons.choose(info.path, resource);
}
