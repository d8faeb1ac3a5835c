// Row start.firstPoint: from the end of the first step, as its event says, to its point drawn in the panel of a real VS Code.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readPoints } from "../../src/runs/summary";
import { type Bench, figure } from "./bench";

const RUNS = 7;

interface Walk {
  makeWorkspace(options: { files: Record<string, string> }): {
    folder: string;
    remove(): void;
    reaches(script: string, ...states: string[]): Promise<{ folder: string }>;
  };
  openWindow(folder: string): Promise<{ page: Page; close(): Promise<void> }>;
  longScript(epochs: number, delay: number): string;
}
interface Ui {
  openFile(page: Page, name: string): Promise<void>;
  clickLens(page: Page, text: string): Promise<void>;
  lens(page: Page, text: string): { waitFor(options?: object): Promise<void> };
  webview(page: Page): { locator(selector: string): { evaluate<T>(read: () => T): Promise<T> } };
}
type Page = unknown;

const load = async <T>(file: string): Promise<T> => (await import(pathToFileURL(path.resolve(file)).href)) as T;

export const benches: Bench[] = [
  {
    rows: ["start.firstPoint"],
    async run(note) {
      const { makeWorkspace, openWindow, longScript } = await load<Walk>("test/walk/walk.mjs");
      const ui = await load<Ui>("test/harness/ui.mjs");
      // Steps of 50 ms: the first point is not hurried along by those behind it.
      const workspace = makeWorkspace({ files: { "long.ts": longScript(2, 50) } });
      const { page, close } = await openWindow(workspace.folder);
      const samples: number[] = [];
      try {
        await ui.openFile(page, "long.ts");
        for (let run = 0; run <= RUNS; run++) {
          const before = run === 0 ? 0 : await lastMark(ui, page);
          await ui.clickLens(page, "Train");
          const { folder } = await workspace.reaches("long.ts", "finished");
          await ui.lens(page, "last:").waitFor();
          // In the first run the panel itself is opened: that is another row.
          if (run === 0) continue;
          const drawn = await firstMarkAfter(ui, page, before);
          const first = readPoints(folder).series.find(({ tag }) => tag === "batch_loss")?.times[0];
          if (drawn === undefined || first === undefined) note(`run ${run} in ${path.basename(folder)} drew no point`);
          else samples.push(drawn - first);
          fs.rmSync(folder, { recursive: true, force: true });
        }
      } finally {
        await close();
        workspace.remove();
      }
      if (samples.length === 0) return [];
      return [{ row: "start.firstPoint", value: figure(samples), unit: "ms", goal: "≤ 50 ms", runs: samples.length }];
    },
  },
];

/** Wall time of the marks that charts leave when they draw a run's first points. */
async function marks(ui: Ui, page: Page): Promise<number[]> {
  return ui
    .webview(page)
    .locator("body")
    .evaluate(() => {
      const { timeOrigin } = performance;
      return performance.getEntriesByName("fitlens.firstPoint").map(({ startTime }) => timeOrigin + startTime);
    });
}

const lastMark = async (ui: Ui, page: Page): Promise<number> => (await marks(ui, page)).at(-1) ?? 0;

const firstMarkAfter = async (ui: Ui, page: Page, time: number): Promise<number | undefined> =>
  (await marks(ui, page)).find((mark) => mark > time);
