// The line above the picture: which model it is and how large, and what can be done with the picture.
import type { ModelGraph } from "../../src/protocol/graph";
import { formatCount } from "../../src/protocol/words";
import { action, attribute, h, setText, show } from "../panel/dom";

export interface HeaderEvents {
  choose(model: string): void;
  zoom(factor: number): void;
  fit(): void;
  fold(isOpen: boolean): void;
  save(format: "svg" | "png"): void;
}

export interface Header {
  readonly element: HTMLElement;
  update(models: readonly ModelGraph[], model: ModelGraph, folds: { open: number; closed: number }): void;
}

export function makeHeader(events: HeaderEvents): Header {
  const name = h("h1");
  const select = h("select", { "aria-label": "Model" });
  select.addEventListener("change", () => events.choose(select.value));
  const facts = h("p", { class: "facts" });
  const expand = action("Expand all", () => events.fold(true));
  const collapse = action("Collapse all", () => events.fold(false));
  const folds = h("span", { class: "set" }, expand, collapse);
  const smaller = action("−", () => events.zoom(1 / 1.25));
  const larger = action("+", () => events.zoom(1.25));
  const fit = action("Fit", () => events.fit());
  for (const [button, title] of [
    [smaller, "Zoom out (−)"],
    [larger, "Zoom in (+)"],
    [fit, "Show all of it (0)"],
  ] as const) {
    attribute(button, "title", title);
    // A sign alone has no name.
    if (button !== fit) attribute(button, "aria-label", title);
  }
  const ways = h(
    "div",
    { class: "ways" },
    folds,
    h("span", { class: "set" }, smaller, fit, larger),
    h(
      "span",
      { class: "set" },
      h("span", { class: "word" }, "Export"),
      action("SVG", () => events.save("svg")),
      action("PNG", () => events.save("png")),
    ),
  );
  const element = h("header", { class: "top" }, h("div", { class: "title" }, name, select, facts), ways);
  return {
    element,
    update(models, model, { open, closed }) {
      // The choice says which model it is; the heading is there for those who go by headings.
      attribute(name, "class", models.length > 1 ? "unseen" : undefined);
      show(select, models.length > 1);
      setText(name, model.title);
      fill(select, models);
      select.value = model.id;
      setText(facts, factsOf(model));
      show(folds, open + closed > 0);
      expand.disabled = closed === 0;
      collapse.disabled = open === 0;
    },
  };
}

function fill(select: HTMLSelectElement, models: readonly ModelGraph[]): void {
  // Whole models first, then those that are in them.
  const inOrder = [...models.filter(({ isPart }) => !isPart), ...models.filter(({ isPart }) => isPart)];
  const said = inOrder.map(({ id, title, isPart }) => `${id}\n${title}${isPart ? " (a part)" : ""}`).join("\n");
  if (select.dataset["said"] === said) return;
  select.dataset["said"] = said;
  select.replaceChildren(
    ...inOrder.map(({ id, title, isPart }) => h("option", { value: id }, isPart ? `${title} (a part)` : title)),
  );
}

export function factsOf({ className, title, parameters, trainable }: ModelGraph): string {
  const count = parameters === null ? "" : `${formatCount(parameters)} parameters`;
  const some = parameters !== null && trainable !== null && trainable !== parameters;
  return [className === title ? "" : className, count, some ? `${formatCount(trainable)} trainable` : ""]
    .filter(Boolean)
    .join(" · ");
}
