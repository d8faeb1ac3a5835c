// What must be said about a run, and what to do about it: sentences with links. Which of them holds is decided here from
// the run's status and the numbers. Pure: the sentences are data.

import type { FromPanel } from "../../src/protocol/panel";
import type { RunStatus, SourcePlace } from "../../src/protocol/run";
import { formatCount } from "../../src/protocol/words";
import { overfit } from "./facts";
import type { Metric, Model } from "./model";
import { meaningOf, metricWords } from "./tags";
import { baseName } from "./words";

export interface Alert {
  /** Tells alerts apart, also over a reload. */
  readonly key: string;
  readonly kind: "warning" | "error";
  /** The fact. */
  readonly fact: string;
  /** What follows from it. */
  readonly more: string;
  /** The program's own words, where they span lines. */
  readonly detail?: string;
  readonly links: readonly { label: string; message: FromPanel }[];
}

export function alertsOf(model: Model, metrics: readonly Metric[], epochLength: number | undefined): Alert[] {
  const { status } = model;
  if (!status) return [];
  const found = [
    status.state === "failed" ? failed(status) : undefined,
    status.state === "lost" ? lost(model, status) : undefined,
    status.notFinite ? notFinite(model, status) : undefined,
    rising(model, metrics, epochLength),
    status.warning
      ? {
          key: `warning ${status.warning}`,
          kind: "warning" as const,
          fact: sentence(status.warning),
          more: "",
          links: [OUTPUT],
        }
      : undefined,
  ];
  return found.filter((alert) => alert !== undefined);
}

const OUTPUT = { label: "Show output", message: { kind: "open-output" } } as const;
const RESUME = { label: "Resume", message: { kind: "control", request: "resume" } } as const;

const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** The call that trains, where the record says where it is. */
function callLink({ status, series }: Model): { label: string; message: FromPanel }[] {
  if (!status?.call) return [];
  const fits = [...series.values()].some(({ tag }) => tag.startsWith("batch_") || tag.startsWith("epoch_"));
  return [
    {
      label: `Go to ${fits ? "model.fit" : "the call that trains"}`,
      message: { kind: "open-source", at: status.call },
    },
  ];
}

const placeLink = (at: SourcePlace) => ({
  label: `${baseName(at.file)}:${at.line}`,
  message: { kind: "open-source", at } as const,
});

function failed({ error, exitCode, attempt }: RunStatus): Alert {
  const [first = "", ...rest] = (error?.message ?? "").trim().split("\n");
  const code = exitCode === undefined || exitCode === null ? "" : ` with exit code ${exitCode}`;
  return {
    key: `failed ${attempt} ${error?.message}`,
    kind: "error",
    fact: first ? `The script failed: ${sentence(first)}` : `The script failed${code}.`,
    more: first ? "" : "Its output says why.",
    ...(rest.length > 0 ? { detail: rest.slice(0, 12).join("\n") } : {}),
    links: [...(error?.at ? [placeLink(error.at)] : []), OUTPUT],
  };
}

function lost({ canResume }: Model, { checkpoint, attempt }: RunStatus): Alert {
  const kept = checkpoint ? ` The newest checkpoint is of step ${formatCount(checkpoint.step)}.` : "";
  return {
    key: `lost ${attempt}`,
    kind: "error",
    fact: "The training process ended without saying goodbye:",
    more: `it was killed, ran out of memory, or the machine went down. Everything it had written is here.${kept}`,
    links: [...(canResume ? [RESUME] : []), OUTPUT],
  };
}

function notFinite(model: Model, status: RunStatus): Alert {
  const { tag, step, epoch, value, cause } = status.notFinite!;
  const metric = metricWords(meaningOf("train", tag).metric);
  const going = status.state === "running" || status.state === "paused";
  const place = status.epochs === undefined ? "" : `(epoch ${epoch}). `;
  return {
    key: `not finite ${step} ${status.attempt}`,
    kind: "warning",
    fact: `${metric} has been ${value === "NaN" ? "NaN" : "infinite"} since step ${formatCount(step)}${place ? "" : "."}`,
    more: `${place}${cause === undefined ? "" : `It came from ${cause}. `}The weights will not recover; a lower learning rate or clipped gradients often help.`,
    links: [
      ...callLink(model),
      ...(going ? [{ label: "Stop", message: { kind: "control", request: "stop" } as const }] : []),
    ],
  };
}

function rising(model: Model, metrics: readonly Metric[], length: number | undefined): Alert | undefined {
  const turn = overfit(metrics);
  if (!turn) return undefined;
  const place = length ? `epoch ${Math.max(1, Math.round(turn.step / length))}` : `step ${formatCount(turn.step)}`;
  return {
    key: `rising ${turn.step}`,
    kind: "warning",
    fact: `Validation loss has been rising since ${place}`,
    more: `while training loss falls: the model is overfitting. Best weights so far: ${place}.`,
    links: callLink(model),
  };
}
