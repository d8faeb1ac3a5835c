// The page as a whole: what is shown follows from the model (the fold of the host's messages) and the view (what the user
// has set). Charts follow each frame; words and tables a few times a second, since nobody reads faster.
import type { FromPanel, ToPanel } from "../../src/protocol/panel";
import type { Host } from "../host";
import { makeAlertList } from "./alertList";
import { alertsOf } from "./alerts";
import { axisOf, epochLength } from "./axis";
import { h, setText, show } from "./dom";
import { type Drawable, Frames } from "./frames";
import { Grid } from "./grid";
import { makeHeader } from "./header";
import { EMPTY, isEnded, type Model, metricsOf, reduce } from "./model";
import { makeNumbers } from "./numbers";
import { makeOutput } from "./output";
import { columnsOf, csvOf } from "./rows";
import { makeSide } from "./side";
import { makeSummary } from "./summary";
import { makeTabs } from "./tabs";
import { isConduct } from "./tags";
import { onThemeChange, readTheme } from "./theme";
import { makeToolbar } from "./toolbar";
import { type View, viewForRun, viewFrom } from "./view";
import { baseName } from "./words";

/** Milliseconds between two updates of words and tables while points stream in. */
const READING_PACE = 250;

export class Page {
  private model: Model = EMPTY;
  private view: View;
  private wordsAt = Number.NEGATIVE_INFINITY;
  private wordsTimer = 0;
  private readonly frames = new Frames();
  private readonly grid: Grid;
  private readonly header = makeHeader((message) => this.host.send(message));
  private readonly alerts = makeAlertList({
    send: (message) => this.host.send(message),
    dismiss: (key) => this.change({ dismissed: [...this.view.dismissed, key].slice(-50) }),
  });
  private readonly toolbar = makeToolbar({
    change: (change) => this.change(change),
    exportCsv: () => this.exportCsv(),
  });
  private readonly numbers = makeNumbers({ rows: (rows) => this.change({ rows }) });
  private readonly side = makeSide();
  private readonly summary = makeSummary();
  private readonly output = makeOutput((message) => this.host.send(message));
  private readonly waiting = h("p", { class: "empty" });
  private readonly note = h("p", { class: "hint", role: "status" });
  /** Stands alone when it is shown, so it is the page's heading. */
  private readonly gone = h("h1", { class: "empty gone" });
  private readonly body: HTMLElement;
  private readonly tabs;
  private readonly words: Drawable = { visible: true, draw: () => this.drawWords() };
  private readonly charts: Drawable = { visible: true, draw: () => this.drawCharts() };

  constructor(
    root: HTMLElement,
    private readonly host: Host<FromPanel>,
  ) {
    this.view = viewFrom(host.state);
    this.grid = new Grid(
      this.frames,
      readTheme(),
      () => this.view,
      (change) => this.change(change),
    );
    const metrics = h(
      "div",
      { class: "metrics" },
      this.alerts.element,
      this.toolbar.element,
      this.note,
      this.waiting,
      h(
        "div",
        { class: "board" },
        h("div", { class: "stage" }, this.grid.element, this.numbers.element),
        this.side.element,
      ),
    );
    const content = { metrics, model: this.summary.element, output: this.output.element };
    this.tabs = makeTabs(content, (tab) => this.change({ tab }));
    this.body = h("div", { class: "body" }, this.header.element, this.tabs.element, ...Object.values(this.tabs.panels));
    show(this.body, false);
    setText(this.gone, "Waiting for the run …");
    root.append(this.body, this.gone);
    onThemeChange(() => this.grid.setTheme(readTheme()));
    window.addEventListener("scroll", () => this.keep({ scroll: window.scrollY }), { passive: true });
  }

  receive(message: ToPanel): void {
    const before = this.model;
    this.model = reduce(before, message);
    if (message.kind === "run") {
      const view = viewForRun(this.view, message.run.id);
      if (view !== this.view) this.keep(view);
    }
    // A change of state is shown at once, numbers at a reader's pace.
    const steady = message.kind === "points" || message.kind === "output";
    this.showWords(!steady || before.series.size !== this.model.series.size);
    if (message.kind !== "output") this.frames.want(this.charts);
  }

