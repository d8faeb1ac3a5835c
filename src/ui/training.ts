// Starts, resumes and debugs runs for the editor: checks what must hold first, and says what is missing.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import type { RunInfo } from "../runs/store";
import { debugRun } from "../train/debug";
import { type LaunchOptions, launchRun, resumeRun } from "../train/launch";
import { LaunchError } from "../train/launchError";
import { argumentsOf, askArguments } from "./arguments";
import { mayStart } from "./beforeTraining";
import { requirePythonDebugger, startDebugger } from "./debugging";
import { command, UserError } from "./errors";
import type { Installation } from "./installation";
import type { LanguageServer } from "./languageServer";
import type { Panels } from "./panel";
import type { Python, Pythons } from "./python";
import type { Remembered } from "./remembered";
import { type Runs, workspaceOf } from "./runs";
import { isNotebook, isPython, isTarget, type Script, type ScriptArgument, savedScript } from "./scripts";
import { requireTrust } from "./trust";

interface Parts {
  installation: Installation;
  runs: Runs;
  panels: Panels;
  server: LanguageServer;
  pythons: Pythons;
  remembered: Remembered;
}

/** A script with the Python that runs it, where it is Python. */
interface Prepared extends Script {
  python?: Python | undefined;
}

export class Training {
  constructor(private readonly parts: Parts) {}

  readonly commands = {
    train: (script?: unknown) => this.trainFromEditor(script as ScriptArgument),
    trainWithArguments: (script?: unknown, text?: unknown) =>
      this.trainWithArguments(script as ScriptArgument, typeof text === "string" ? text : undefined),
    debug: (script?: unknown) => this.debugFromEditor(script as ScriptArgument),
  };

  /** Starts a run of a script file; the run is on disk and its process is started when this resolves. */
  async start(script: Script, args: readonly string[]): Promise<RunInfo> {
    requireTrust();
    return this.launch({ ...script, python: await this.pythonOf(script.uri) }, args);
  }

  /** All that the process is started with is in the run's record. */
  async resume(run: RunInfo): Promise<void> {
    requireTrust();
    if (!run.record) throw new UserError(`${run.folder} cannot be resumed: ${run.damaged ?? "its record is missing"}.`);
    const { installation } = this.parts;
    const options = { distFolder: installation.dist(), nativeFolder: installation.nativeFolder };
    await resumeRun(run.folder, options).catch((error) => {
      throw run.record?.language === "python" ? withWaysOut(error) : error;
    });
    this.adopt(run.folder);
  }

  private async trainFromEditor(argument: ScriptArgument): Promise<void> {
    const prepared = await this.prepare(argument);
    if (!prepared) return;
    const run = await this.launch(prepared, argumentsOf(prepared.uri, this.parts.remembered));
    if (vscode.workspace.getConfiguration("fitlens").get("openMetricsOnTrain", true)) {
      await this.parts.panels.show(run.folder, { preserveFocus: true });
    }
  }

  private async trainWithArguments(argument: ScriptArgument, text: string | undefined): Promise<void> {
    requireTrust();
    const { uri } = await savedScript(argument);
    if (await askArguments(uri, this.parts.remembered, text)) await this.trainFromEditor(argument ?? uri);
  }

  private async debugFromEditor(argument: ScriptArgument): Promise<void> {
    const prepared = await this.prepare(argument, (script, python) => python && requirePythonDebugger(script, python));
    if (!prepared) return;
    const { uri } = prepared;
    const options = this.options(prepared, argumentsOf(uri, this.parts.remembered));
    const { folder, configuration } = await debugRun(options).catch((error) => {
      throw prepared.python ? withWaysOut(error) : error;
    });
    this.adopt(folder);
    await startDebugger(uri, configuration);
    await this.parts.panels.show(folder, { preserveFocus: true });
  }

  /** The script, saved and fit to be started; undefined where the person was told what is missing and turned away. */
  private async prepare(
    argument: ScriptArgument,
    check: (script: vscode.Uri, python: Python | undefined) => void = () => {},
  ): Promise<Prepared | undefined> {
    requireTrust();
    const script = await savedScript(argument);
    await requireReadable(script.uri);
    if (!isTarget(argument)) await this.requireTarget(script.uri);
    const python = await this.pythonOf(script.uri);
    check(script.uri, python);
    if (python && !(await mayStart(script.uri, python, this.parts.remembered))) return undefined;
    return { ...script, python };
  }

  private async pythonOf(script: vscode.Uri): Promise<Python | undefined> {
    return isPython(script) ? this.parts.pythons.required(script) : undefined;
  }

  private async launch(prepared: Prepared, args: readonly string[]): Promise<RunInfo> {
    const launched = await launchRun(this.options(prepared, args)).catch((error) => {
      throw prepared.python ? withWaysOut(error) : error;
    });
    return this.adopt(launched.folder);
  }

  private adopt(folder: string): RunInfo {
    const run = this.parts.runs.look(folder);
    if (!run) throw new UserError(`The run's folder ${folder} vanished while it was started.`);
    return run;
  }

  private options({ uri, cell, python }: Prepared, args: readonly string[]): LaunchOptions {
    const { installation, remembered, runs } = this.parts;
    const common = {
      script: uri.fsPath,
      args: [...args],
      cwd: workspaceOf(uri),
      runsFolder: runs.folderFor(uri),
      distFolder: installation.dist(),
      nativeFolder: installation.nativeFolder,
    };
    if (!python) return { ...common, engine: installation.engine(uri), nodePath: installation.nodePath };
    const backend = remembered.backend(uri);
    return {
      ...common,
      pythonPath: python.path,
      ...(backend !== undefined && { backend }),
      ...(cell !== undefined && { cell }),
    };
  }

  /** Without a lens's word for it, looks whether anything in the file trains. */
  private async requireTarget(script: vscode.Uri): Promise<void> {
    const targets = await this.parts.server.targets(script);
    if (targets.length > 0) return;
    const calls = isPython(script)
      ? "model.fit, estimator.train or tf.estimator.train_and_evaluate"
      : "model.fit, model.fitDataset or estimator.train";
    throw new UserError(
      `${path.basename(script.fsPath)} trains nothing that Fitlens knows: expected a call of ${calls}${isNotebook(script) ? " in one of its cells" : ""}.`,
      [{ label: "Run It Anyway", run: () => this.runAnyway(script) }, command("New Model…", "fitlens.newModel")],
    );
  }

  private async runAnyway(script: vscode.Uri): Promise<void> {
    const run = await this.start({ uri: script }, argumentsOf(script, this.parts.remembered));
    await this.parts.panels.show(run.folder);
  }
}

/** What the launcher refuses because of the Python, with the ways to another one. */
function withWaysOut(error: unknown): unknown {
  if (!(error instanceof LaunchError) || !/\bPython\b|fitlens\.pythonPath/.test(error.message)) return error;
  return new UserError(error.message, [
    command("Select Python…", "fitlens.selectPython"),
    command("Create Environment…", "fitlens.createEnvironment"),
  ]);
}

async function requireReadable(script: vscode.Uri): Promise<void> {
  await fs.promises.access(script.fsPath, fs.constants.R_OK).catch(() => {
    throw new UserError(`${script.fsPath} cannot be read any more. Was it moved or deleted?`);
  });
}
