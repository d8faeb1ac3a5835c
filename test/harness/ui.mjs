// What a person does in VS Code, as Playwright calls. Each waits for what a person would see next, and says what it missed.
//
// The class names are VS Code's own and hold for 1.100 and the newest version alike.

import { painted } from "./vscode.mjs";

const QUICK_INPUT = ".quick-input-widget:visible .quick-input-box input";
const QUICK_ROW = ".quick-input-list .monaco-list-row";

/** The palette: types the title and clicks the row, again if the command was not registered yet. */
export async function command(page, title) {
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press("F1");
      await page.locator(QUICK_INPUT).fill(`>${title}`, { timeout: 5000 });
      const row = page.locator(QUICK_ROW, { hasText: title }).first();
      await row.click({ timeout: 10_000 });
      await paletteLeft(page, `>${title}`);
      return;
    } catch (error) {
      if (attempt === 3) throw new Error(`The palette did not run "${title}": ${error.message}`);
      await page.keyboard.press("Escape");
    }
  }
}

/** Developer: Reload Window. Unlike the browser's own reload it lets VS Code keep what is open. */
export async function reloadWindow(page) {
  await page.keyboard.press("F1");
  await page.locator(QUICK_INPUT).fill(">Developer: Reload Window");
  const loaded = page.waitForEvent("domcontentloaded", { timeout: 180_000 });
  await page.locator(QUICK_ROW, { hasText: "Reload Window" }).first().click();
  await loaded;
  await painted(page);
}

/** The palette has closed, or has turned into the command's own question. */
function paletteLeft(page, typed) {
  return page.waitForFunction(
    (value) => {
      const input = document.querySelector(".quick-input-widget .quick-input-box input");
      return !input?.offsetParent || input.value !== value;
    },
    typed,
    { timeout: 5000 },
  );
}

/** Answers a question of the quick input by its row. */
export async function pick(page, text) {
  await page.locator(QUICK_ROW, { hasText: text }).first().click();
}

/** Answers a question of the quick input by typing. */
export async function answer(page, text) {
  await page.locator(QUICK_INPUT).fill(text);
  await page.keyboard.press("Enter");
}

/** Quick Open. The file's index is cold after a start, so this may take seconds. */
export async function openFile(page, name) {
  await page.keyboard.press("Control+P");
  await page.locator(QUICK_INPUT).fill(name);
  await page.locator(QUICK_ROW, { hasText: name }).first().click({ timeout: 180_000 });
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator(".editor-instance .monaco-editor .view-line").first().waitFor();
}

/** The lens with that text, anywhere in the visible editors. */
export const lens = (page, text) => page.locator(".codelens-decoration a", { hasText: text }).first();

/** Clicks a lens, scrolling down to it as a person does where it is below what the editor shows. */
export async function clickLens(page, text) {
  const found = lens(page, text);
  for (let scrolled = 0; !(await appears(found, scrolled === 0 ? 10_000 : 1000)); scrolled++) {
    if (scrolled === 30) throw new Error(`No lens "${text}" is shown in the editor.`);
    const box = await page.locator(".editor-instance .monaco-editor .view-lines").first().boundingBox();
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.wheel(0, 250);
  }
  await found.click({ timeout: 60_000 });
}

/** Puts the caret into the line with this text, as a click does. */
export async function clickText(page, text) {
  await page
    .locator(".view-line", { hasText: nonBreaking(text) })
    .first()
    .click();
}

/** Quick fix: the caret into the line with `text`, Ctrl+., the action by its title. */
export async function quickFix(page, text, title) {
  const row = page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
  await clickText(page, text);
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press("Control+.");
    if (await appears(row, 5000)) break;
    if (attempt === 5) throw new Error(`No quick fix "${title}" is offered at "${text}".`);
    await page.keyboard.press("Escape");
  }
  for (let attempt = 1; ; attempt++) {
    // 1.100 covers a fresh list until the mouse moves, and newer ones tear the list down during the click: so by hand.
    const box = await row.boundingBox();
    if (box) {
      await page.mouse.move(box.x + 20, box.y + 4);
      await page.mouse.move(box.x + 30, box.y + box.height / 2, { steps: 3 });
      await page.mouse.click(box.x + 30, box.y + box.height / 2);
    }
    if (
      await row.waitFor({ state: "hidden", timeout: 1500 }).then(
        () => true,
        () => false,
      )
    )
      return;
    if (attempt === 5) throw new Error(`The list of quick fixes did not close after a click on "${title}".`);
  }
}

const appears = (locator, timeout) =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

/** The page inside a webview: the workbench frames VS Code's host page, and that the extension's. */
export const webview = (page) => page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");

export const statusItem = (page, text) => page.locator(".statusbar-item", { hasText: text }).first();
export const toast = (page, text) =>
  page.locator(".notifications-toasts .notification-list-item-message", { hasText: text }).first();
/** A button of a modal question. */
export const dialogButton = (page, text) => page.locator(".monaco-dialog-box").getByRole("button", { name: text });
export const tab = (page, name) => page.locator(".tab", { hasText: name }).first();

/** A button of the active editor's title, by the command's title. */
export const titleAction = (page, title) =>
  page.locator(`.editor-actions a.action-label[aria-label^="${title}"]`).first();

/** Closes what floats above the window, so that it does not hide what is clicked next. */
export async function dismissToasts(page) {
  const toasts = page.locator(".notifications-toasts .notification-list-item");
  if ((await toasts.count()) > 0) await command(page, "Notifications: Clear All Notifications");
}

/** The text of the editor that has the focus last; Monaco draws blanks as U+00A0. Only what is scrolled into view. */
export async function editorText(page) {
  const text = await page.locator(".editor-instance .monaco-editor .view-lines").first().textContent();
  return text.replaceAll("\u00a0", " ");
}

/** Monaco's blanks, for use in `hasText`. */
const nonBreaking = (text) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "[ \u00a0]"));

/** Waits until `check()` gives something, and says what was awaited when it does not. */
export async function until(what, check, seconds = 180) {
  for (const begin = Date.now(); ; ) {
    const found = await check();
    if (found) return found;
    if (Date.now() - begin > seconds * 1000)
      throw new Error(`Waited ${seconds} s for ${typeof what === "function" ? what() : what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
