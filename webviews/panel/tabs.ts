// The tabs, as the ARIA pattern has them: one stop for Tab, arrow keys between them. A tab for what does not exist is hidden.
import { attribute, h, show } from "./dom";
import { TABS, type Tab } from "./view";

export interface Tabs {
  readonly element: HTMLElement;
  readonly panels: Readonly<Record<Tab, HTMLElement>>;
  update(selected: Tab, present: Readonly<Record<Tab, boolean>>): void;
}

const LABELS: Record<Tab, string> = { metrics: "Metrics", model: "Model", output: "Output" };

export function makeTabs(content: Readonly<Record<Tab, HTMLElement>>, select: (tab: Tab) => void): Tabs {
  const buttons = {} as Record<Tab, HTMLButtonElement>;
  const panels = {} as Record<Tab, HTMLElement>;
  for (const tab of TABS) {
    buttons[tab] = h(
      "button",
      { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": `panel-${tab}` },
      LABELS[tab],
    );
    buttons[tab].addEventListener("click", () => select(tab));
    panels[tab] = h("div", { role: "tabpanel", id: `panel-${tab}`, "aria-labelledby": `tab-${tab}` }, content[tab]);
  }
  const list = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "What to show" },
    ...TABS.map((tab) => buttons[tab]),
  );
  list.addEventListener("keydown", (event) => {
    const there = TABS.filter((tab) => !buttons[tab].hidden);
    const at = there.findIndex((tab) => buttons[tab] === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: there.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = there[(to + there.length) % there.length]!;
    select(tab);
    buttons[tab].focus();
  });
  return {
    element: list,
    panels,
    update(selected, present) {
      for (const tab of TABS) {
        show(buttons[tab], present[tab]);
        show(panels[tab], tab === selected);
        attribute(buttons[tab], "aria-selected", String(tab === selected));
        attribute(buttons[tab], "tabindex", tab === selected ? 0 : -1);
      }
    },
  };
}
