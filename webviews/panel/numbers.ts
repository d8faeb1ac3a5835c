// All numbers as a table, a page at a time: what the charts show, for those who would rather read.
import { formatNumber } from "../../src/protocol/words";
import { action, fillRows, h, setText, show } from "./dom";
import type { Model } from "./model";
import { columnsOf, indexAt, stepsOf } from "./rows";
import { metricWords } from "./tags";
import type { View } from "./view";

/** Rows shown at once. */
const PAGE = 100;
export interface Numbers {
  readonly element: HTMLElement;
  update(model: Model, rows: View["rows"]): void;
}

export function makeNumbers(events: { rows(rows: View["rows"]): void }): Numbers {
  const head = h("tr");
  const body = h("tbody");
  const where = h("span", { class: "where" });
  const table = h("table", {}, h("caption", { class: "unseen" }, "All numbers"), h("thead", {}, head), body);
  let page = Number.POSITIVE_INFINITY;
  let pages = 1;
  let draw = () => {};
  const turn = (to: () => number) => () => {
    page = to();
    draw();
  };
  const older = action(
    "Earlier",
    turn(() => Math.max(0, Math.min(page, pages - 1) - 1)),
  );
  const newer = action(
    "Later",
    turn(() => Math.min(pages - 1, page + 1)),
  );
  const first = action(
    "First",
    turn(() => 0),
  );
  const last = action(
    "Last",
    turn(() => Number.POSITIVE_INFINITY),
  );
  const kind = h(
    "select",
    { "aria-label": "Rows" },
    h("option", { value: "epochs" }, "every epoch"),
    h("option", { value: "steps" }, "every step"),
  );
  kind.addEventListener("change", () => events.rows(kind.value === "steps" ? "steps" : "epochs"));
  const bar = h("p", { class: "hint" }, kind, " ", where, " ", first, " · ", older, " · ", newer, " · ", last);
  return {
    element: h(
      "div",
      { class: "numbers" },
      bar,
      h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "All numbers" }, table),
    ),
    update(model, rows) {
      kind.value = rows;
      const series = columnsOf(model, rows);
      const steps = stepsOf(series);
      pages = Math.max(1, Math.ceil(steps.length / PAGE));
      draw = () => {
        const at = Math.min(page, pages - 1);
        const from = at * PAGE;
        const shown = steps.subarray(from, from + PAGE);
        setText(
          where,
          steps.length === 0
            ? "no rows"
            : `rows ${(from + 1).toLocaleString("en-US")} to ${(from + shown.length).toLocaleString("en-US")} of ${steps.length.toLocaleString("en-US")}`,
        );
        for (const control of [first, older]) control.disabled = at === 0;
        for (const control of [newer, last]) control.disabled = at === pages - 1;
        const names = [
          "step",
          ...series.map(
            (one) =>
              `${one.meaning.role} ${metricWords(one.meaning.metric)}${one.meaning.role === "train" && one.meaning.grain === "epoch" && rows === "steps" ? " (epoch)" : ""}`,
          ),
        ];
        if (head.cells.length !== names.length) head.replaceChildren(...names.map(() => h("th", { scope: "col" })));
        for (const [index, name] of names.entries()) setText(head.cells[index]!, name);
        fillRows(
          body,
          [...shown].map((step) => [
            step.toLocaleString("en-US"),
            ...series.map((one) => {
              const index = indexAt(one, step);
              return index < 0 ? "" : formatNumber(one.values[index]!);
            }),
          ]),
        );
        show(bar, true);
      };
      draw();
    },
  };
}
