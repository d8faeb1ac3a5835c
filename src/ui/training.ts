// Starts, resumes and debugs runs for the editor: checks what must hold first, and says what is missing.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { TrainTarget } from "../protocol/server";
import type { RunInfo } from "../runs/store";
import { debugRun } from "../train/debug";
import { type LaunchOptions, launchRun, resumeRun } from "../train/launch";
import { command, type Reporter, UserError } from "./errors";
import type { Installation } from "./installation";
import type { LanguageServer } from "./languageServer";
import type { Panels } from "./panel";
import { type Runs, workspaceOf } from "./runs";

/** What a command is given: a lens's target, a file (explorer, editor menu), or nothing (the active editor). */
export type ScriptArgument = TrainTarget | vscode.Uri | undefined;

interface Parts {
  installation: Installation;
  runs: Runs;
  panels: Panels;
  reporter: Reporter;
  server: LanguageServer;
}

const SCRIPT = /\.[cm]?[jt]sx?$/;

export class Training {
  constructor(private readonly parts: Parts) {}

  readonly commands = {
    train: (script?: unknown) => this.startFromEditor(script as ScriptArgument),
    debug: (script?: unknown) => this.debugFromEditor(script as ScriptArgument),
  };

  /** Starts a run of a script file; the run is on disk and its process is started when this resolves. */
  async start(script: vscode.Uri, args: readonly string[] = []): Promise<RunInfo> {
    requireTrust();
    const launched = await launchRun(this.options(script, args));
    return this.adopt(launched.folder);
  }

  async resume(run: RunInfo): Promise<void> {
    requireTrust();
    if (!run.record) throw new UserError(`${run.folder} cannot be resumed: ${run.damaged ?? "its record is missing"}.`);
    const script = vscode.Uri.file(run.record.script);
    await resumeRun(run.folder, this.options(script, run.record.args));
    this.adopt(run.folder);
  }

  private async startFromEditor(argument: ScriptArgument): Promise<void> {
    requireTrust();
    const script = await this.savedScript(argument);
    if (isTarget(argument)) await this.requireRunnable(script);
    else await this.requireTarget(script);
    const run = await this.start(script);
    if (vscode.workspace.getConfiguration("fitlens").get("openMetricsOnTrain", true)) {
      await this.parts.panels.show(run.folder, { preserveFocus: true });
    }
  }

  private async debugFromEditor(argument: ScriptArgument): Promise<void> {
    requireTrust();
    const script = await this.savedScript(argument);
    if (!isTarget(argument)) await this.requireTarget(script);
    const { folder, configuration } = await debugRun(this.options(script, []));
    this.adopt(folder);
    const started = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(script), {
      ...configuration,
      name: `Fitlens: ${path.basename(script.fsPath)}`,
    });
    if (!started) throw new UserError(`The debugger did not start for ${path.basename(script.fsPath)}.`);
    await this.parts.panels.show(folder, { preserveFocus: true });
  }

  private adopt(folder: string): RunInfo {
    const run = this.parts.runs.look(folder);
    if (!run) throw new UserError(`The run's folder ${folder} vanished while it was started.`);
    return run;
  }

  private options(script: vscode.Uri, args: readonly string[]): LaunchOptions {
    const { installation } = this.parts;
    return {
      script: script.fsPath,
      args: [...args],
      cwd: workspaceOf(script),
      runsFolder: this.parts.runs.folderFor(script),
      engine: installation.engine(script),
      nodePath: installation.nodePath,
      distFolder: installation.dist(),
      nativeFolder: installation.nativeFolder,
    };
  }

  /** The script's file, with what is in the editor saved to it. */
  private async savedScript(argument: ScriptArgument): Promise<vscode.Uri> {
    const uri = scriptUri(argument);
    if (!uri) throw new UserError("Open a TypeScript or JavaScript file with a model first, then train it.");
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (uri.scheme === "untitled") {
      throw new UserError("This file has no name yet. Save it, then train it.", [
        command("Save As…", "workbench.action.files.saveAs"),
      ]);
    }
    if (uri.scheme !== "file") {
      throw new UserError(`Training needs a file on a disk of this machine; ${uri.scheme}: files can only be read.`);
    }
    if (!SCRIPT.test(uri.fsPath)) {
      throw new UserError(
        `${path.basename(uri.fsPath)} is not a script that Fitlens can train: expected TypeScript or JavaScript.`,
      );
    }
    if (document?.isDirty && !(await document.save())) {
      throw new UserError(`${path.basename(uri.fsPath)} could not be saved, so it was not trained.`);
    }
    return uri;
  }

  /** Without a lens's word for it, looks whether anything in the file trains. */
  private async requireTarget(script: vscode.Uri): Promise<void> {
    await this.requireRunnable(script);
    const targets = await this.parts.server.targets(script);
    if (targets.length > 0) return;
    throw new UserError(
      `${path.basename(script.fsPath)} trains nothing that Fitlens knows: expected a call of model.fit, model.fitDataset or estimator.train.`,
      [
        { label: "Run It Anyway", run: () => this.start(script).then((run) => this.parts.panels.show(run.folder)) },
        command("New Model…", "fitlens.newModel"),
      ],
    );
  }

  private async requireRunnable(script: vscode.Uri): Promise<void> {
    await fs.promises.access(script.fsPath, fs.constants.R_OK).catch(() => {
      throw new UserError(`${script.fsPath} cannot be read any more. Was it moved or deleted?`);
    });
  }
}

function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    "This workspace is in Restricted Mode, so nothing in it is started. Trust the workspace to train its scripts.",
    [command("Manage Workspace Trust", "workbench.trust.manage")],
  );
}

const isTarget = (argument: unknown): argument is TrainTarget =>
  typeof argument === "object" && argument !== null && "uri" in argument && "receiver" in argument;

/** The file that a command is about: a target's, the one given, or that of the active editor. */
export function scriptUri(argument: unknown): vscode.Uri | undefined {
  if (isTarget(argument)) return vscode.Uri.parse(argument.uri);
  if (argument instanceof vscode.Uri) return argument;
  return vscode.window.activeTextEditor?.document.uri;
}