  /** Something that the user has set. */
  private change(change: Partial<View>): void {
    const entries = Object.entries(change) as [keyof View, unknown][];
    if (entries.every(([key, value]) => this.view[key] === value)) return;
    this.keep(change);
    this.showWords(true);
    this.frames.want(this.charts);
  }

  private keep(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.host.state = this.view;
  }

  private showWords(now: boolean): void {
    const wait = this.wordsAt + READING_PACE - performance.now();
    if (now || wait <= 0) {
      clearTimeout(this.wordsTimer);
      this.wordsTimer = 0;
      this.frames.want(this.words);
    } else if (this.wordsTimer === 0) {
      this.wordsTimer = window.setTimeout(() => this.showWords(true), wait);
    }
  }

  private drawCharts(): void {
    const { model, view } = this;
    if (view.tab !== "metrics" || view.table || model.gone !== undefined) return;
    const metrics = metricsOf(model.series);
    this.grid.update({
      metrics,
      axis: axisOf(model, metrics, view.x),
      epochLength: epochLength(model.status, metrics),
    });
  }

  private drawWords(): void {
    this.wordsAt = performance.now();
    const { model, view } = this;
    const { run, status, gone } = model;
    show(this.body, run !== undefined && gone === undefined);
    show(this.gone, run === undefined || gone !== undefined);
    if (gone !== undefined) setText(this.gone, gone);
    if (!run || !status || gone !== undefined) return;

    const metrics = metricsOf(model.series);
    const length = epochLength(status, metrics);
    const axis = axisOf(model, metrics, view.x);
    const present = {
      metrics: true,
      model: model.summary !== undefined,
      output: model.output !== "" || view.tab === "output",
    };
    const tab = present[view.tab] ? view.tab : "metrics";
    this.header.update(model, length);
    this.alerts.update(alertsOf(model, metrics, length).filter(({ key }) => !view.dismissed.includes(key)));
    this.tabs.update(tab, present);
    if (tab === "model" && model.summary) this.summary.update(model.summary);
    if (tab === "output") this.output.update(model.output);
    if (tab !== "metrics") return;

    const some = metrics.length > 0;
    show(this.waiting, !some);
    setText(this.waiting, waitingWords(model));
    show(this.toolbar.element, some);
    const smoothing = metrics.some((metric) => metric.batch && !isConduct(metric.name));
    this.toolbar.update(view, { epochs: length !== undefined, smoothing });
    show(this.note, this.note.textContent !== "");
    show(this.grid.element, some && !view.table);
    show(this.numbers.element, some && view.table);
    if (view.table) this.numbers.update(model, view.rows);
    this.side.update(model, metrics, axis, view.table ? null : view.cursor);
    show(this.side.element, some || model.summary !== undefined);
    this.restoreScroll();
  }

  private scrolled = false;
  /** Once, when there is something to scroll: a reload finds the page where it was. */
  private restoreScroll(): void {
    if (this.scrolled || this.model.series.size === 0) return;
    this.scrolled = true;
    const { scroll } = this.view;
    if (scroll > 0) requestAnimationFrame(() => window.scrollTo(0, scroll));
  }

  private exportCsv(): void {
    const { csv, every } = csvOf(columnsOf(this.model, "steps"));
    setText(
      this.note,
      every > 1
        ? `The file would be too long: it has every ${every}th step. The run's event files have all of them.`
        : "",
    );
    show(this.note, every > 1);
    this.host.send({ kind: "export", csv });
  }
}

function waitingWords({ run, status }: Model): string {
  const name = baseName(run!.script);
  if (!isEnded(status))
    return `Waiting for the first batch. ${name} runs in the background; its loss and metrics appear here once it trains.`;
  if (status!.state === "finished")
    return `${name} ended without training: no fit or train call was seen. Its output says what it did.`;
  return `${name} ended before its first batch.`;
}
