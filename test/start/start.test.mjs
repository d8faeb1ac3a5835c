// `npm start`: prints an address, which opened in a browser shows the sample with Fitlens; ends with all that it started.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { artifacts, root } from "../harness/places.mjs";
import * as ui from "../harness/ui.mjs";
import { startBrowser } from "../harness/vscode.mjs";

test("npm start", { timeout: 1_200_000 }, async (t) => {
  const profileDir = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-start-"));
  const child = spawn(process.execPath, [path.join(root, "test/harness/start.mjs"), "--server"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  child.stdout.on("data", (data) => {
    said += data;
  });
  let browser;
  t.after(async () => {
    child.kill("SIGKILL");
    await browser?.close();
    fs.rmSync(profileDir, { recursive: true, force: true, maxRetries: 5 });
  });

  const address = await ui.until("the printed address", () => /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(said)?.[0], 120);
  browser = await startBrowser({ profileDir, size: { width: 1440, height: 900 } });
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.goto(address, { waitUntil: "domcontentloaded" });
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 180_000 });
  await ui.openFile(page, "iris.ts");
  for (const title of ["Train", "Debug", "Metrics", "Convert to Estimator"])
    await ui.lens(page, title).waitFor({ timeout: 180_000 });
  await page.screenshot({ path: path.join(artifacts, "start.png") });

  child.kill("SIGINT");
  assert.equal(await exited, 0);
  await assert.rejects(fetch(new URL(address).origin), "the server still answers");
});
