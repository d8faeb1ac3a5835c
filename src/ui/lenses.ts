// The server's lenses, with what is known of the script's runs put in: Stop and progress while it trains, the last result after.
import * as vscode from "vscode";
import { COMMANDS } from "../protocol/server";
import type { RunInfo } from "../runs/store";
import { shortened } from "./commandLine";
import type { Remembered } from "./remembered";
import { isLive, type Runs } from "./runs";
import { cellOf } from "./scripts";
import { isResumable, lastText, progressText } from "./words";

/** What lenses tell beyond the text. */
interface Known {
  runs: Runs;
  remembered: Remembered;
}

export function decorateLenses(
  lenses: vscode.CodeLens[],
  document: vscode.TextDocument,
  { runs, remembered }: Known,
): vscode.CodeLens[] {
  const cell = cellOf(document.uri);
  const script = cell?.notebook.uri ?? document.uri;
  if (script.scheme !== "file") return lenses;
  const args = remembered.arguments(script);
  const withArguments = lenses.filter((lens) => !isHidden(lens, cell)).map((lens) => tellArguments(lens, args));
  const run = runs.newestOf(script.fsPath);
  if (!run || (cell && !isOfCell(run, cell.index))) return withArguments;
  const line = lineOf(run, withArguments);
  const told = withArguments.filter((lens) => lens.range.start.line === line);
  if (told.length === 0) return withArguments;
  return [...withArguments.filter((lens) => lens.range.start.line !== line), ...withRun(told, run)];
}

/** Breakpoints in cells need the notebook's own kernel. */
const isHidden = (lens: vscode.CodeLens, cell: vscode.NotebookCell | undefined): boolean =>
  cell !== undefined && lens.command?.command === COMMANDS.debug;

/** Is it the run of that cell? One that does not say is of every cell. */
function isOfCell({ record, status }: RunInfo, index: number): boolean {
  const of = record?.cell ?? status.call?.cell;
  return of === undefined || of === index;
}

/** `▶ Train --epochs 5 …` where arguments are remembered for the script. */
function tellArguments(lens: vscode.CodeLens, text: string): vscode.CodeLens {
  if (text === "" || lens.command?.command !== COMMANDS.train) return lens;
  const title = `${lens.command.title} ${shortened(text)}`;
  return new vscode.CodeLens(lens.range, { ...lens.command, title, tooltip: `Arguments: ${text}` });
}

/** The line whose lenses tell of the run: that of the call that trained, as near as the text since then allows. */
function lineOf(run: RunInfo, lenses: readonly vscode.CodeLens[]): number | undefined {
  const called = (run.status.call?.line ?? 1) - 1;
  const trains = lenses.filter((lens) => lens.command?.command === COMMANDS.train);
  const lines = trains.map((lens) => lens.range.start.line);
  return lines.sort((a, b) => Math.abs(a - called) - Math.abs(b - called))[0];
}

/** Lenses at one call, the most that are read at a glance. */
const MOST = 4;

/** What a call's lenses are with its newest run: first what steers it, then how it stands, then what the server offers. */
function withRun(lenses: readonly vscode.CodeLens[], run: RunInfo): vscode.CodeLens[] {
  const find = (command: string) => lenses.find((lens) => lens.command?.command === command);
  const { range } = lenses[0]!;
  const say = (title: string, command: string) =>
    new vscode.CodeLens(range, { title, command, arguments: [run.folder] });
  const metrics = say("Metrics", COMMANDS.metrics);
  if (isLive(run)) return [say("■ Stop", "fitlens.stop"), say(progressText(run), COMMANDS.metrics), metrics];
  const known = [COMMANDS.train, COMMANDS.debug, COMMANDS.metrics] as string[];
  return [
    find(COMMANDS.train),
    ...(isResumable(run) ? [say("Resume", "fitlens.resume")] : []),
    // It takes the place of Debug, which stays in the palette.
    say(`last: ${lastText(run)}`, COMMANDS.metrics),
    metrics,
    ...lenses.filter((lens) => !known.includes(lens.command?.command ?? "")),
  ]
    .filter((lens) => lens !== undefined)
    .slice(0, MOST);
}
