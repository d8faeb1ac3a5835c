// One chart: uPlot brings the axes, the cursor and the selection; the lines are drawn from layers, so that a redraw costs
// what the chart is wide, not what the run is long. Draws what it is given; keeps no state of the run.
import uPlot from "uplot";
import { type Axis, clock, columnOf, logTicks, tickLabels, ticks, timeTicks, xOf } from "./axis";
import { attribute, h, setText } from "./dom";
import type { Drawable, Frames } from "./frames";
import { dotsOf, type Layer, layersOf, lineOf, type Projection, projectX, projectY, rangeOf, scan } from "./layers";
import type { Metric } from "./model";
import type { Series } from "./series";
import { better, metricWords } from "./tags";
import type { Theme } from "./theme";

export interface ChartInput {
  readonly metric: Metric;
  readonly axis: Axis;
  /** The stretch of x that is shown. */
  readonly range: readonly [number, number];
  readonly log: boolean;
  readonly smoothing: number;
  readonly cursor: number | null;
  /** What the chart says to someone who cannot see it: all in a sentence, and the values at the cursor. */
  readonly label: string;
  readonly cursorText: string;
  /** Where overfitting began, as x, when that is told above the charts. */
  readonly turn: number | undefined;
}

export interface ChartEvents {
  cursor(x: number | null): void;
  zoom(range: [number, number] | null): void;
  key(event: KeyboardEvent): void;
  /** Where a cursor at x should really be. */
  snap(x: number): number;
}

const SLOTS = ["batch", "epoch", "validation", "evaluation"] as const;
const AXIS_WIDTH = 46;
const AXIS_HEIGHT = 24;

export class Chart implements Drawable {
  readonly element: HTMLElement;
  visible = true;
  private readonly plotElement = h("div", { class: "plot", role: "slider", tabindex: 0 });
  private readonly title = h("h2");
  private readonly legend = h("div", { class: "legend", "aria-hidden": "true" });
  private readonly observers: { disconnect(): void }[];
  private input: ChartInput | undefined;
  private layers: Layer[] = [];
  private plot: uPlot | undefined;
  private plotLog = false;
  private y: [number, number] = [0, 1];
  private size = { width: 0, height: 0 };
  private hovered = false;
  private marked: Series | undefined;
  /** The last one along x, and how wide it is. */
  private label = { text: "", width: 0 };

  constructor(
    private readonly frames: Frames,
    private theme: Theme,
    private readonly events: ChartEvents,
  ) {
    this.element = h("section", { class: "chart" }, h("header", {}, this.title, this.legend), this.plotElement);
    this.plotElement.addEventListener("keydown", (event) => events.key(event));
    const resized = new ResizeObserver(([entry]) => {
      this.size = { width: Math.floor(entry!.contentRect.width), height: Math.floor(entry!.contentRect.height) };
      this.frames.want(this);
    });
    resized.observe(this.plotElement);
    const seen = new IntersectionObserver((entries) => {
      this.visible = entries.at(-1)!.isIntersecting;
      if (this.visible) this.frames.want(this);
    });
    seen.observe(this.element);
    this.observers = [resized, seen];
  }

  set(input: ChartInput): void {
    const { metric } = input;
    const before = this.input;
    this.input = input;
    if (!before || before.smoothing !== input.smoothing || SLOTS.some((slot) => before.metric[slot] !== metric[slot])) {
      this.layers = layersOf(metric, input.smoothing);
      this.showLegend();
    }
    setText(this.title, metricWords(metric.name));
    const { plotElement, element } = this;
    attribute(element, "aria-label", metricWords(metric.name));
    attribute(plotElement, "aria-label", input.label);
    attribute(plotElement, "aria-valuemin", round(input.range[0]));
    attribute(plotElement, "aria-valuemax", round(input.range[1]));
    attribute(
      plotElement,
      "aria-valuenow",
      round(Math.min(input.range[1], Math.max(input.range[0], input.cursor ?? input.range[1]))),
    );
    attribute(plotElement, "aria-valuetext", input.cursorText);
    this.frames.want(this);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.forgetPlot();
    this.frames.want(this);
  }

  dispose(): void {
    for (const observer of this.observers) observer.disconnect();
    this.frames.forget(this);
    this.forgetPlot();
    this.element.remove();
  }

  private forgetPlot(): void {
    this.plot?.destroy();
    this.plot = undefined;
    this.hovered = false;
  }

