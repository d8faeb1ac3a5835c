// The server's lenses, with what is known of the script's runs put in: Stop and progress while it trains, the last result after.
import * as vscode from "vscode";
import { COMMANDS, type TrainTarget } from "../protocol/server";
import type { RunInfo } from "../runs/store";
import { isLive, type Runs } from "./runs";
import { lastText, progressText } from "./words";

export function decorateLenses(
  lenses: vscode.CodeLens[],
  document: vscode.TextDocument,
  runs: Runs,
): vscode.CodeLens[] {
  const run = document.uri.scheme === "file" ? runs.newestOf(document.uri.fsPath) : undefined;
  if (!run) return lenses;
  const line = lineOf(run, lenses);
  return lenses.flatMap((lens) => (lens.range.start.line === line ? decorate(lens, run) : [lens]));
}

/** The line whose lenses tell of the run: that of the call that trained, as near as the text since then allows. */
function lineOf(run: RunInfo, lenses: readonly vscode.CodeLens[]): number | undefined {
  const called = (run.status.call?.line ?? 1) - 1;
  const lines = lenses.map((lens) => lens.range.start.line);
  return lines.sort((a, b) => Math.abs(a - called) - Math.abs(b - called))[0];
}

function decorate(lens: vscode.CodeLens, run: RunInfo): vscode.CodeLens[] {
  const target = lens.command?.arguments?.[0] as TrainTarget | undefined;
  const say = (title: string, command: string, ...args: unknown[]) =>
    new vscode.CodeLens(lens.range, { title, command, arguments: args });
  switch (lens.command?.command) {
    case COMMANDS.train:
      if (!isLive(run)) return [lens];
      return [say("■ Stop", "fitlens.stop", run.folder), say(progressText(run), COMMANDS.metrics, run.folder)];
    case COMMANDS.debug:
      // Never more than four: the last result takes the place of Debug, which stays in the palette.
      return isLive(run) ? [] : [say(`last: ${lastText(run)}`, COMMANDS.metrics, run.folder)];
    case COMMANDS.metrics:
      return [say("Metrics", COMMANDS.metrics, run.folder)];
    case COMMANDS.convertToEstimator:
      return isLive(run) || !target ? [] : [lens];
    default:
      return [lens];
  }
}
