// One graph view: what the language server reads of a document goes to the page, what the page asks for is done. It keeps nothing that
// the page needs, so a page that was hidden or reloaded is told everything anew.
import { randomBytes } from "node:crypto";
import * as path from "node:path";
import * as v from "valibot";
import * as vscode from "vscode";
import { FromGraph, type ToGraph } from "../../protocol/graph";
import type { Reporter } from "../errors";
import type { Installation } from "../installation";
import type { LanguageServer } from "../languageServer";
import { panelHtml } from "../panelHtml";
import { fileOf } from "../scripts";
import { openGraphPlace, savePicture } from "./places";

/** Milliseconds after the last key before the document is read again. */
const PAUSE = 200;

export interface GraphParts {
  installation: Installation;
  server: LanguageServer;
  reporter: Reporter;
  log: vscode.LogOutputChannel;
}

export class GraphPanel {
  /** What the page was told last. */
  models: (ToGraph & { kind: "models" }) | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Counts what was asked of the server: an answer that a later question has overtaken is not shown. */
  private asked = 0;
  private isReady = false;

  constructor(
    readonly webview: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    private readonly parts: GraphParts,
  ) {
    const { webview: page } = webview;
    const { extensionUri } = parts.installation;
    const dist = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    const at = (file: string) => page.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, "resources", `panel-${theme}.svg`);
    webview.title = `${this.name} model`;
    webview.iconPath = { light: icon("light"), dark: icon("dark") };
    page.options = { enableScripts: true, localResourceRoots: [dist] };
    page.onDidReceiveMessage((message) => this.receive(message));
    page.html = panelHtml({
      title: "Model",
      scriptUri: at("graph.js"),
      styleUri: at("graph.css"),
      workerUri: at("elk-worker.js"),
      cspSource: page.cspSource,
      nonce: randomBytes(18).toString("hex"),
    });
  }

  get name(): string {
    return path.basename(this.uri.path);
  }

  readSoon(): void {
    clearTimeout(this.timer);
    // A hidden page is told when it is shown again.
    if (this.isReady && this.webview.visible) this.timer = setTimeout(() => void this.read(), PAUSE);
  }

  tellCursor(editor: vscode.TextEditor): void {
    const { line, character } = editor.selection.active;
    if (this.isReady) this.post({ kind: "cursor", uri: editor.document.uri.toString(), position: { line, character } });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.isReady = false;
  }

  private async read(): Promise<void> {
    const mine = ++this.asked;
    try {
      const { models } = await this.parts.server.graph(this.uri);
      if (mine !== this.asked || !this.isReady) return;
      this.models = { kind: "models", document: this.uri.toString(), name: this.name, models };
      this.post(this.models);
    } catch (error) {
      if (mine !== this.asked || !this.isReady) return;
      this.parts.log.warn(`The graph of ${this.uri}: ${error}`);
      this.post({
        kind: "gone",
        message: `${this.name} could not be read. It was moved or deleted, or it is too large.`,
      });
    }
  }

  /** Public for tests, which cannot reach into the page. */
  receive(message: unknown): void {
    const checked = v.safeParse(FromGraph, message);
    if (checked.success) void this.act(checked.output).catch((error) => this.parts.reporter.tell(error));
    else this.parts.log.warn(`The graph view said something unknown: ${checked.issues[0].message}`);
  }

  private async act(message: FromGraph): Promise<void> {
    switch (message.kind) {
      case "ready": {
        this.isReady = true;
        await this.read();
        const editor = vscode.window.activeTextEditor;
        if (editor && fileOf(editor.document.uri).toString() === this.uri.toString()) this.tellCursor(editor);
        return;
      }
      case "open-source":
        return openGraphPlace(message.at);
      case "export":
        return savePicture(`${path.parse(this.name).name}-${message.name}`, message.format, message.data);
      case "new-model":
        return void (await vscode.commands.executeCommand("fitlens.newModel"));
      case "error":
        return this.parts.log.error(`Graph view: ${message.message}`);
    }
  }

  private post(message: ToGraph): void {
    void this.webview.webview.postMessage(message);
  }
}
