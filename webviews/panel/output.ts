// The Output tab: the end of what the script printed, without terminal codes. Follows the end until the reader scrolls up.
import type { FromPanel } from "../../src/protocol/panel";
import { action, h, setText, show } from "./dom";
import { plainText } from "./terminal";

export interface Output {
  readonly element: HTMLElement;
  update(output: string): void;
}

export function makeOutput(send: (message: FromPanel) => void): Output {
  const text = h("pre", { class: "output", tabindex: 0, role: "region", "aria-label": "Output of the script" });
  const empty = h("p", { class: "empty" }, "The script has printed nothing yet.");
  const open = h(
    "p",
    { class: "hint" },
    action("Open the whole output", () => send({ kind: "open-output" })),
  );
  let follow = true;
  let shown: string | undefined;
  text.addEventListener("scroll", () => {
    follow = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
  });
  return {
    element: h("div", { class: "output-tab" }, open, empty, text),
    update(output) {
      if (output !== shown) {
        shown = output;
        setText(text, plainText(output));
        show(empty, output === "");
        show(text, output !== "");
      }
      if (follow) text.scrollTop = text.scrollHeight;
    },
  };
}
