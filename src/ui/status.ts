// One item in the status bar, shown while something trains, and after a failure until it is looked at.
import * as vscode from "vscode";
import type { RunInfo } from "../runs/store";
import type { Runs } from "./runs";
import { endedSentence, progressText, scriptName } from "./words";

export function registerStatus(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("fitlens.status", vscode.StatusBarAlignment.Left, 50);
  item.name = "Fitlens Training";
  let failed: string | undefined;

  const update = () => {
    const live = runs.live();
    const [run] = live;
    if (run) failed = undefined;
    const ended = failed === undefined ? undefined : runs.get(failed);
    if (run) showLive(item, run, live.length - 1);
    else if (ended) showFailed(item, ended);
    else item.hide();
  };
  return vscode.Disposable.from(
    item,
    runs.onDidEnd(({ folder, status }) => {
      if (status.state === "failed" || status.state === "lost") failed = folder;
      update();
    }),
    runs.onDidChange(update),
    vscode.commands.registerCommand("fitlens.statusClicked", (folder: string) => {
      failed = undefined;
      update();
      return vscode.commands.executeCommand("fitlens.showMetrics", folder);
    }),
  );
}

function showLive(item: vscode.StatusBarItem, run: RunInfo, others: number): void {
  const icon = run.status.state === "paused" ? "$(debug-pause)" : "$(sync~spin)";
  item.text = `${icon} ${scriptName(run)}: ${progressText(run)}${others > 0 ? ` (+${others})` : ""}`;
  item.backgroundColor = undefined;
  item.command = { command: "fitlens.statusClicked", title: "Show Metrics", arguments: [run.folder] };
  item.tooltip = links([
    ["Stop", "fitlens.stop", run.folder],
    run.status.state === "paused"
      ? ["Continue", "fitlens.continue", run.folder]
      : ["Pause", "fitlens.pause", run.folder],
    ["Show Metrics", "fitlens.showMetrics", run.folder],
  ]);
  item.show();
}

function showFailed(item: vscode.StatusBarItem, run: RunInfo): void {
  item.text = `$(error) ${scriptName(run)}: ${run.status.state === "lost" ? "interrupted" : "failed"}`;
  item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
  item.command = { command: "fitlens.statusClicked", title: "Show Metrics", arguments: [run.folder] };
  item.tooltip = endedSentence(run);
  item.show();
}

/** A tooltip whose words are commands. Nothing of a run's text goes into it, since it is trusted. */
function links(entries: [label: string, command: string, folder: string][]): vscode.MarkdownString {
  const text = entries.map(
    ([label, command, folder]) => `[${label}](command:${command}?${encodeURIComponent(JSON.stringify([folder]))})`,
  );
  const markdown = new vscode.MarkdownString(text.join(" · "));
  markdown.isTrusted = { enabledCommands: entries.map(([, command]) => command) };
  return markdown;
}
