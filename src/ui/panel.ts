// The metrics panel's host: one panel a script, following its run through the follower. It shows what the run folder says
// and does what the page asks; it keeps no metrics of its own, so a hidden or reloaded page starts again from byte 0.
import * as path from "node:path";
import * as v from "valibot";
import * as vscode from "vscode";
import { FromPanel, type ToPanel } from "../protocol/panel";
import type { Follower, Following } from "../runs/follower";
import type { RunInfo } from "../runs/store";
import { openPlace } from "./errors";
import type { Installation } from "./installation";
import type { LanguageServer } from "./languageServer";
import { panelHtml } from "./panelHtml";
import type { Runs } from "./runs";
import { isPython } from "./scripts";
import { scriptName } from "./words";

const VIEW_TYPE = "fitlens.metrics";

/** What the page keeps over a reload; the rest of it is the page's own business. */
const PageState = v.object({ run: v.string() });

/** What panels need of the rest. */
interface PanelParts {
  installation: Installation;
  runs: Runs;
  log: vscode.LogOutputChannel;
  follower: Follower;
  server: LanguageServer;
}

export class Panels implements vscode.Disposable {
  private readonly open = new Set<Panel>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly parts: PanelParts) {
    const { runs } = parts;
    this.disposables = [
      runs.onDidChange(() => {
        for (const panel of this.open) panel.update();
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.saved(uri)),
      vscode.workspace.onDidSaveNotebookDocument(({ uri }) => this.saved(uri)),
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: async (webview, state) => {
          const kept = v.safeParse(PageState, state);
          await runs.ready;
          const run = kept.success ? runs.byId(kept.output.run) : runs.all()[0];
          this.adopt(webview, run?.folder);
        },
      }),
    ];
  }

  /** Shows a run: in the panel that shows its script already, else in a new one beside the editor. */
  async show(folder: string, options: { preserveFocus?: boolean } = {}): Promise<void> {
    const run = this.parts.runs.get(folder) ?? this.parts.runs.look(folder);
    const panel = [...this.open].find((each) => each.folder === folder || each.script === run?.record?.script);
    if (panel) {
      panel.show(folder);
      panel.webview.reveal(undefined, options.preserveFocus);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: options.preserveFocus ?? false };
    this.adopt(vscode.window.createWebviewPanel(VIEW_TYPE, "Metrics", column, { enableFindWidget: true }), folder);
  }

  closeFor(folder: string): void {
    for (const panel of this.open) if (panel.folder === folder) panel.webview.dispose();
  }

  private saved(uri: vscode.Uri): void {
    for (const panel of this.open) if (panel.script === uri.fsPath) void panel.askWhetherConvertible();
  }

  private adopt(webview: vscode.WebviewPanel, folder: string | undefined): void {
    webview.iconPath = panelIcon(this.parts.installation.extensionUri);
    const panel = new Panel(webview, folder, this.parts);
    this.open.add(panel);
    webview.onDidDispose(() => this.open.delete(panel));
  }

  dispose(): void {
    for (const panel of this.open) panel.stopFollowing();
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

class Panel {
  private following: Following | undefined;
  private sent = "";
  private canConvert = false;

  constructor(
    readonly webview: vscode.WebviewPanel,
    public folder: string | undefined,
    private readonly parts: PanelParts,
  ) {
    const { webview: page } = webview;
    const dist = vscode.Uri.joinPath(parts.installation.extensionUri, "dist", "webview");
    page.options = { enableScripts: true, localResourceRoots: [dist] };
    page.onDidReceiveMessage((message) => this.receive(message));
    webview.onDidDispose(() => this.stopFollowing());
    page.html = panelHtml({
      title: "Metrics",
      scriptUri: page.asWebviewUri(vscode.Uri.joinPath(dist, "panel.js")).toString(),
      styleUri: page.asWebviewUri(vscode.Uri.joinPath(dist, "panel.css")).toString(),
      cspSource: page.cspSource,
      nonce: nonce(),
    });
    this.title();
  }

  get run(): RunInfo | undefined {
    return this.folder ? (this.parts.runs.get(this.folder) ?? this.parts.runs.look(this.folder)) : undefined;
  }

  get script(): string | undefined {
    return this.run?.record?.script;
  }

  /** Shows another run in the same panel. */
  show(folder: string): void {
    if (folder === this.folder) return;
    this.folder = folder;
    this.title();
    this.startFollowing();
  }

  /** Something about the runs has changed: sends the run again if it is about this one. */
  update(): void {
    if (this.following) this.sendRun();
  }

  stopFollowing(): void {
    this.following?.dispose();
    this.following = undefined;
  }

  private startFollowing(): void {
    this.stopFollowing();
    this.sent = "";
    this.sendRun();
    if (!this.folder || !this.run) return;
    void this.askWhetherConvertible();
    this.following = this.parts.follower.follow(this.folder, {
      onPoints: (series, reset) => this.post({ kind: "points", reset, series }),
      onOutput: (text, reset) => this.post({ kind: "output", reset, text }),
      onModel: () => this.sendRun(true),
      onStatus: () => {
        if (this.folder) this.parts.runs.look(this.folder);
      },
      onProblem: (message) => this.parts.log.warn(message),
    });
  }

  private sendRun(always = false): void {
    const { run } = this;
    if (!run?.record) {
      this.post({ kind: "gone", message: run?.damaged ?? "This run no longer exists. Its folder was deleted." });
      return;
    }
    const message: ToPanel = {
      kind: "run",
      run: run.record,
      status: run.status,
      ...(this.following?.model ? { model: this.following.model } : {}),
      canConvert: this.canConvert,
      canResume: vscode.workspace.isTrusted && run.record.origin !== "kernel",
    };
    // VS Code sends messages as JSON, which has no NaN: a loss that is none goes as a word, as in status.json.
    const text = JSON.stringify(message, (_key, value) =>
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
    );
    if (!always && text === this.sent) return;
    this.sent = text;
    this.post(JSON.parse(text) as ToPanel);
  }

  private title(): void {
    this.webview.title = this.run ? `${scriptName(this.run)} metrics` : "Metrics";
  }

  private post(message: ToPanel): void {
    void this.webview.webview.postMessage(message);
  }

  private receive(message: unknown): void {
    const checked = v.safeParse(FromPanel, message);
    if (!checked.success) {
      this.parts.log.warn(`The metrics panel said something unknown: ${checked.issues[0].message}`);
      return;
    }
    void this.act(checked.output);
  }

  private async act(message: FromPanel): Promise<void> {
    const { folder, run } = this;
    switch (message.kind) {
      case "ready":
        return this.startFollowing();
      case "error":
        return this.parts.log.error(`Metrics panel: ${message.message}`);
      case "control":
        return void (await vscode.commands.executeCommand(`fitlens.${message.request}`, folder));
      case "convert":
        return void (await vscode.commands.executeCommand(
          "fitlens.convertToEstimator",
          this.script ? vscode.Uri.file(this.script) : undefined,
        ));
      case "open-output":
        return void (await vscode.commands.executeCommand("fitlens.showOutput", folder));
      case "open-source":
        if (message.at && isOfTheUser(message.at.file)) return openPlace(message.at);
        return void (await vscode.commands.executeCommand("fitlens.openScript", folder));
      case "export":
        return saveCsv(run, message.csv);
    }
  }

  async askWhetherConvertible(): Promise<void> {
    const uri = this.script ? vscode.Uri.file(this.script) : undefined;
    if (!uri) return;
    // Moved, deleted, or no server: then there is nothing to offer.
    this.canConvert = await isConvertible(uri, this.parts.server).catch(() => false);
    this.update();
  }
}

/** A script that fits a Keras model, as it is now, can be converted; in Python only where that Keras has Estimators. */
async function isConvertible(script: vscode.Uri, server: LanguageServer): Promise<boolean> {
  const targets = await server.targets(script);
  const fits = targets.filter(({ call }) => call === "fit" || call === "fitDataset");
  if (!isPython(script)) return fits.length > 0;
  for (const { uri, line } of fits) {
    if ((await server.convert({ uri, line, to: "estimator" })).ok) return true;
  }
  return false;
}

/** A place that a script's error names may be anything; only files are opened. */
const isOfTheUser = (file: string): boolean => path.isAbsolute(file);

async function saveCsv(run: RunInfo | undefined, csv: string): Promise<void> {
  const name = run ? `${path.parse(scriptName(run)).name}-${run.name}.csv` : "metrics.csv";
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    filters: { "Comma-separated values": ["csv"] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (uri) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(csv));
}

/** A tab's icon is not tinted by the theme, so there is one for each. */
function panelIcon(extension: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const file = (theme: string) => vscode.Uri.joinPath(extension, "resources", `panel-${theme}.svg`);
  return { light: file("light"), dark: file("dark") };
}

function nonce(): string {
  return Array.from(globalThis.crypto.getRandomValues(new Uint8Array(18)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
