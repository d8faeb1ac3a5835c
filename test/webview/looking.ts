// A picture of a page, and what axe finds wrong with it.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Page } from "playwright-core";

const AXE = fs.readFileSync(createRequire(path.resolve("package.json")).resolve("axe-core/axe.min.js"), "utf8");

export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `artifacts/${name}.png` });
}

/** What axe finds, one line a fault. It is put in as the browser's own tools are, past the page's policy. */
export async function faults(page: Page, disabled: readonly string[] = []): Promise<string[]> {
  await page.evaluate(AXE);
  return (await page.evaluate(`axe.run(document, { resultTypes: ["violations"], rules: ${JSON.stringify(Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }])))} }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.html.slice(0, 120) + " " + (node.any[0]?.message ?? ""))))`)) as string[];
}
