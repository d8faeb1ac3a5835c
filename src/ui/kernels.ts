// Notebooks that run in a kernel of their own: where the Jupyter extension is there, the kernel of a notebook that trains is
// told once to keep its trainings as runs. Each cell that trains is then a run while it executes. Without that extension
// nothing happens.
import * as path from "node:path";
import type { Jupyter, Kernel } from "@vscode/jupyter-extension";
import * as vscode from "vscode";
import { kernelCode } from "../train/kernels";
import type { Installation } from "./installation";
import type { LanguageServer } from "./languageServer";
import { folderOf } from "./python";
import type { Runs } from "./runs";

const JUPYTER = "ms-toolsai.jupyter";
/** A kernel takes some seconds from the first click on a cell until it is there. */
const RETRY_MILLIS = 500;
const MOST_RETRIES = 120;

/** Tells of a kernel before its first cell runs, and waits; newer than the published types, and not given to everybody. */
interface StartingKernels {
  onDidStart?: vscode.Event<{ uri: vscode.Uri; kernel: Kernel; waitUntil(work: Thenable<unknown>): void }>;
}

interface Parts {
  installation: Installation;
  runs: Runs;
  server: LanguageServer;
  log: vscode.LogOutputChannel;
}

export class Kernels implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];
  private jupyter: Promise<Jupyter | undefined> | undefined;
  /** Told already, until they start again. */
  private readonly told = new WeakSet<Kernel>();
  private readonly heard = new WeakSet<Kernel>();
  private readonly waiting = new Set<string>();
  private disposed = false;

  constructor(private readonly parts: Parts) {
    this.disposables.push(
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.look(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
        if (cellChanges.some(({ executionSummary }) => executionSummary !== undefined)) this.look(notebook);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.lookAtAll()),
      vscode.extensions.onDidChange(() => {
        this.jupyter = undefined;
      }),
    );
    this.lookAtAll();
  }

  /** The Jupyter extension's API, or one like it. */
  connect(jupyter: Jupyter): void {
    this.jupyter = Promise.resolve(jupyter);
    this.hearStarts(jupyter);
    this.lookAtAll();
  }

  private lookAtAll(): void {
    for (const notebook of vscode.workspace.notebookDocuments) this.look(notebook);
  }

  /** Waits for the notebook's kernel, as long as one may be starting. */
  private look(notebook: vscode.NotebookDocument): void {
    const key = notebook.uri.toString();
    if (!isOurs(notebook) || this.waiting.has(key)) return;
    this.waiting.add(key);
    void this.wait(notebook)
      .catch((error) => this.parts.log.warn(`The kernel of ${nameOf(notebook.uri)} is not watched: ${error}`))
      .finally(() => this.waiting.delete(key));
  }

  private async wait(notebook: vscode.NotebookDocument): Promise<void> {
    const jupyter = await this.api();
    if (!jupyter) return;
    const executed = notebook.getCells().some(({ executionSummary }) => executionSummary !== undefined);
    for (let tries = executed ? MOST_RETRIES : 1; tries > 0 && !notebook.isClosed && !this.disposed; tries--) {
      const kernel = await jupyter.kernels.getKernel(notebook.uri);
      if (kernel) return this.tell(kernel, notebook.uri);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }

  private api(): Promise<Jupyter | undefined> {
    this.jupyter ??= (async () => {
      const extension = vscode.extensions.getExtension<Jupyter>(JUPYTER);
      if (!extension) return undefined;
      const jupyter = await extension.activate();
      if (jupyter?.kernels) this.hearStarts(jupyter);
      return jupyter?.kernels ? jupyter : undefined;
    })();
    return this.jupyter;
  }

  private hearStarts(jupyter: Jupyter): void {
    try {
      const event = (jupyter.kernels as StartingKernels).onDidStart;
      const heard = event?.(({ uri, kernel, waitUntil }) => {
        const notebook = vscode.workspace.notebookDocuments.find((each) => each.uri.toString() === uri.toString());
        if (notebook && isOurs(notebook)) waitUntil(this.tell(kernel, uri));
      });
      if (heard) this.disposables.push(heard);
    } catch {
      // It is kept for others: then a kernel is told after its first cell.
    }
  }

  private async tell(kernel: Kernel, notebook: vscode.Uri): Promise<void> {
    if (kernel.language !== "python" || this.told.has(kernel)) return;
    if ((await this.parts.server.targets(notebook)).length === 0 || this.told.has(kernel)) return;
    this.told.add(kernel);
    this.hearRestarts(kernel, notebook);
    const { runs, installation, log } = this.parts;
    const file = fileOf(notebook);
    const code = kernelCode({
      distFolder: installation.dist(),
      runsFolder: runs.folderFor(vscode.Uri.file(file)),
      notebook: file,
    });
    const source = new vscode.CancellationTokenSource();
    try {
      for await (const { items } of kernel.executeCode(code, source.token)) {
        const error = items.find(({ mime }) => mime === "application/vnd.code.notebook.error");
        if (error)
          log.warn(`The kernel of ${nameOf(notebook)} is not watched: ${new TextDecoder().decode(error.data)}`);
      }
    } finally {
      source.dispose();
    }
  }

  /** A kernel that starts again has forgotten. */
  private hearRestarts(kernel: Kernel, notebook: vscode.Uri): void {
    if (this.heard.has(kernel)) return;
    this.heard.add(kernel);
    this.disposables.push(
      kernel.onDidChangeStatus((status) => {
        if (status === "idle" && !this.told.has(kernel)) {
          void this.tell(kernel, notebook).catch((error) => this.parts.log.warn(String(error)));
        } else if (/^(starting|restarting|autorestarting|terminating|dead)$/.test(status)) this.told.delete(kernel);
      }),
    );
  }

  dispose(): void {
    this.disposed = true;
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

const isOurs = (notebook: vscode.NotebookDocument): boolean =>
  vscode.workspace.isTrusted &&
  notebook.notebookType === "jupyter-notebook" &&
  /^(file|untitled)$/.test(notebook.uri.scheme);

const nameOf = (uri: vscode.Uri): string => path.posix.basename(uri.path);

/** One that has no file yet is called as its tab, in the folder that is open. */
function fileOf(notebook: vscode.Uri): string {
  if (notebook.scheme === "file") return notebook.fsPath;
  return path.join(folderOf(undefined)?.fsPath ?? path.resolve("."), nameOf(notebook));
}
