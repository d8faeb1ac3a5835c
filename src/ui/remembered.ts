// What is remembered of each script in this workspace: the arguments and the Keras backend that a person has chosen for it.
import * as vscode from "vscode";
import { BACKENDS, type Backend } from "../protocol/server";

type Kind = "arguments" | "backends";

export class Remembered implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {}

  /** The arguments as they were typed; empty where there are none. */
  arguments(script: vscode.Uri): string {
    return this.all("arguments")[script.toString()] ?? "";
  }

  setArguments(script: vscode.Uri, text: string): Promise<void> {
    return this.set("arguments", script, text.trim());
  }

  /** The backend chosen for a script; undefined: the script's and the user's own. */
  backend(script: vscode.Uri): Backend | undefined {
    const chosen = this.all("backends")[script.toString()];
    return BACKENDS.find((backend) => backend === chosen);
  }

  setBackend(script: vscode.Uri, backend: Backend | undefined): Promise<void> {
    return this.set("backends", script, backend ?? "");
  }

  /** Every backend that was chosen, by the script's URI; for a notebook that is open also by the URIs of its cells. */
  backendsByDocument(): Record<string, string> {
    const chosen = this.all("backends");
    const ofCells = vscode.workspace.notebookDocuments.flatMap((notebook) => {
      const backend = chosen[notebook.uri.toString()];
      return backend ? notebook.getCells().map(({ document }) => [document.uri.toString(), backend]) : [];
    });
    return { ...chosen, ...Object.fromEntries(ofCells) };
  }

  private all(kind: Kind): Readonly<Record<string, string>> {
    return this.state.get<Record<string, string>>(`fitlens.${kind}`, {});
  }

  private async set(kind: Kind, script: vscode.Uri, text: string): Promise<void> {
    const { [script.toString()]: _before, ...others } = this.all(kind);
    await this.state.update(`fitlens.${kind}`, text === "" ? others : { ...others, [script.toString()]: text });
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
