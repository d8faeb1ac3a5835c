// The colours that canvases need, resolved from the style sheet's own names whenever the theme changes.

const NAMES = [
  "train",
  "raw",
  "validation",
  "evaluation",
  "rate",
  "speed",
  "grid",
  "label",
  "cursor",
  "warning",
  "background",
] as const;
export type Theme = Readonly<Record<(typeof NAMES)[number] | "font", string>>;

/** Reads `--line-NAME` as the browser resolves it: tokens, their fallbacks and forced colours alike. */
export function readTheme(): Theme {
  const probe = document.createElement("span");
  probe.className = "probe";
  document.body.append(probe);
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    probe.style.color = `var(--line-${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  const { fontFamily } = getComputedStyle(document.body);
  probe.remove();
  return { ...(found as Record<(typeof NAMES)[number], string>), font: `11px ${fontFamily}` };
}

/** VS Code changes the theme by new variables on the root and a class on the body. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style", "class"] });
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  for (const query of ["(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", changed);
  }
}
