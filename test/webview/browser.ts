// The built page in a real Chromium, served from 127.0.0.1 under the product's own HTML and policy, with a host that
// stands in for VS Code: its theme variables, acquireVsCodeApi, and a state that survives a reload.
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { FromPanel, ToPanel } from "../../src/protocol/panel";
import { panelHtml } from "../../src/ui/panelHtml";
import { THEMES, type ThemeFixture, type ThemeName } from "./themes";

const NONCE = "dGVzdC1ub25jZQ";

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** What VS Code itself puts into every webview, below the page's own styles. */
const DEFAULTS = `@layer vscode-default {
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
    font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
}`;

/** Runs in the page before its own script: VS Code's side of the webview. */
function hostScript(tokens: Record<string, string>): string {
  return `
    for (const [name, value] of Object.entries(${JSON.stringify(tokens)})) {
      document.documentElement.style.setProperty("--vscode-" + name, value);
    }
    window.sent = [];
    window.failures = [];
    document.addEventListener("securitypolicyviolation", (event) => window.failures.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" ")));
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => window.sent.push(structuredClone(message)),
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
      setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
    });`;
}

export interface PanelPage {
  page: Page;
  /** Posts messages as the host does, one event each, and waits until they have been drawn. */
  feed(...messages: unknown[]): Promise<void>;
  sent<T = FromPanel>(): Promise<T[]>;
  /** Violations of the policy and errors of the page so far. */
  failures(): Promise<string[]>;
}

export interface Harness {
  open(options?: {
    page?: "panel" | "graph";
    theme?: ThemeName;
    width?: number;
    height?: number;
    before?: string;
  }): Promise<PanelPage>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath(), args: FLAGS.split(" ") });
  const server = http.createServer((request, response) => answer(request.url ?? "/", response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async open({ page: name = "panel", theme = "dark", width = 1475, height = 820, before = "" } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB", timezoneId: "UTC" });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error.stack ?? error)));
      if (before) await page.addInitScript(before);
      await page.goto(`${origin}/?page=${name}&theme=${theme}`);
      return {
        page,
        feed: (...messages) => feed(page, messages),
        sent: <T>() => page.evaluate("window.sent") as Promise<T[]>,
        failures: async () => [...errors, ...((await page.evaluate("window.failures")) as string[])],
      };
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function chromiumPath(): string {
  const found = [
    process.env["CHROMIUM"],
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ].find((file) => file && fs.existsSync(file));
  if (!found)
    throw new Error(
      "No Chromium found. Expected it at $CHROMIUM or /usr/bin/chromium. Install it, or set CHROMIUM to its path.",
    );
  return found;
}

function answer(url: string, response: http.ServerResponse): void {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const type = /^\/[\w-]+\.(js|css)$/.exec(pathname)?.[1];
  if (type && pathname !== "/vscode.css") {
    response.writeHead(200, { "content-type": type === "js" ? "text/javascript" : "text/css" });
    response.end(fs.readFileSync(path.join("dist", "webview", pathname)));
    return;
  }
  if (pathname === "/vscode.css") {
    response.writeHead(200, { "content-type": "text/css" });
    response.end(DEFAULTS);
    return;
  }
  const { bodyClass, id, tokens }: ThemeFixture = THEMES[(searchParams.get("theme") ?? "dark") as ThemeName];
  const name = searchParams.get("page") ?? "panel";
  const html = panelHtml({
    title: name,
    scriptUri: `/${name}.js`,
    styleUri: `/${name}.css`,
    cspSource: "'self'",
    nonce: NONCE,
    ...(name === "graph" && { workerUri: "/elk-worker.js" }),
  })
    .replace(
      "<link ",
      `<script nonce="${NONCE}">${hostScript(tokens)}</script><link rel="stylesheet" href="/vscode.css"><link `,
    )
    .replace("<body>", `<body class="${bodyClass}" data-vscode-theme-id="${id}">`);
  response.writeHead(200, { "content-type": "text/html" });
  response.end(html);
}

/** Columns travel as plain arrays to the browser and become typed arrays there, as VS Code would hand them over. */
async function feed(page: Page, messages: readonly unknown[]): Promise<void> {
  const plain = messages.map((message) => {
    const { kind, series } = (message ?? {}) as ToPanel & { kind: "points" };
    if (kind !== "points" || !Array.isArray(series) || !series.every((one) => one?.steps instanceof Float64Array))
      return message;
    return {
      ...(message as object),
      series: series.map((one) => ({ ...one, steps: [...one.steps], times: [...one.times], values: [...one.values] })),
    };
  });
  await page.evaluate(
    `(async (messages) => {
      const columns = (one) => ({ ...one, steps: Float64Array.from(one.steps), times: Float64Array.from(one.times), values: Float64Array.from(one.values) });
      for (const message of messages) {
        const typed = message && message.kind === "points" && Array.isArray(message.series) && message.series.every((one) => one && one.steps) ? { ...message, series: message.series.map(columns) } : message;
        window.postMessage(typed, "*");
      }
      await new Promise((resolve) => { const done = ({ data }) => { if (data === "fed") { removeEventListener("message", done); resolve(); } }; addEventListener("message", done); postMessage("fed", "*"); });
      await settled();
      async function settled() {
        await new Promise((resolve) => setTimeout(resolve, 300));
        for (let frame = 0; frame < 12; frame++) await new Promise(requestAnimationFrame);
      }
    })`
      .replace(/^/, "(")
      .concat(`)(${serialised(plain)})`),
  );
}

/** As JavaScript: JSON with the numbers that it lacks. */
function serialised(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return `[${value.map(serialised).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, each]) => `[${JSON.stringify(key)}]:${serialised(each)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}
