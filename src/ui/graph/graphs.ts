// The graph views: one panel a document, beside it. Each follows the document's edits and the cursor in it, and comes back after a
// reload. It reads only, so it works in Restricted Mode as well.
import * as v from "valibot";
import * as vscode from "vscode";
import { UserError } from "../errors";
import { fileOf, isScript, scriptUri } from "../scripts";
import { GraphPanel, type GraphParts } from "./panel";

const VIEW_TYPE = "fitlens.graph";

/** What the page keeps over a reload; the rest of it is the page's own business. */
const PageState = v.object({ document: v.string() });

const LANGUAGES = /^((type|java)script(react)?|python)$/;

export class Graphs implements vscode.Disposable {
  private readonly open = new Set<GraphPanel>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly parts: GraphParts) {
    this.disposables = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.each(document.uri, (panel) => panel.readSoon());
      }),
      // Cells that come, go and move.
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0) this.each(notebook.uri, (panel) => panel.readSoon());
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.tellCursor(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.tellCursor(editor)),
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: async (webview, state) => {
          const kept = v.safeParse(PageState, state);
          if (kept.success && kept.output.document) this.adopt(webview, vscode.Uri.parse(kept.output.document));
          else webview.dispose();
        },
      }),
    ];
  }

  readonly commands = { showGraph: (argument?: unknown) => this.show(argument) };

  /** The panel that shows a document. */
  of(document: vscode.Uri): GraphPanel | undefined {
    return [...this.open].find(({ uri }) => uri.toString() === document.toString());
  }

  private show(argument: unknown): void {
    const asked = scriptUri(argument);
    const document = asked && fileOf(asked);
    if (!document || !isReadable(document))
      throw new UserError("Open a file with a model first (Python, a notebook, TypeScript or JavaScript).");
    const known = this.of(document);
    if (known) {
      known.webview.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.adopt(vscode.window.createWebviewPanel(VIEW_TYPE, "Model", column, { enableFindWidget: true }), document);
  }

  private adopt(webview: vscode.WebviewPanel, document: vscode.Uri): void {
    const panel = new GraphPanel(webview, document, this.parts);
    this.open.add(panel);
    webview.onDidDispose(() => {
      this.open.delete(panel);
      panel.dispose();
    });
  }

  private each(document: vscode.Uri, tell: (panel: GraphPanel) => void): void {
    if (this.open.size === 0) return;
    const panel = this.of(fileOf(document));
    if (panel) tell(panel);
  }

  private tellCursor(editor: vscode.TextEditor | undefined): void {
    if (editor) this.each(editor.document.uri, (panel) => panel.tellCursor(editor));
  }

  dispose(): void {
    for (const panel of this.open) panel.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

/** By its name, or by the language that the editor takes it for. */
function isReadable(uri: vscode.Uri): boolean {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return isScript(uri) || (open !== undefined && LANGUAGES.test(open.languageId));
}
