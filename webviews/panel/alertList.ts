// Draws alerts: a sentence each, with links that do what they say.
import type { FromPanel } from "../../src/protocol/panel";
import type { Alert } from "./alerts";
import { action, h } from "./dom";

export interface AlertList {
  readonly element: HTMLElement;
  update(alerts: readonly Alert[]): void;
}

export function makeAlertList(events: { send(message: FromPanel): void; dismiss(key: string): void }): AlertList {
  const element = h("div", { class: "alerts" });
  let shown = "";
  return {
    element,
    update(alerts) {
      // Built anew only when something else is to be said, so that focus stays where it is.
      const key = JSON.stringify(alerts);
      if (key === shown) return;
      shown = key;
      element.replaceChildren(
        ...alerts.map((alert) => {
          const links = [
            ...alert.links.map(({ label, message }) => action(label, () => events.send(message))),
            action("Dismiss", () => events.dismiss(alert.key)),
          ];
          const body = h("p", {}, h("strong", {}, alert.fact), ` ${alert.more} `);
          body.append(...links.flatMap((link, index) => (index > 0 ? [" · ", link] : [link])));
          const detail = alert.detail ? [h("pre", {}, alert.detail)] : [];
          return h("div", { class: `alert ${alert.kind}`, role: "group", "aria-label": alert.kind }, body, ...detail);
        }),
      );
    },
  };
}
