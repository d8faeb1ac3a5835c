// Watched terminals: with the setting on, new terminals carry the environment by which a Python or a Node that trains becomes a
// run. Shown in the status bar while it is on; never in a workspace that is not trusted.
import * as vscode from "vscode";
import { runsFolderOf } from "../runs/store";
import { watchedTerminal } from "../train/terminals";
import type { Installation } from "./installation";
import { requireTrust } from "./trust";

const SETTING = "watchTerminals";

interface Parts {
  variables: vscode.GlobalEnvironmentVariableCollection;
  installation: Installation;
  log: vscode.LogOutputChannel;
}

export class WatchedTerminals implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    "fitlens.watchTerminals",
    vscode.StatusBarAlignment.Left,
    49,
  );
  private readonly disposables: vscode.Disposable[];
  private watched: readonly vscode.WorkspaceFolder[] = [];

  readonly commands = { toggleWatchTerminals: () => toggle() };

  constructor(private readonly parts: Parts) {
    this.item.name = "Fitlens Watching Terminals";
    this.item.text = "$(eye) Watching terminals";
    this.item.tooltip =
      "A python or node that trains in a new terminal is a run of Fitlens. Terminals that were open before are not watched.\nClick to stop watching.";
    this.item.accessibilityInformation = { label: "Watching terminals. Stop watching." };
    this.item.command = "fitlens.toggleWatchTerminals";
    parts.variables.description = "Fitlens: a training that is started here is a run (setting fitlens.watchTerminals).";
    const update = () => this.update();
    this.disposables = [
      this.item,
      vscode.workspace.onDidChangeWorkspaceFolders(update),
      vscode.workspace.onDidGrantWorkspaceTrust(update),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`fitlens.${SETTING}`)) this.update();
      }),
    ];
    this.update();
  }

  private update(): void {
    const { variables, log } = this.parts;
    const all = localFolders();
    // VS Code keeps what an earlier window has contributed.
    for (const folder of [...this.watched, ...all]) variables.getScoped({ workspaceFolder: folder }).clear();
    this.watched = isOn() ? all : [];
    for (const folder of this.watched) {
      try {
        this.contribute(variables.getScoped({ workspaceFolder: folder }), folder);
      } catch (error) {
        log.error(`Terminals in ${folder.name} cannot be watched: ${error}`);
      }
    }
    if (this.watched.length > 0) this.item.show();
    else this.item.hide();
  }

  private contribute(variables: vscode.EnvironmentVariableCollection, folder: vscode.WorkspaceFolder): void {
    const { installation } = this.parts;
    const { replace, prepend, append } = watchedTerminal({
      workspaceFolder: folder.uri.fsPath,
      distFolder: installation.dist(),
      storage: vscode.Uri.joinPath(installation.storage, "terminals").fsPath,
    });
    for (const [name, value] of Object.entries(replace)) variables.replace(name, value);
    for (const [name, value] of Object.entries(prepend)) variables.prepend(name, value);
    for (const [name, value] of Object.entries(append)) variables.append(name, value);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

function isOn(): boolean {
  return vscode.workspace.isTrusted && vscode.workspace.getConfiguration("fitlens").get<boolean>(SETTING, false);
}

/** Those whose terminals run on this machine. */
const localFolders = (): readonly vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");

/** On for this workspace; off wherever it was turned on. */
async function toggle(): Promise<void> {
  requireTrust("its terminals are not watched");
  const settings = vscode.workspace.getConfiguration("fitlens");
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  if (!settings.get<boolean>(SETTING, false)) {
    await settings.update(SETTING, true, target);
    // By this folder VS Code knows at its next start that Fitlens has to do with the workspace.
    for (const { uri } of localFolders()) {
      await vscode.workspace.fs.createDirectory(vscode.Uri.file(runsFolderOf(uri.fsPath)));
    }
    return;
  }
  await settings.update(SETTING, undefined, target);
  // The user's own settings may turn it on for all workspaces: then this one says no.
  if (vscode.workspace.getConfiguration("fitlens").get<boolean>(SETTING, false)) {
    await vscode.workspace.getConfiguration("fitlens").update(SETTING, false, target);
  }
}
