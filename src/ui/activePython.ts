// The file that one looks at: whether it trains and has models, for menus, and its Python while it trains: what that has and what
// the file lacks, for the status bar and the language server. Probes nothing before a Python file that trains is in the editor.
import * as vscode from "vscode";
import { defaultBackend } from "./backend";
import { lackingIn } from "./lacking";
import type { LanguageServer } from "./languageServer";
import type { Python, Pythons } from "./python";
import type { Remembered } from "./remembered";
import { fileOf, isNotebook, isPython, isScript } from "./scripts";

export interface ActivePythonState {
  script: vscode.Uri;
  /** Undefined: none was found on this machine. */
  python: Python | undefined;
  /** What the file needs and does not have, in words. */
  lacking: string | undefined;
}

interface Parts {
  pythons: Pythons;
  server: LanguageServer;
  remembered: Remembered;
}

/** How long the editor rests before it is asked again what the file needs, in milliseconds. */
const REST = 300;

export class ActivePython implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private asked = 0;
  private current: ActivePythonState | undefined;

  constructor(private readonly parts: Parts) {
    const { pythons, remembered } = parts;
    const ask = () => this.askSoon();
    this.disposables = [
      this.changed,
      vscode.window.onDidChangeActiveTextEditor(ask),
      vscode.window.onDidChangeActiveNotebookEditor(ask),
      vscode.workspace.onDidSaveTextDocument(ask),
      vscode.workspace.onDidSaveNotebookDocument(ask),
      pythons.onDidChange(ask),
      remembered.onDidChange(() => {
        this.tellServer(this.current?.python);
        ask();
      }),
    ];
    this.tellServer(undefined);
    ask();
  }

  get state(): ActivePythonState | undefined {
    return this.current;
  }

  private askSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask().catch(() => {}), REST);
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    const state = await this.look();
    if (turn !== this.asked) return;
    this.current = state;
    if (state) this.tellServer(state.python);
    this.changed.fire();
  }

  private async look(): Promise<ActivePythonState | undefined> {
    const { pythons, remembered } = this.parts;
    const notebook = vscode.window.activeNotebookEditor?.notebook.uri;
    const document = notebook ?? vscode.window.activeTextEditor?.document.uri;
    const script = document && fileOf(document);
    const { trains, hasModels } = await this.holds(script);
    void vscode.commands.executeCommand("setContext", "fitlens.fileTrains", trains);
    void vscode.commands.executeCommand("setContext", "fitlens.fileHasModels", hasModels);
    if (!script || !trains || !isPython(script) || !vscode.workspace.isTrusted) return undefined;
    const python = await pythons.of(script);
    const wish = { chosen: remembered.backend(script), usual: defaultBackend() };
    return { script, python, lacking: python && lackingIn(await textOf(script), python, wish)?.sentence };
  }

  private async holds(script: vscode.Uri | undefined): Promise<{ trains: boolean; hasModels: boolean }> {
    if (!script || !isScript(script)) return { trains: false, hasModels: false };
    const { server } = this.parts;
    const [targets, { models }] = await Promise.all([server.targets(script), server.graph(script)]);
    return { trains: targets.length > 0, hasModels: models.length > 0 };
  }

  private tellServer(python: Python | undefined): void {
    this.parts.server.tellPython({
      packages: python && python.problem === undefined ? python.packages : null,
      backends: { ...this.parts.remembered.backendsByDocument(), default: defaultBackend() },
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

/** The text of a script as it is in the editor; of a notebook its code. */
export async function textOf(script: vscode.Uri): Promise<string> {
  if (!isNotebook(script)) return (await vscode.workspace.openTextDocument(script)).getText();
  const notebook = await vscode.workspace.openNotebookDocument(script);
  const code = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  return code.map(({ document }) => document.getText()).join("\n");
}
