// The Python that runs a script: the Python extension's choice, else the setting, else the workspace's own environment, else
// the PATH. Looked at only when it is needed and never in a workspace that is not trusted; imports nothing of it.
import * as path from "node:path";
import * as vscode from "vscode";
import { type PythonInfo, probePython, pythonCandidates } from "../train/interpreters";
import { command, UserError } from "./errors";
import type { Installation } from "./installation";
import { type ChosenElsewhere, chosenElsewhere } from "./pythonExtension";

/** Who has chosen an interpreter, in words. */
export const SOURCES = {
  extension: "selected in the Python extension",
  setting: "named by the setting fitlens.pythonPath",
  workspace: "the workspace's own environment",
  path: "found on the PATH",
} as const;
export type PythonSource = keyof typeof SOURCES;

export interface Python extends PythonInfo {
  source: PythonSource;
}

export class Pythons implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Another interpreter may be the chosen one now, or it may have other packages. */
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[] = [this.changed];
  private elsewhere: Promise<ChosenElsewhere | undefined> | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.disposables.push(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("fitlens.pythonPath")) this.tellChange();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.tellChange()),
      vscode.extensions.onDidChange(() => {
        this.elsewhere = undefined;
      }),
    );
  }

  /** The interpreter of a resource. One that was chosen but does not work is given with its `problem`, not passed over. */
  async of(resource: vscode.Uri | undefined): Promise<Python | undefined> {
    if (!vscode.workspace.isTrusted) return undefined;
    for (const { path: program, source } of await this.inOrder(resource)) {
      const info = await probePython(program, undefined, folderOf(resource)?.fsPath);
      if (info.problem === undefined || source !== "path") return { ...info, source };
    }
    return undefined;
  }

  /** As `of`, or why nothing can be run. */
  async required(resource: vscode.Uri): Promise<Python> {
    const python = await this.of(resource);
    if (python && python.problem === undefined) return python;
    throw new UserError(
      python
        ? `The Python ${SOURCES[python.source]} cannot be used: ${python.problem}`
        : "No Python was found on this machine. Install Python 3.9 to 3.13, or name one in the setting fitlens.pythonPath.",
      [command("Select Python…", "fitlens.selectPython"), command("Create Environment…", "fitlens.createEnvironment")],
    );
  }

  /** Everything that could be chosen, each with who knows of it, without looking at it. */
  async candidates(resource: vscode.Uri | undefined): Promise<{ path: string; source: PythonSource }[]> {
    const ordered = await this.inOrder(resource);
    const known = (await (await this.otherExtension())?.known().catch(() => [])) ?? [];
    const all = [...ordered, ...known.map((program) => ({ path: program, source: "extension" as const }))];
    return all.filter((each, index) => all.findIndex((other) => other.path === each.path) === index);
  }

  /** The Python extension, where there is one. */
  otherExtension(): Promise<ChosenElsewhere | undefined> {
    this.elsewhere ??= chosenElsewhere(this.log).then((found) => {
      if (found) this.disposables.push(found.onDidChange(() => this.tellChange()));
      return found;
    });
    return this.elsewhere;
  }

  /** Makes a program the one that runs the scripts of a workspace folder: in the Python extension where there is one. */
  async choose(program: string, resource: vscode.Uri | undefined): Promise<void> {
    const elsewhere = await this.otherExtension();
    if (elsewhere) await elsewhere.choose(program, resource);
    else {
      const settings = vscode.workspace.getConfiguration("fitlens", resource);
      const target = vscode.workspace.workspaceFolders
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
      await settings.update("pythonPath", program, target);
    }
    this.tellChange();
  }

  /** Something was installed or chosen that this cannot see by itself. */
  tellChange(): void {
    this.changed.fire();
  }

  private async inOrder(resource: vscode.Uri | undefined): Promise<{ path: string; source: PythonSource }[]> {
    const folder = folderOf(resource)?.fsPath;
    const configured = this.installation.pythonPath(resource);
    const chosen = await (await this.otherExtension())?.chosen(resource).catch((error) => {
      this.log.warn(`The Python extension did not say which interpreter is selected: ${error}`);
      return undefined;
    });
    const found = pythonCandidates({ configured, workspaceFolder: folder });
    const named = found.map((program, index) => ({
      path: program,
      source: configured !== undefined && index === 0 ? "setting" : isInside(program, folder) ? "workspace" : "path",
    })) satisfies { path: string; source: PythonSource }[];
    return chosen === undefined ? named : [{ path: chosen, source: "extension" }, ...named];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

export function folderOf(resource: vscode.Uri | undefined): vscode.Uri | undefined {
  const folder = resource && vscode.workspace.getWorkspaceFolder(resource);
  return (folder ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}

const isInside = (file: string, folder: string | undefined): boolean =>
  folder !== undefined && file.startsWith(folder + path.sep);