  private showLegend(): void {
    const named = this.layers.filter((layer) => layer.label);
    this.legend.replaceChildren(
      ...named.map(({ label, colour, dash }) =>
        h("span", { class: `key ${colour}${dash.length > 0 ? " dashed" : ""}` }, label!),
      ),
    );
  }

  draw(): void {
    const { input, size } = this;
    if (!input || size.width < 80 || size.height < 60) return;
    const [from, to] = input.range;
    const width = (size.width - AXIS_WIDTH) * devicePixelRatio;
    for (const layer of this.layers) scan(layer, { axis: input.axis, from, to, width });
    this.y = rangeOf(this.layers, input.log);
    if (this.plot && this.plotLog !== input.log) this.forgetPlot();
    this.plot ??= this.makePlot(input);
    const { plot } = this;
    if (plot.width !== size.width || plot.height !== size.height) plot.setSize(size);
    // Setting x is what makes uPlot range y and draw again.
    plot.batch(() => plot.setScale("x", { min: from, max: to }));
    this.placeCursor(plot, input);
  }

  private placeCursor(plot: uPlot, { cursor, range }: ChartInput): void {
    const inside = cursor !== null && cursor >= range[0] && cursor <= range[1];
    plot.setCursor({ left: inside ? plot.valToPos(cursor, "x") : -10, top: inside ? 0 : -10 }, false);
  }

