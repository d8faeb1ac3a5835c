// `fitlens runs …`: the store in a terminal.
import path from "node:path";
import { formatAgo, formatNumber } from "../protocol/words";
import { pointsToCsv, pointsToJson } from "../runs/export";
import { listRuns, type RunInfo, readRun, runsFolderOf } from "../runs/store";
import { type MetricSummary, readPoints, summarize } from "../runs/summary";
import { resumeRun } from "../train/launch";
import { stopRun } from "../train/stop";
import { CliError, plain, printJson, printTable } from "./output";
import { attach, programs } from "./train";

interface Options {
  workspace: string;
  json?: true;
}

export async function listCommand({ workspace, json }: Options): Promise<void> {
  const runs = await listRuns(storeOf(workspace));
  if (json) {
    printJson({
      runs: runs.map(({ id, folder, record, status, damaged }) => ({ id, folder, record, status, damaged })),
    });
  } else if (runs.length === 0) process.stderr.write("No runs yet. Start one with `fitlens train FILE`.\n");
  else printTable([["run", "script", "state", "step", "started"], ...runs.map(row)], [3]);
}

function row(run: RunInfo): string[] {
  const started = run.record ? formatAgo((Date.now() - run.record.createdAt) / 1000) : "";
  const script = run.record ? plain(path.basename(run.record.script)) : "";
  return [run.id, script, run.damaged ? "damaged" : run.status.state, String(run.status.step ?? ""), started];
}

export async function showRun(name: string, { workspace, json }: Options): Promise<void> {
  const run = await find(name, workspace);
  const { series, problems } = readPoints(run.folder);
  const metrics = summarize(series);
  if (json) {
    printJson({ run: run.id, folder: run.folder, record: run.record, status: run.status, metrics, problems });
    return;
  }
  printTable([row(run)]);
  const { error } = run.status;
  if (error) process.stdout.write(`${plain(error.message)}${error.at ? ` (${error.at.file}:${error.at.line})` : ""}\n`);
  printTable(metricRows(metrics), [2, 4]);
  for (const problem of problems) process.stderr.write(`${plain(problem)}\n`);
}

function metricRows(metrics: readonly MetricSummary[]): string[][] {
  const point = (at: MetricSummary["best"]) => (at ? [formatNumber(at.value), `@ ${at.step}`] : ["", ""]);
  const rows = metrics.map(({ source, tag, last, best }) => [source, plain(tag), ...point(last), ...point(best)]);
  return [["", "metric", "last", "", "best", ""], ...rows];
}

export async function stopCommand(name: string, { workspace, grace }: Options & { grace: number }): Promise<void> {
  const run = await find(name, workspace);
  await stopRun(run.folder, { graceMs: grace * 1000 });
  process.stdout.write(`${run.id} ${readRun(run.folder)?.status.state ?? "gone"}\n`);
}

export async function resumeCommand(name: string, options: Options & { detach?: true }): Promise<void> {
  const run = await find(name, options.workspace);
  await resumeRun(run.folder, programs());
  await attach(run.folder, options);
}

export async function compareRuns(names: string[], { workspace, json }: Options): Promise<void> {
  const runs = await Promise.all(names.map((name) => find(name, workspace)));
  const columns = runs.map((run) => ({ run, metrics: summarize(readPoints(run.folder).series) }));
  if (json) {
    printJson({ runs: columns.map(({ run, metrics }) => ({ id: run.id, status: run.status, metrics })) });
    return;
  }
  const keyOf = ({ source, tag }: MetricSummary) => `${source} ${tag}`;
  const keys = [...new Set(columns.flatMap(({ metrics }) => metrics.map(keyOf)))];
  const cell = (metrics: readonly MetricSummary[], key: string) => {
    const metric = metrics.find((each) => keyOf(each) === key);
    if (!metric) return "";
    return `${formatNumber(metric.last.value)} (best ${metric.best ? formatNumber(metric.best.value) : "none"})`;
  };
  printTable([
    ["", ...columns.map(({ run }) => run.name)],
    ...keys.map((key) => [plain(key), ...columns.map(({ metrics }) => cell(metrics, key))]),
  ]);
}

export async function exportRun(name: string, { workspace, json }: Options): Promise<void> {
  const { series, problems } = readPoints((await find(name, workspace)).folder);
  process.stdout.write(json ? `${pointsToJson(series)}\n` : pointsToCsv(series));
  for (const problem of problems) process.stderr.write(`${plain(problem)}\n`);
}

const storeOf = (workspace: string): string => runsFolderOf(path.resolve(workspace));

/** A run by its id, its name, or the beginning of its id where that is only one. */
async function find(name: string, workspace: string): Promise<RunInfo> {
  const store = storeOf(workspace);
  const runs = await listRuns(store);
  const exact = runs.filter((run) => run.id === name || run.name === name);
  const found = exact.length > 0 ? exact : runs.filter((run) => run.id.startsWith(name));
  const [run] = found;
  if (found.length === 1 && run) return run;
  if (found.length > 1)
    throw new CliError(
      `${name} names ${found.length} runs: ${found.map(({ id }) => id).join(", ")}. Give the whole id.`,
    );
  throw new CliError(`${name}: no such run in ${store}. \`fitlens runs list\` names those there are.`);
}
