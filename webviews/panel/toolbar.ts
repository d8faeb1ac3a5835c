// The line of settings above the charts: what runs along x, the scale of y, smoothing, and the ways to all numbers.
import { AXES, type AxisKind } from "./axis";
import { action, attribute, h, setText, show } from "./dom";
import type { View } from "./view";

export interface Toolbar {
  readonly element: HTMLElement;
  update(view: View, possible: { epochs: boolean; smoothing: boolean }): void;
}

export function makeToolbar(events: { change(change: Partial<View>): void; exportCsv(): void }): Toolbar {
  const x = choice("x", AXES, (kind: AxisKind) => events.change({ x: kind, zoom: null, cursor: null }));
  const y = choice("y", ["linear", "log"] as const, (kind) => events.change({ y: kind }));
  const amount = h("output");
  const slider = h("input", { type: "range", min: 0, max: 0.99, step: 0.01, "aria-label": "Smoothing" });
  slider.addEventListener("input", () => events.change({ smoothing: Number(slider.value) }));
  const smoothing = h("label", { class: "smoothing" }, "smoothing ", slider, amount);
  const reset = action("Reset zoom", () => events.change({ zoom: null }));
  let table = false;
  const toggle = action("table", () => events.change({ table: !table }));
  const hint = h("span", { class: "gesture" }, "drag to zoom · double-click to reset · ");
  const ways = h("div", { class: "ways" }, hint, reset, " ", toggle, " · ", action("export", events.exportCsv));
  return {
    element: h("div", { class: "toolbar" }, x.element, y.element, smoothing, ways),
    update(view, possible) {
      table = view.table;
      x.update(view.x === "epoch" && !possible.epochs ? "step" : view.x, possible.epochs ? [] : ["epoch"]);
      y.update(view.y, []);
      slider.value = String(view.smoothing);
      setText(amount, view.smoothing.toFixed(2).replace(/0$/, ""));
      show(x.element, !view.table);
      show(y.element, !view.table);
      show(smoothing, possible.smoothing && !view.table);
      show(hint, !view.table && view.zoom === null);
      show(reset, !view.table && view.zoom !== null);
      setText(toggle, view.table ? "charts" : "table");
      attribute(toggle, "title", view.table ? "Show the charts" : "Show all numbers as a table");
    },
  };
}

/** One of a few words: radio buttons, so that arrow keys and screen readers work as everywhere. */
function choice<T extends string>(name: string, values: readonly T[], choose: (value: T) => void) {
  const inputs = values.map((value) => {
    const input = h("input", { type: "radio", name, value });
    input.addEventListener("change", () => choose(value));
    return input;
  });
  const labels = inputs.map((input) => h("label", {}, input, h("span", {}, input.value)));
  const element = h(
    "div",
    { class: "choice", role: "radiogroup", "aria-label": `${name} axis` },
    h("span", { "aria-hidden": "true" }, `${name}:`),
    h("div", { class: "segments" }, ...labels),
  );
  return {
    element,
    update(value: T, impossible: readonly T[]) {
      for (const input of inputs) {
        input.checked = input.value === value;
        input.disabled = (impossible as readonly string[]).includes(input.value);
      }
    },
  };
}
