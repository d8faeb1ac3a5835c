// The Runs view in the activity bar: a list of runs, the newest first, each with how it stands. Data only; commands do the rest.
import * as vscode from "vscode";
import type { RunRecord } from "../protocol/run";
import type { RunInfo } from "../runs/store";
import { isLive, type Runs } from "./runs";
import { endedSentence, isResumable, lastText, progressText, runName, scriptName } from "./words";

/** Rows shown at first; a last row shows more. A store may hold thousands of runs, and nobody reads them at once. */
const PAGE = 200;

type Row = RunInfo | "more";

export function registerRunsView(runs: Runs): vscode.Disposable {
  const changed = new vscode.EventEmitter<Row | undefined>();
  let shown = PAGE;
  const view = vscode.window.createTreeView<Row>("fitlens.runs", {
    showCollapseAll: false,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (row) => {
        if (row) return [];
        await runs.ready;
        const all = runs.all();
        return all.length > shown ? [...all.slice(0, shown), "more"] : all;
      },
      getTreeItem: (row) => (row === "more" ? moreItem(runs.all().length - shown) : runItem(row)),
    },
  });
  const badge = () => {
    const live = runs.live().length;
    view.badge = live > 0 ? { value: live, tooltip: live === 1 ? "1 training" : `${live} trainings` } : undefined;
  };
  return vscode.Disposable.from(
    changed,
    view,
    runs.onDidChange(() => {
      badge();
      changed.fire(undefined);
    }),
    vscode.commands.registerCommand("fitlens.showMoreRuns", () => {
      shown += PAGE;
      changed.fire(undefined);
    }),
  );
}

function moreItem(hidden: number): vscode.TreeItem {
  const item = new vscode.TreeItem(`Show more (${hidden} older)`);
  item.command = { command: "fitlens.showMoreRuns", title: "Show more" };
  return item;
}

function runItem(run: RunInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(scriptName(run));
  item.id = run.folder;
  item.iconPath = icon(run);
  if (run.damaged) {
    item.description = "damaged";
    item.tooltip = run.damaged;
    item.contextValue = "ended";
    return item;
  }
  item.description = `${runName(run)} · ${isLive(run) ? progressText(run) : lastText(run)}`;
  item.tooltip = tooltip(run);
  item.contextValue = contextOf(run);
  item.command = { command: "fitlens.showMetrics", title: "Show Metrics", arguments: [run.folder] };
  item.accessibilityInformation = { label: `${scriptName(run)}, ${run.status.state}, ${item.description}` };
  return item;
}

/** Words that menus in package.json ask for. */
function contextOf(run: RunInfo): string {
  const { state } = run.status;
  const words = ["run", state, isLive(run) ? "live" : "ended"];
  if (isResumable(run)) words.push("resumable");
  return words.join(" ");
}

function icon(run: RunInfo): vscode.ThemeIcon {
  const color = (name: string) => new vscode.ThemeColor(name);
  if (run.damaged) return new vscode.ThemeIcon("warning", color("list.warningForeground"));
  switch (run.status.state) {
    case "starting":
    case "running":
      return new vscode.ThemeIcon("sync~spin", color("charts.blue"));
    case "paused":
      return new vscode.ThemeIcon("debug-pause", color("charts.blue"));
    case "finished":
      return new vscode.ThemeIcon("check", color("testing.iconPassed"));
    case "stopped":
      return new vscode.ThemeIcon("circle-slash");
    default:
      return new vscode.ThemeIcon("error", color("list.errorForeground"));
  }
}

const interpreterText = ({ interpreter: { path, version } }: RunRecord): string =>
  version === undefined ? path : `Python ${version} (${path})`;

function tooltip(run: RunInfo): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const line = (value: string) => text.appendText(value).appendMarkdown("\n\n");
  line(isLive(run) ? progressText(run) : endedSentence(run));
  if (run.status.framework) line(run.status.framework);
  if (run.status.engine) {
    const { name, version, device, note } = run.status.engine;
    line(`${name} ${version} on ${device}${note ? `. ${note}` : ""}`);
  }
  if (run.record?.language === "python") line(interpreterText(run.record));
  if (run.record) line(`Started ${new Date(run.record.createdAt).toLocaleString()}`);
  return text;
}
