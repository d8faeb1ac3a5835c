// `fitlens train`: starts a run and follows it with one progress line, or leaves it to itself.
import fs from "node:fs";
import path from "node:path";
import { ENGINES, type Engine, type RunStatus } from "../protocol/run";
import { BACKENDS } from "../protocol/server";
import { follow } from "../runs/follow";
import { isLive, type RunInfo, readRun, runsFolderOf } from "../runs/store";
import { endedSentence, progressText } from "../runs/words";
import { languageOf } from "../train/languages";
import { type LaunchOptions, launchRun } from "../train/launch";
import { stopRun } from "../train/stop";
import { CliError, plain, printJson } from "./output";

interface TrainOptions {
  engine?: string;
  python?: string;
  backend?: string;
  cell?: number;
  detach?: true;
  workspace: string;
  json?: true;
}

export async function trainCommand(file: string, args: string[], options: TrainOptions): Promise<void> {
  const script = path.resolve(file);
  if (!fs.existsSync(script)) throw new CliError(`${file}: expected a script, found no such file.`);
  const workspace = path.resolve(options.workspace);
  const { folder } = await launchRun({
    script,
    args,
    cwd: workspace,
    runsFolder: runsFolderOf(workspace),
    ...(languageOf(script) === "python" ? pythonOptions(options) : nodeOptions(options)),
    ...programs(),
  });
  await attach(folder, options);
}

/** What a run started here is run with: this Node.js and the bundles beside this file. */
export function programs() {
  return { nodePath: process.execPath, distFolder: __dirname };
}

function nodeOptions({ engine, ...others }: TrainOptions): Partial<LaunchOptions> {
  for (const name of ["python", "backend", "cell"] as const) {
    if (others[name] !== undefined) throw new CliError(`--${name} is for Python scripts and notebooks only.`);
  }
  return { engine: oneOf("--engine", ["auto", ...ENGINES] as const, engine ?? "auto") satisfies Engine | "auto" };
}

function pythonOptions({ engine, python, backend, cell }: TrainOptions): Partial<LaunchOptions> {
  if (engine !== undefined) {
    throw new CliError("--engine is for TensorFlow.js only. Choose what trains in Python by --python and --backend.");
  }
  const pythonPath = python ?? activeEnvironment();
  return {
    ...(pythonPath !== undefined && { pythonPath }),
    ...(backend !== undefined && { backend: oneOf("--backend", BACKENDS, backend) }),
    ...(cell !== undefined && { cell }),
  };
}

/** The environment that is active in this terminal, where `python` typed in it would run the script. */
function activeEnvironment(): string | undefined {
  const { VIRTUAL_ENV, CONDA_PREFIX, CONDA_DEFAULT_ENV } = process.env;
  return VIRTUAL_ENV || (CONDA_DEFAULT_ENV !== "base" && CONDA_PREFIX) || undefined;
}

function oneOf<Choice extends string>(option: string, choices: readonly Choice[], given: string): Choice {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw new CliError(`${option} ${given}: expected ${choices.join(", ")}.`);
  return found;
}

/** Follows a run to its end and sets the exit status by how it ended; returns at once with --detach. */
export async function attach(folder: string, { detach, json }: { detach?: true; json?: true }): Promise<void> {
  if (detach) {
    const run = readRun(folder);
    if (json) printJson({ run: run?.id, folder });
    else process.stdout.write(`${run?.id ?? folder}\n`);
    return;
  }
  const status = await watch(folder, json === true);
  const run = readRun(folder);
  if (json) printJson({ run: run?.id, folder, status });
  else process.stderr.write(`${plain(ending(run, status))}\n`);
  if (status.state === "failed" || status.state === "lost") process.exitCode = 1;
}

async function watch(folder: string, quiet: boolean): Promise<RunStatus> {
  const abort = new AbortController();
  const line = new ProgressLine(quiet);
  let interrupts = 0;
  const interrupt = () => {
    interrupts++;
    line.note(
      interrupts === 1 ? "Stopping after the current batch. Press Ctrl+C again to use force." : "Stopping by force.",
    );
    void stopRun(folder, interrupts === 1 ? {} : { graceMs: 0 });
  };
  process.on("SIGINT", interrupt);
  let last: RunStatus | undefined;
  try {
    await follow(folder, {
      signal: abort.signal,
      onOutput: (text) => line.output(text),
      onStatus: (status) => {
        last = status;
        line.progress(status);
        if (!isLive(status.state)) abort.abort();
      },
    });
  } finally {
    process.off("SIGINT", interrupt);
    line.clear();
  }
  const end = readRun(folder)?.status ?? last;
  if (!end) throw new CliError(`${folder} vanished while it was followed.`, 1);
  return end;
}

/** The script's output scrolls on standard output; progress stays on one line of a terminal's standard error. */
class ProgressLine {
  private shown = "";
  private readonly enabled: boolean;

  constructor(private readonly quiet: boolean) {
    this.enabled = !quiet && process.stderr.isTTY === true;
  }

  output(text: string): void {
    if (this.quiet) return;
    const { shown } = this;
    this.clear();
    process.stdout.write(text);
    this.show(shown);
  }

  progress(status: RunStatus): void {
    this.clear();
    if (isLive(status.state)) this.show(progressText({ status }));
  }

  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }

  clear(): void {
    if (this.shown) process.stderr.write("\r\u001b[K");
    this.shown = "";
  }

  private show(text: string): void {
    if (!this.enabled || text === "") return;
    this.shown = text.slice(0, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(this.shown);
  }
}

/** One line: a failure in the form that editors and CI find places in, all else as everywhere. */
function ending(run: RunInfo | undefined, { state, error }: RunStatus): string {
  if (state === "failed") {
    const { file, line, column = 1, cell } = error?.at ?? {};
    const inFile = cell === undefined ? file : `${file}:cell_${cell + 1}`;
    return `${file === undefined ? "" : `${inFile}:${line}:${column}: `}${error?.message ?? "it failed and gave no reason"}`;
  }
  return run ? endedSentence(run) : state;
}
