// What the page knows: the fold of all messages from its host, in order. Nothing of the DOM, no clock.
import type { ToPanel } from "../../src/protocol/panel";
import type { ModelSummary, RunRecord, RunStatus } from "../../src/protocol/run";
import { Series } from "./series";
import { metricOrder, type Role } from "./tags";

export interface Model {
  readonly run?: RunRecord;
  readonly status?: RunStatus;
  readonly summary?: ModelSummary | undefined;
  readonly canConvert: boolean;
  readonly canResume: boolean;
  /** Why there is nothing to show. */
  readonly gone?: string;
  /** The end of the output, as printed. */
  readonly output: string;
  /** By source and tag. Points are added in place: copying them for each frame would cost more than drawing them. */
  readonly series: ReadonlyMap<string, Series>;
  /** Grows with each message that brought points, so that readers can tell whether to look again. */
  readonly revision: number;
}

/** A script that invents names must not fill the memory. */
const MOST_SERIES = 500;
const MOST_OUTPUT = 400_000;

export const EMPTY: Model = {
  canConvert: false,
  canResume: false,
  output: "",
  series: new Map(),
  revision: 0,
};

export function reduce(model: Model, message: ToPanel): Model {
  switch (message.kind) {
    case "run": {
      const same = model.run?.id === message.run.id;
      const { run, status, model: summary, canConvert, canResume } = message;
      const base = same || !model.run ? model : { ...EMPTY, revision: model.revision + 1 };
      const { gone: _, ...kept } = base;
      return { ...kept, run, status, summary: summary ?? (same ? model.summary : undefined), canConvert, canResume };
    }
    case "points": {
      const series = new Map(message.reset ? [] : model.series);
      for (const points of message.series) {
        const { steps, times, values } = points;
        if (steps.length !== times.length || steps.length !== values.length) continue;
        const key = `${points.source}/${points.tag}`;
        let into = series.get(key);
        if (!into) {
          if (series.size >= MOST_SERIES || steps.length === 0) continue;
          into = new Series(points.source, points.tag);
          series.set(key, into);
        }
        into.append(points);
      }
      return { ...model, series, revision: model.revision + 1 };
    }
    case "output": {
      const text = message.reset ? message.text : model.output + message.text;
      return { ...model, output: text.length > MOST_OUTPUT ? text.slice(text.length - MOST_OUTPUT / 2) : text };
    }
    case "gone":
      return { ...EMPTY, gone: message.message, revision: model.revision + 1 };
  }
}

/** All series of one metric: what one chart shows. */
export interface Metric {
  readonly name: string;
  /** Train, a value a batch. */
  readonly batch?: Series;
  /** Train, a value an epoch. */
  readonly epoch?: Series;
  readonly validation?: Series;
  readonly evaluation?: Series;
}

/** The metrics in the order in which they are shown, whatever the order in which they came. */
export function metricsOf(series: ReadonlyMap<string, Series>): Metric[] {
  const found = new Map<string, Record<string, Series>>();
  for (const key of [...series.keys()].sort()) {
    const one = series.get(key)!;
    const { metric, role, grain } = one.meaning;
    const slots = found.get(metric) ?? (Object.create(null) as Record<string, Series>);
    found.set(metric, slots);
    slots[role === "train" ? grain : role] ??= one;
  }
  return [...found].map(([name, slots]) => ({ name, ...slots })).sort((a, b) => metricOrder(a.name, b.name));
}

/** The series that stands for a part of the data where one number is wanted: the finest there is. */
export function seriesOf(metric: Metric, role: Role): Series | undefined {
  return role === "train" ? (metric.batch ?? metric.epoch) : metric[role];
}

export const isEnded = (status: RunStatus | undefined): boolean =>
  status !== undefined && ["finished", "stopped", "failed", "lost"].includes(status.state);
