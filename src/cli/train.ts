// `fitlens train`: starts a run and follows it with one progress line, or leaves it to itself.
import fs from "node:fs";
import path from "node:path";
import { ENGINES, type Engine, type RunStatus } from "../protocol/run";
import { formatDuration, formatNumber } from "../protocol/words";
import { follow } from "../runs/follow";
import { isLive, readRun, runsFolderOf } from "../runs/store";
import { launchRun } from "../train/launch";
import { stopRun } from "../train/stop";
import { CliError, plain, printJson } from "./output";

interface TrainOptions {
  engine: string;
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
    engine: engineOf(options.engine),
    ...programs(),
  });
  await attach(folder, options);
}

/** What a run started here is run with: this Node.js and the bundles beside this file. */
export function programs() {
  return { nodePath: process.execPath, distFolder: __dirname };
}

function engineOf(name: string): Engine | "auto" {
  const engine = (["auto", ...ENGINES] as const).find((each) => each === name);
  if (!engine) throw new CliError(`--engine ${name}: expected auto, ${ENGINES.join(", ")}.`);
  return engine;
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
  else process.stderr.write(`${ending(status)}\n`);
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
    this.show(progress(status));
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

function progress({ state, epoch = 0, epochs, step, latest, secondsLeft }: RunStatus): string {
  if (!isLive(state)) return "";
  const parts: string[] = [state];
  if (epochs !== undefined) parts.push(`epoch ${Math.min(epoch + 1, epochs)} of ${epochs}`);
  if (step !== undefined) parts.push(`step ${step}`);
  for (const [tag, value] of Object.entries(latest ?? {})) parts.push(`${plain(tag)} ${formatNumber(value)}`);
  if (secondsLeft !== undefined) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(" · ");
}

function ending({ state, latest, error, startedAt, endedAt }: RunStatus): string {
  const took = startedAt && endedAt ? ` after ${formatDuration((endedAt - startedAt) / 1000)}` : "";
  if (state === "failed" || state === "lost") {
    const place = error?.at ? `${error.at.file}:${error.at.line}:${error.at.column ?? 1}: ` : "";
    return `${place}${error?.message ?? (state === "lost" ? "the process is gone; it was killed" : "failed")}`;
  }
  const values = Object.entries(latest ?? {}).map(([tag, value]) => `${plain(tag)} ${formatNumber(value)}`);
  return `${state}${took}${values.length > 0 ? `: ${values.join(", ")}` : ""}`;
}
