// Where Fitlens lies on this machine and what it may use: its bundles, its storage, and the settings that name programs.
import * as path from "node:path";
import * as vscode from "vscode";
import { ENGINES, type Engine } from "../protocol/run";

export class Installation {
  constructor(private readonly context: vscode.ExtensionContext) {}

  get extensionPath(): string {
    return this.context.extensionPath;
  }

  get extensionUri(): vscode.Uri {
    return this.context.extensionUri;
  }

  /** A file of the built extension. */
  dist(...names: string[]): string {
    return path.join(this.context.extensionPath, "dist", ...names);
  }

  /** Where the native engine is installed: outside every workspace. */
  get nativeFolder(): string {
    return path.join(this.context.globalStorageUri.fsPath, "native-engine");
  }

  get storage(): vscode.Uri {
    return this.context.globalStorageUri;
  }

  /** The engine asked for, for a script; `auto` leaves the choice to the trainer. */
  engine(scope: vscode.Uri): Engine | "auto" {
    const value = vscode.workspace.getConfiguration("fitlens", scope).get<string>("engine", "auto");
    return ENGINES.find((engine) => engine === value) ?? "auto";
  }

  /** The Node.js that runs scripts: the setting's, else the one that runs this extension. */
  get nodePath(): string {
    const configured = vscode.workspace.getConfiguration("fitlens").get<string>("nodePath", "").trim();
    return configured === "" ? process.execPath : configured;
  }

  /** The Python that the setting names, for a script. */
  pythonPath(scope?: vscode.Uri): string | undefined {
    const configured = vscode.workspace.getConfiguration("fitlens", scope).get<string>("pythonPath", "").trim();
    return configured === "" ? undefined : configured;
  }
}
