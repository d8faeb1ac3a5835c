// How runs are told in words: one line for the status bar, a lens, a tree item, a terminal, a message. Pure.
import path from "node:path";
import type { SourcePlace } from "../protocol/run";
import { formatAgo, formatCount, formatDuration, formatNumber } from "../protocol/words";
import type { RunInfo } from "./read";

export const scriptName = (run: RunInfo): string =>
  run.record ? path.basename(run.record.script) : path.basename(run.folder);

export const runName = (run: RunInfo): string => run.name;

/** `val_accuracy` → `val accuracy`: as people say it. */
export const metricName = (tag: string): string => tag.replaceAll("_", " ");

/** `epoch 8 of 20 · loss 0.231 · 2 min left`, with what of it is known. */
export function progressText({ status }: Pick<RunInfo, "status">): string {
  const { state, epoch = 0, epochs, step, steps, latest, secondsLeft } = status;
  if (state === "starting") return "starting";
  const parts: string[] = [];
  if (epochs !== undefined) parts.push(`epoch ${Math.min(epoch + 1, epochs)} of ${epochs}`);
  else if (step !== undefined) {
    parts.push(steps ? `step ${formatCount(step)} of ${formatCount(steps)}` : `step ${formatCount(step)}`);
  }
  if (latest?.["loss"] !== undefined) parts.push(`loss ${formatNumber(latest["loss"])}`);
  if (state === "paused") parts.push("paused");
  else if (secondsLeft !== undefined) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.length > 0 ? parts.join(" · ") : "running";
}

/** The number by which a finished run is remembered: validation before training, accuracy before loss. */
export function headline(run: RunInfo): string | undefined {
  const latest = run.status.latest ?? {};
  for (const tag of ["val_accuracy", "evaluation_accuracy", "accuracy", "val_loss", "loss"]) {
    const value = latest[tag];
    if (value !== undefined) return `${metricName(tag)} ${formatNumber(value)}`;
  }
  const [first] = Object.entries(latest);
  return first && `${metricName(first[0])} ${formatNumber(first[1])}`;
}

/** `val accuracy 0.815, 3 min ago` or `failed 3 min ago`. */
export function lastText(run: RunInfo, now = Date.now()): string {
  const ago = formatAgo((now - (run.status.endedAt ?? run.status.heartbeat ?? run.record?.createdAt ?? now)) / 1000);
  const { state } = run.status;
  if (state === "failed") return `failed ${ago}`;
  if (state === "lost") return `interrupted ${ago}`;
  const number = headline(run);
  const stopped = state === "stopped" ? "stopped, " : "";
  return number ? `${stopped}${number}, ${ago}` : `${state} ${ago}`;
}

/** A whole sentence on how a run ended. */
export function endedSentence(run: RunInfo): string {
  const { state, error, startedAt, endedAt, checkpoint } = run.status;
  const took =
    startedAt !== undefined && endedAt !== undefined ? ` after ${formatDuration((endedAt - startedAt) / 1000)}` : "";
  if (state === "failed") {
    const place = errorPlace(run);
    const where = place ? ` (${placeText(place)})` : "";
    return `Training ${scriptName(run)} failed${took}: ${error?.message ?? "it gave no reason"}${where}`;
  }
  if (state === "lost") {
    const from = checkpoint && (checkpoint.epoch > 0 ? `epoch ${checkpoint.epoch}` : `step ${checkpoint.step}`);
    const next = from ? ` It can be resumed from ${from}.` : "";
    const typed = run.record?.origin === "terminal" ? "interrupted in the terminal or killed" : "killed";
    return `The process that trained ${scriptName(run)} is gone; it was ${typed}, or the machine was restarted. Its metrics are kept.${next}`;
  }
  const number = headline(run);
  return `Training ${scriptName(run)} ${state}${took}${number ? `: ${number}` : ""}.`;
}

/** `train.py:12`, or `book.ipynb, cell 3, line 1`. */
function placeText({ file, line, cell }: SourcePlace): string {
  const name = path.basename(file);
  return cell === undefined ? `${name}:${line}` : `${name}, cell ${cell + 1}, line ${line}`;
}

export const errorPlace = (run: RunInfo): SourcePlace | undefined => run.status.error?.at;
