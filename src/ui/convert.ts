// Convert to Estimator: shows what would change in VS Code's own diff editor; one click applies it, one undo takes it back.
import * as path from "node:path";
import * as vscode from "vscode";
import type { ConvertResult, TrainTarget } from "../protocol/server";
import { openPlace, type Reporter, UserError } from "./errors";
import type { LanguageServer } from "./languageServer";
import { cellOf, isNotebook, scriptUri } from "./scripts";

const SCHEME = "fitlens-preview";

/** A conversion that is being looked at. */
interface Preview {
  document: vscode.TextDocument;
  version: number;
  newText: string;
}

export class Conversions implements vscode.Disposable {
  private readonly previews = new Map<string, Preview>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly disposables = [
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: (uri) => this.previews.get(uri.path)?.newText ?? "",
    }),
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const tab of closed) this.forget(previewOf(tab));
    }),
  ];

  constructor(
    private readonly server: LanguageServer,
    private readonly reporter: Reporter,
  ) {}

  readonly commands = {
    convertToEstimator: (target?: unknown) => this.preview(target),
    applyConversion: (uri?: unknown) => this.apply(asUri(uri)),
    discardConversion: (uri?: unknown) => this.close(asUri(uri)),
  };

  private async preview(argument: unknown): Promise<void> {
    const asked = scriptUri(argument);
    const uri = asked && isNotebook(asked) ? await this.cellThatTrains(asked) : asked;
    if (!uri) throw new UserError("Open a file with a Keras model first, then convert it.");
    const document = await vscode.workspace.openTextDocument(uri);
    const target = argument as TrainTarget | undefined;
    const line = typeof target?.line === "number" ? { line: target.line } : {};
    const result = await this.server.convert({ uri: uri.toString(), to: "estimator", ...line });
    if (!result.ok) throw refusal(document, result);

    const shown = previewUri(uri);
    this.previews.set(shown.path, { document, version: document.version, newText: result.newText });
    this.changed.fire(shown);
    await this.tellContext();
    const name = path.basename(shown.path);
    await vscode.commands.executeCommand("vscode.diff", uri, shown, `${name}: Convert to Estimator`, {
      preview: true,
      viewColumn: vscode.ViewColumn.One,
    });
    void this.offer(shown, name, result.notes);
  }

  /** Of a notebook: the cell that is selected where it trains, else the first that does. */
  private async cellThatTrains(notebook: vscode.Uri): Promise<vscode.Uri | undefined> {
    const cells = (await this.server.targets(notebook)).map(({ uri }) => uri);
    const selected = vscode.window.activeTextEditor?.document.uri.toString();
    const chosen = cells.find((cell) => cell === selected) ?? cells[0];
    return chosen === undefined ? undefined : vscode.Uri.parse(chosen);
  }

  /** The two choices in words beside the diff, with what is worth knowing before choosing. */
  private async offer(shown: vscode.Uri, name: string, notes: readonly string[]): Promise<void> {
    const text = [`${name} would train the same model through an Estimator.`, ...notes].join(" ");
    const choice = await vscode.window.showInformationMessage(text, "Apply", "Discard");
    try {
      if (choice === "Apply") await this.apply(shown);
      else if (choice === "Discard") await this.close(shown);
    } catch (error) {
      this.reporter.tell(error);
    }
  }

  private async apply(uri: vscode.Uri | undefined): Promise<void> {
    const shown = uri ?? this.only();
    const preview = shown && this.previews.get(shown.path);
    if (!shown || !preview) throw new UserError("No conversion is being previewed. Choose Convert to Estimator first.");
    const { document, version, newText } = preview;
    if (document.version !== version) {
      await this.close(shown);
      throw new UserError(`${path.basename(document.fileName)} was edited meanwhile. Convert it again.`);
    }
    const edit = new vscode.WorkspaceEdit();
    const { range, text } = changedPart(document, newText);
    edit.replace(document.uri, range, text);
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new UserError(`${path.basename(document.fileName)} could not be edited. Is it read-only?`);
    }
    await this.close(shown);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  }

  private async close(uri: vscode.Uri | undefined): Promise<void> {
    const shown = uri ?? this.only();
    if (!shown) return;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => previewOf(tab)?.path === shown.path));
    this.forget(shown);
    // The message that offered the choice has nothing to say any more; an extension cannot take it back, only out of sight.
    await vscode.commands.executeCommand("notifications.hideToasts");
  }

  private only(): vscode.Uri | undefined {
    const active = vscode.window.tabGroups.activeTabGroup.activeTab;
    const [first] = this.previews.keys();
    return (active && previewOf(active)) ?? (first ? vscode.Uri.from({ scheme: SCHEME, path: first }) : undefined);
  }

  private forget(uri: vscode.Uri | undefined): void {
    if (uri && this.previews.delete(uri.path)) void this.tellContext();
  }

  private async tellContext(): Promise<void> {
    await vscode.commands.executeCommand("setContext", "fitlens.previewing", this.previews.size > 0);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

function refusal(document: vscode.TextDocument, result: ConvertResult & { ok: false }): UserError {
  const { line } = result;
  if (line === undefined) return new UserError(result.message);
  return new UserError(result.message, [
    { label: "Go to Line", run: () => openPlace({ file: document.uri.fsPath, line: line + 1 }) },
  ]);
}

/** Of a cell it is named after the notebook, with Python's ending so that it is shown as Python. */
function previewUri(uri: vscode.Uri): vscode.Uri {
  const cell = cellOf(uri);
  const name = cell ? uri.path.replace(/\.ipynb$/i, `, cell ${cell.index + 1}.py`) : uri.path;
  return uri.with({ scheme: SCHEME, path: name, query: "", fragment: "" });
}

/** The smallest whole range that differs, so that cursors, folds and marks elsewhere in the file stay. */
function changedPart(document: vscode.TextDocument, newText: string): { range: vscode.Range; text: string } {
  const old = document.getText();
  const most = Math.min(old.length, newText.length);
  let start = 0;
  while (start < most && old[start] === newText[start]) start++;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === newText[newText.length - 1 - end]) end++;
  return {
    range: new vscode.Range(document.positionAt(start), document.positionAt(old.length - end)),
    text: newText.slice(start, newText.length - end),
  };
}

function previewOf(tab: vscode.Tab): vscode.Uri | undefined {
  const { input } = tab;
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME ? input.modified : undefined;
}

const asUri = (value: unknown): vscode.Uri | undefined =>
  value instanceof vscode.Uri && value.scheme === SCHEME ? value : undefined;
