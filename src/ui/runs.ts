// The runs of the open workspace, as every view sees them: lists them, keeps an eye on the live ones, tells what changed.
// What it knows it reads from the run folders; it never starts or ends a run.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { isLive as isLiveState, listRuns, type RunInfo, readRun, runNames, runsFolderOf } from "../runs/store";

export const isLive = (run: RunInfo): boolean => isLiveState(run.status.state);

/** How often the live runs are looked at, in milliseconds: a status is written twice a second at most. */
const LIVE_INTERVAL = 500;

/**
 * How often the folders are asked for runs that began elsewhere, in milliseconds. The editor's watcher tells sooner, where it
 * can: not on network drives, and not when a folder next to it has just been filled with thousands of files.
 */
const NEW_INTERVAL = 2000;

/** In milliseconds: who started a process is told how it ended a moment after others can see that it is gone. */
const ENDING = LIVE_INTERVAL / 2;

export class Runs implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly ended = new vscode.EventEmitter<RunInfo>();
  /** Something about the runs has changed. */
  readonly onDidChange = this.changed.event;
  /** A run that was live has ended while this window was open. */
  readonly onDidEnd = this.ended.event;

  private readonly byFolder = new Map<string, RunInfo>();
  private readonly folders = new Set<string>();
  /** Since when the process is gone of a run that nobody has said the end of. */
  private readonly gone = new Map<string, number>();
  /** When a folder had last changed when every run in it was known. */
  private readonly known = new Map<string, number>();
  private readonly disposables: vscode.Disposable[] = [this.changed, this.ended];
  private timer: NodeJS.Timeout | undefined;
  private loading: Promise<void>;

  constructor(private readonly log: vscode.LogOutputChannel) {
    const watcher = vscode.workspace.createFileSystemWatcher("**/.fitlens/runs/*/{run,status}.json");
    this.disposables.push(
      watcher,
      watcher.onDidCreate((uri) => this.look(path.dirname(uri.fsPath))),
      watcher.onDidChange((uri) => this.look(path.dirname(uri.fsPath))),
      watcher.onDidDelete((uri) => this.look(path.dirname(uri.fsPath))),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.reload()),
    );
    this.loading = this.load();
    const timer = setInterval(() => this.lookForNew(), NEW_INTERVAL);
    this.disposables.push({ dispose: () => clearInterval(timer) });
  }

  /** Resolves when the runs on disk have been read for the first time. */
  get ready(): Promise<void> {
    return this.loading;
  }

  /** All runs, the newest first. */
  all(): RunInfo[] {
    return [...this.byFolder.values()].sort(newestFirst);
  }

  live(): RunInfo[] {
    return this.all().filter(isLive);
  }

  get(folder: string): RunInfo | undefined {
    return this.byFolder.get(folder);
  }

  byId(id: string): RunInfo | undefined {
    return this.all().find((run) => run.id === id);
  }

  /** The newest run of a script. */
  newestOf(script: string): RunInfo | undefined {
    return this.all().find((run) => run.record?.script === script);
  }

  /** Where the runs of a script are kept: in its workspace folder, or in its own where there is none. */
  folderFor(script: vscode.Uri): string {
    return runsFolderOf(workspaceOf(script));
  }

  /** Reads one run again: after it was started, resumed or deleted here. */
  look(folder: string): RunInfo | undefined {
    this.folders.add(path.dirname(folder));
    const before = this.byFolder.get(folder);
    const now = readRun(folder);
    if (this.isEnding(folder, before, now)) return before;
    if (now) this.byFolder.set(folder, now);
    else this.byFolder.delete(folder);
    if (before && now && isLive(before) && !isLive(now)) this.ended.fire(now);
    if (JSON.stringify(before) !== JSON.stringify(now)) this.tell();
    this.watchLive();
    return now;
  }

  /** Whether the process has just been seen to be gone, so that its end may be told yet. */
  private isEnding(folder: string, before: RunInfo | undefined, now: RunInfo | undefined): boolean {
    const isOpen = before && isLive(before) && now?.status.state === "lost";
    const since = this.gone.get(folder) ?? Date.now();
    if (!isOpen || Date.now() - since >= ENDING) {
      this.gone.delete(folder);
      return false;
    }
    this.gone.set(folder, since);
    return true;
  }

  private lookForNew(): void {
    for (const folder of this.folders) {
      const changedAt = changeOf(folder);
      if (changedAt === undefined || changedAt === this.known.get(folder)) continue;
      const unknown = runNames(folder)
        .map((name) => path.join(folder, name))
        .filter((run) => !this.byFolder.has(run));
      const unread = unknown.filter((run) => !this.look(run));
      if (unread.length === 0) this.known.set(folder, changedAt);
    }
  }

  private async reload(): Promise<void> {
    this.byFolder.clear();
    this.folders.clear();
    this.known.clear();
    this.loading = this.load();
    await this.loading;
  }

  private async load(): Promise<void> {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      if (uri.scheme === "file") this.folders.add(runsFolderOf(uri.fsPath));
    }
    for (const folder of this.folders) {
      try {
        for (const run of await listRuns(folder)) this.byFolder.set(run.folder, run);
      } catch (error) {
        this.log.warn(`The runs in ${folder} could not be read: ${error}`);
      }
    }
    this.tell();
    this.watchLive();
  }

  private watchLive(): void {
    const live = this.live().length > 0;
    if (live && !this.timer) {
      this.timer = setInterval(() => {
        for (const run of this.live()) this.look(run.folder);
      }, LIVE_INTERVAL);
    } else if (!live && this.timer) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }

  private tell(): void {
    void vscode.commands.executeCommand("setContext", "fitlens.training", this.live().length > 0);
    this.changed.fire();
  }

  dispose(): void {
    clearInterval(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

/** When names in a folder last changed; undefined where there is none, or none that may be read. */
function changeOf(folder: string): number | undefined {
  try {
    return fs.statSync(folder).mtimeMs;
  } catch {
    return undefined;
  }
}

/** The folder that stands for a script's workspace. */
export function workspaceOf(script: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(script)?.uri.fsPath ?? path.dirname(script.fsPath);
}

/** By the second in the folder's name; two runs of one second by when exactly they were made. */
function newestFirst(a: RunInfo, b: RunInfo): number {
  const [left, right] = [a, b].map(({ folder }) => path.basename(folder));
  const bySecond = right!.slice(0, STAMP_LENGTH).localeCompare(left!.slice(0, STAMP_LENGTH));
  const exactly = (b.record?.createdAt ?? 0) - (a.record?.createdAt ?? 0);
  return bySecond || exactly || right!.localeCompare(left!);
}

const STAMP_LENGTH = "20261123-215301".length;
