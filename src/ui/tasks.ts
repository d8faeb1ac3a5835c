// Training as a VS Code task, for tasks.json and keybindings. A task follows a detached run; it does not own it.
import * as path from "node:path";
import * as vscode from "vscode";
import type { Follower, Following } from "../runs/follower";
import type { RunInfo } from "../runs/store";
import { stopRun } from "../train/stop";
import { isLive, type Runs } from "./runs";
import { fileOf, isScript, scriptUri } from "./scripts";
import type { Training } from "./training";
import { endedSentence } from "./words";

const TYPE = "fitlens";

interface Definition extends vscode.TaskDefinition {
  script: string;
  args?: string[];
}

/** What a task needs of the rest. */
interface Parts {
  training: Training;
  runs: Runs;
  follower: Follower;
}

export function registerTasks(parts: Parts): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TYPE, {
    provideTasks: () => {
      const document = scriptUri(undefined);
      const file = document && fileOf(document);
      const folder = file && vscode.workspace.getWorkspaceFolder(file);
      if (!folder || file.scheme !== "file" || !isScript(file)) return [];
      const script = path.relative(folder.uri.fsPath, file.fsPath).split(path.sep).join("/");
      return [taskOf({ type: TYPE, script }, folder, parts)];
    },
    resolveTask: (task) => {
      const scope = typeof task.scope === "object" ? task.scope : vscode.workspace.workspaceFolders?.[0];
      return scope && taskOf(task.definition as Definition, scope, parts);
    },
  });
}

function taskOf(definition: Definition, folder: vscode.WorkspaceFolder, parts: Parts): vscode.Task {
  const execution = new vscode.CustomExecution(async (resolved) => {
    const { script, args = [] } = resolved as Definition;
    return new RunTerminal(vscode.Uri.joinPath(folder.uri, script), args, parts);
  });
  const task = new vscode.Task(definition, folder, `train ${definition.script}`, TYPE, execution, []);
  task.group = vscode.TaskGroup.Test;
  task.detail = "Train in the background and follow the output";
  return task;
}

/** A terminal that starts a run, shows its output, and closes with its exit code. Closing it stops the run. */
class RunTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;
  private following: Following | undefined;
  private run: RunInfo | undefined;

  constructor(
    private readonly script: vscode.Uri,
    private readonly args: readonly string[],
    private readonly parts: Parts,
  ) {}

  open(): void {
    this.start().catch((error) => {
      this.write(`${error instanceof Error ? error.message : String(error)}\n`);
      this.closed.fire(1);
    });
  }

  close(): void {
    const run = this.run && this.parts.runs.get(this.run.folder);
    this.following?.dispose();
    // VS Code also closes terminals when the window goes; then this process ends before the delay, and the run goes on.
    if (run && isLive(run)) setTimeout(() => void stopRun(run.folder, {}).catch(() => {}), 2000);
  }

  private async start(): Promise<void> {
    this.run = await this.parts.training.start({ uri: this.script }, this.args);
    this.write(`Training ${this.script.fsPath}\n`);
    this.following = this.parts.follower.follow(this.run.folder, {
      onOutput: (text) => this.write(text),
      onStatus: (status) => {
        if (status.endedAt === undefined && status.state !== "lost") return;
        this.finish();
      },
    });
  }

  private finish(): void {
    const { folder } = this.run!;
    const run = this.parts.runs.look(folder);
    if (run) this.write(`${endedSentence(run)}\n`);
    this.following?.dispose();
    this.closed.fire(run?.status.exitCode ?? (run?.status.state === "finished" ? 0 : 1));
  }

  private write(text: string): void {
    this.written.fire(text.replace(/\r?\n/g, "\r\n"));
  }
}