  private makePlot(input: ChartInput): uPlot {
    const { theme } = this;
    this.plotLog = input.log;
    const font = theme.font;
    const shared = { font, stroke: theme.label, ticks: { show: false }, gap: 6 };
    const grid = { stroke: theme.grid, width: 1 };
    const plot = new uPlot(
      {
        ...this.size,
        // Half of the last label along x, which may stand at the very end. Asked for right after the labels were made.
        padding: [8, () => Math.max(18, Math.ceil(this.label.width / 2) + 2), 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, auto: false, min: input.range[0], max: input.range[1] },
          y: { distr: input.log ? 3 : 1, range: () => this.y },
        },
        series: [{}, { scale: "y", paths: () => null, points: { show: false } }],
        axes: [
          {
            ...shared,
            size: AXIS_HEIGHT,
            grid: { show: false },
            splits: (self) => this.xTicks(self),
            values: (self, at) => this.measured(self, this.xLabels(at)),
          },
          {
            ...shared,
            size: AXIS_WIDTH,
            grid,
            splits: (self) => (input.log ? logTicks : ticks)(this.y[0], this.y[1], self.height < 160 ? 3 : 4),
            values: (_, at) => (input.log ? at.flatMap((value) => tickLabels([value])) : tickLabels(at)),
          },
        ],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false, dist: 4 },
          move: (self, left, top) => this.snapped(self, left, top),
          bind: { dblclick: () => () => this.unzoom() },
        },
        hooks: {
          draw: [(self) => this.drawLayers(self)],
          setCursor: [(self) => this.moved(self)],
          setSelect: [(self) => this.selected(self)],
        },
      },
      [
        [0, 1],
        [null, null],
      ],
      this.plotElement,
    );
    plot.over.addEventListener("pointerenter", () => {
      this.hovered = true;
    });
    plot.over.addEventListener("pointerleave", () => {
      this.hovered = false;
      this.events.cursor(null);
    });
    return plot;
  }

  private xTicks(plot: uPlot): number[] {
    const { axis, range } = this.input!;
    const count = Math.max(1, Math.floor(plot.width / 80));
    if (axis.kind === "time") return timeTicks(range[0], range[1], count);
    const found = ticks(range[0], range[1], count);
    const whole = found.filter((value) => Math.abs(value - Math.round(value)) < 1e-6);
    return whole.length > 1 ? whole : found;
  }

  /** Numbers, the unit named once. */
  private xLabels(values: readonly number[]): string[] {
    const { axis } = this.input!;
    if (axis.kind === "time") return values.map(clock);
    const labels = tickLabels(values);
    const named = values.length > 2 ? 1 : values.length - 1;
    return labels.map((label, index) => (index === named ? `${axis.kind} ${label}` : label));
  }

  /** Remembers of labels along x how much room the last one takes. */
  private measured({ ctx }: uPlot, labels: string[]): string[] {
    const text = labels.at(-1) ?? "";
    if (text !== this.label.text) {
      ctx.save();
      ctx.font = this.theme.font;
      this.label = { text, width: ctx.measureText(text).width };
      ctx.restore();
    }
    return labels;
  }

  private snapped(plot: uPlot, left: number, top: number): [number, number] {
    if (!this.hovered || left < 0 || plot.select.width > 0) return [left, top];
    return [plot.valToPos(this.events.snap(plot.posToVal(left, "x")), "x"), top];
  }

  private moved(plot: uPlot): void {
    const { left } = plot.cursor;
    if (!this.hovered || left === undefined || left === null || left < 0) return;
    this.events.cursor(this.events.snap(plot.posToVal(left, "x")));
  }

  private unzoom(): null {
    this.events.zoom(null);
    return null;
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.events.zoom([from, to]);
  }

  private drawLayers(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const input = this.input!;
    const ratio = devicePixelRatio;
    const projection: Projection = { ...bbox, x: input.range, y: this.y, log: input.log };
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left - 8 * ratio, bbox.top - 8 * ratio, bbox.width + 16 * ratio, bbox.height + 16 * ratio);
    ctx.clip();
    ctx.lineJoin = "round";
    this.drawMarks(ctx, projection, ratio);
    for (const layer of this.layers) {
      ctx.strokeStyle = ctx.fillStyle = this.theme[layer.colour];
      ctx.lineWidth = (layer.colour === "raw" || layer.colour === "speed" ? 1 : 1.5) * ratio;
      ctx.setLineDash(layer.dash.map((length) => length * ratio));
      ctx.stroke(lineOf(layer, input.axis, projection));
      ctx.setLineDash([]);
      const dots = dotsOf(layer, input.axis, projection, 2.5 * ratio);
      if (dots) ctx.fill(dots);
    }
    const judged = input.metric.validation ?? input.metric.evaluation;
    if (judged) this.ring(ctx, projection, judged, ratio);
    ctx.restore();
    const first = SLOTS.map((slot) => input.metric[slot]).find((series) => series);
    if (first === this.marked) return;
    this.marked = first;
    // For `npm run bench`: when the first points of a run were drawn.
    performance.mark("fitlens.firstPoint");
  }

  /** A ring around the best value. */
  private ring(ctx: CanvasRenderingContext2D, to: Projection, series: Series, ratio: number): void {
    const side = better(this.input!.metric.name);
    const index = side === "low" ? series.lowest : side === "high" ? series.highest : -1;
    if (index < 0) return;
    const { axis } = this.input!;
    ctx.strokeStyle = this.theme[this.layers.find((layer) => layer.series === series)!.colour];
    ctx.lineWidth = 1.25 * ratio;
    ctx.beginPath();
    ctx.arc(
      projectX(to, xOf(axis, columnOf(axis, series)[index]!)),
      projectY(to, series.values[index]!),
      5.5 * ratio,
      0,
      7,
    );
    ctx.stroke();
  }

  /** Dotted lines where overfitting and where values that are not finite began. */
  private drawMarks(ctx: CanvasRenderingContext2D, to: Projection, ratio: number): void {
    const { axis, turn } = this.input!;
    ctx.strokeStyle = ctx.fillStyle = this.theme.warning;
    ctx.lineWidth = ratio;
    const mark = (x: number, text?: string) => {
      const at = Math.round(projectX(to, x)) + 0.5;
      ctx.setLineDash([2 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(at, to.top);
      ctx.lineTo(at, to.top + to.height);
      ctx.stroke();
      ctx.setLineDash([]);
      if (!text) return;
      ctx.font = this.theme.font.replace(/^\d+/, (size) => String(Number(size) * ratio));
      ctx.textAlign = at > to.left + to.width * 0.75 ? "right" : "left";
      ctx.fillText(text, at + (ctx.textAlign === "left" ? 4 : -4) * ratio, to.top + 10 * ratio);
    };
    if (turn !== undefined) mark(turn);
    let first: { x: number; value: number } | undefined;
    for (const { series } of this.layers) {
      if (series.notFinite < 0) continue;
      const x = xOf(axis, columnOf(axis, series)[series.notFinite]!);
      if (!first || x < first.x) first = { x, value: series.values[series.notFinite]! };
    }
    if (first) mark(first.x, Number.isNaN(first.value) ? "NaN" : "infinite");
  }
}

const round = (value: number): number => Number(value.toPrecision(6));
