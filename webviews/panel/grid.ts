// The charts, one a metric, with what they share: the axis, the zoom, the cursor and the keys.
import { type Axis, fromX } from "./axis";
import { Chart, type ChartEvents } from "./chart";
import { h, setText, show } from "./dom";
import { bestValues, lastValues, overfit, placeWords, rolesOf, valuesAt } from "./facts";
import type { Frames } from "./frames";
import type { Metric } from "./model";
import { metricWords } from "./tags";
import type { Theme } from "./theme";
import type { View } from "./view";

/** A page with more charts than this is no overview; the table has every number. */
const MOST_CHARTS = 40;

export interface GridInput {
  readonly metrics: readonly Metric[];
  readonly axis: Axis;
  readonly epochLength: number | undefined;
}

export class Grid {
  readonly element = h("div", { class: "charts" });
  private readonly more = h("p", { class: "hint more" });
  private readonly charts = new Map<string, Chart>();
  private input: GridInput | undefined;

  constructor(
    private readonly frames: Frames,
    private theme: Theme,
    /** What the user has set, as it is now: keys may come faster than frames. */
    private readonly view: () => View,
    private readonly change: (change: Partial<View>) => void,
  ) {
    this.element.append(this.more);
  }

  /** Everything that is seen of the charts. */
  update(input: GridInput): void {
    this.input = input;
    const shown = input.metrics.slice(0, MOST_CHARTS);
    const names = new Set(shown.map((metric) => metric.name));
    for (const [name, chart] of this.charts) {
      if (names.has(name)) continue;
      chart.dispose();
      this.charts.delete(name);
    }
    shown.forEach((metric, index) => {
      const chart = this.charts.get(metric.name) ?? this.add(metric.name);
      // A metric that comes later may belong before others.
      if (this.element.children[index] !== chart.element)
        this.element.insertBefore(chart.element, this.element.children[index]!);
      this.give(chart, metric);
    });
    const left = input.metrics.length - shown.length;
    setText(this.more, `${left} more metrics are in the table.`);
    show(this.more, left > 0);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    for (const chart of this.charts.values()) chart.setTheme(theme);
  }

  range(): readonly [number, number] {
    return this.view().zoom ?? [0, this.input?.axis.end ?? 1];
  }

  private add(name: string): Chart {
    const events: ChartEvents = {
      cursor: (cursor) => this.change({ cursor }),
      zoom: (zoom) => this.zoom(zoom),
      key: (event) => this.key(event),
      snap: (x) => this.snap(x),
    };
    const chart = new Chart(this.frames, this.theme, events);
    this.charts.set(name, chart);
    return chart;
  }

  private give(chart: Chart, metric: Metric): void {
    const { axis, epochLength } = this.input!;
    const view = this.view();
    const turn = metric.name === "loss" ? overfit([metric]) : undefined;
    chart.set({
      metric,
      axis,
      range: this.range(),
      log: view.y === "log",
      smoothing: view.smoothing,
      cursor: view.cursor,
      label: chartWords(metric, epochLength),
      cursorText: cursorWords(metric, axis, view.cursor),
      turn: turn && axis.column === "steps" ? turn.step * axis.factor : undefined,
    });
  }

  private zoom(range: readonly [number, number] | null): void {
    const { axis } = this.input!;
    if (range === null) {
      this.change({ zoom: null });
      return;
    }
    const low = Math.max(0, range[0]);
    const high = Math.min(axis.end, range[1]);
    // Closer than a step there is nothing to see.
    const closest = axis.kind === "time" ? 0.01 : 2 * axis.factor;
    if (low <= 0 && high >= axis.end) this.change({ zoom: null });
    else if (high - low >= closest) this.change({ zoom: [low, high] });
  }

  /** With several epochs in sight the cursor rests on whole epochs, else on whole steps. */
  private snap(x: number): number {
    const { axis } = this.input!;
    const [low, high] = this.range();
    if (axis.kind === "time") return x;
    if (axis.kind === "epoch" && high - low >= 3)
      return Math.min(Math.floor(high), Math.max(Math.ceil(low), Math.round(x)));
    return Math.round(fromX(axis, x)) * axis.factor;
  }

  private key(event: KeyboardEvent): void {
    const { axis } = this.input!;
    const view = this.view();
    const [low, high] = this.range();
    const cursor = view.cursor ?? (low + high) / 2;
    const by = this.stride() * (event.shiftKey ? 10 : 1);
    const move = (x: number) => this.change({ cursor: this.snap(Math.min(high, Math.max(low, x))) });
    const scale = (factor: number) => this.zoom([cursor - (cursor - low) * factor, cursor + (high - cursor) * factor]);
    const keys: Record<string, () => void> = {
      ArrowRight: () => move(cursor + by),
      ArrowLeft: () => move(cursor - by),
      Home: () => move(low),
      End: () => move(high),
      "+": () => scale(0.5),
      "=": () => scale(0.5),
      "-": () => scale(2),
      Escape: () => this.change(view.zoom ? { zoom: null } : { cursor: null }),
    };
    if (event.ctrlKey || event.altKey || event.metaKey || !Object.hasOwn(keys, event.key) || axis.end <= 0) return;
    event.preventDefault();
    keys[event.key]!();
  }

  private stride(): number {
    const { axis } = this.input!;
    const [low, high] = this.range();
    if (axis.kind === "epoch" && high - low >= 3) return 1;
    const part = (high - low) / 100;
    return axis.kind === "time" ? part : Math.max(axis.factor, Math.round(part / axis.factor) * axis.factor);
  }
}

function chartWords(metric: Metric, length: number | undefined): string {
  const roles = rolesOf([metric]);
  const last = lastValues([metric], roles)[0]!.slice(1);
  const said = roles.flatMap((role, index) => (last[index] ? [`${role} ${last[index]}`] : []));
  const best = bestValues([metric], length)[0];
  const bestWords = best ? `, best ${best[0]} ${best[1]} at ${length ? "epoch" : "step"} ${best[2]}` : "";
  return `${metricWords(metric.name)}: last ${said.join(", ")}${bestWords}. Arrow keys move the cursor, plus and minus zoom, Escape resets.`;
}

function cursorWords(metric: Metric, axis: Axis, cursor: number | null): string {
  if (cursor === null) return "no cursor";
  const roles = rolesOf([metric]);
  const values = valuesAt([metric], axis, cursor, roles)[0]!.slice(1);
  const said = roles.flatMap((role, index) => (values[index] ? [`${role} ${values[index]}`] : []));
  return `${placeWords(axis, cursor)}: ${said.join(", ") || "no value"}`;
}
