// The one file that knows the component library: buttons come from here, so that a successor can take its place.

import { vsCodeButton } from "@vscode/webview-ui-toolkit/dist/button/index.js";
import { provideVSCodeDesignSystem } from "@vscode/webview-ui-toolkit/dist/vscode-design-system.js";

provideVSCodeDesignSystem().register(vsCodeButton());

export interface Control {
  readonly element: HTMLElement;
  update(state: { label: string; visible: boolean; enabled: boolean }): void;
}

export function button(appearance: "primary" | "secondary", press: () => void): Control {
  const element = document.createElement("vscode-button");
  element.setAttribute("appearance", appearance);
  element.addEventListener("click", () => {
    if (!element.hasAttribute("disabled")) press();
  });
  return {
    element,
    update({ label, visible, enabled }) {
      if (element.textContent !== label) element.textContent = label;
      element.hidden = !visible;
      element.toggleAttribute("disabled", !enabled);
    },
  };
}
