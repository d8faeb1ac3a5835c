// The panel's page in a real Chromium: how long the first picture of a long run takes, and what a frame costs while points
// stream in, against plain uPlot given all points each time. What is measured is the main thread's script time.
import fs from "node:fs";
import type { Page } from "playwright-core";
import { type Harness, startHarness } from "../webview/browser";
import { runMessage } from "../webview/recording";
import { type Bench, figure, type Row } from "./bench";

const SERIES = 10;
const POINTS = 100_000;
/** 100 points a second a series, 60 frames a second. */
const PER_FRAME = 2;
const FRAMES = 120;
const ROUNDS = 5;

/** Counts the script time of each frame: message handlers and animation frames. Set before the page's own script. */
const METER = `
  window.spent = 0; window.spentOnMessages = 0;
  const timed = (run, message) => (...args) => { const start = performance.now(); try { return run(...args); } finally { const took = performance.now() - start; window.spent += took; if (message) window.spentOnMessages += took; } };
  const frame = window.requestAnimationFrame.bind(window);
  window.plainFrame = frame;
  window.requestAnimationFrame = (run) => frame(timed(run));
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (kind, run, options) => listen(kind, kind === "message" ? timed(run, true) : run, options);
  window.columns = (from, count, one) => {
    const steps = new Float64Array(count), times = new Float64Array(count), values = new Float64Array(count);
    for (let index = 0; index < count; index++) {
      const step = from + index + 1;
      steps[index] = step; times[index] = 1.7e12 + step * 10;
      values[index] = 2 * Math.exp(-step / 30000) + 0.2 * Math.abs(Math.sin(step * 12.9898 + one) * 43758.5453 % 1);
    }
    return { source: "train", tag: "batch_metric" + one, steps, times, values };
  };
  window.idle = async (frames) => { for (let i = 0; i < frames; i++) await new Promise(plainFrame); };`;

const status = { epochs: 12, stepsPerEpoch: 10_000, stepsPerSecond: undefined } as object;

/** Opens the run; gives the milliseconds from the message to the end of the first drawing, and the script time of its frames. */
async function open(page: Page): Promise<{ wall: number; script: number }> {
  return (await page.evaluate(`(async () => {
    window.postMessage(${JSON.stringify(runMessage(POINTS, status))}, "*");
    await idle(3);
    const series = Array.from({ length: ${SERIES} }, (_, one) => columns(0, ${POINTS}, one));
    const stroke = CanvasRenderingContext2D.prototype.stroke;
    let last = 0;
    CanvasRenderingContext2D.prototype.stroke = function (...path) { last = performance.now(); return stroke.apply(this, path); };
    spent = spentOnMessages = 0;
    const start = performance.now();
    window.postMessage({ kind: "points", reset: true, series }, "*", series.flatMap(({ steps, times, values }) => [steps.buffer, times.buffer, values.buffer]));
    await idle(20);
    CanvasRenderingContext2D.prototype.stroke = stroke;
    return { wall: last - start, script: spent - spentOnMessages };
  })()`)) as { wall: number; script: number };
}

/** Script time of each frame, in milliseconds, while points come in. */
async function stream(page: Page): Promise<number[]> {
  return (await page.evaluate(`(async () => {
    const costs = [];
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      const series = Array.from({ length: ${SERIES} }, (_, one) => columns(${POINTS} + frame * ${PER_FRAME}, ${PER_FRAME}, one));
      spent = 0;
      window.postMessage({ kind: "points", reset: false, series }, "*");
      await idle(1);
      await new Promise((resolve) => setTimeout(resolve));
      costs.push(spent);
    }
    return costs;
  })()`)) as number[];
}

/** Plain uPlot: one chart of the ten series, all points given again each frame. First draw and frames, in milliseconds. */
async function plain(page: Page): Promise<{ first: number; frames: number[] }> {
  const library = fs.readFileSync("node_modules/uplot/dist/uPlot.iife.min.js", "utf8");
  await page.evaluate(`${library}; window.uPlot = uPlot`);
  return (await page.evaluate(`(async () => {
    document.querySelector("main").replaceChildren();
    const all = Array.from({ length: ${SERIES} }, (_, one) => columns(0, ${POINTS} + ${FRAMES * PER_FRAME}, one));
    const upTo = (count) => [all[0].steps.subarray(0, count), ...all.map(({ values }) => values.subarray(0, count))];
    const series = [{}, ...all.map((_, one) => ({ stroke: "hsl(" + one * 36 + " 80% 50%)", width: 1 }))];
    let start = performance.now();
    const plot = new uPlot({ width: 1100, height: 600, series, scales: { x: { time: false } } }, upTo(${POINTS}), document.body);
    await Promise.resolve();
    const first = performance.now() - start;
    const frames = [];
    for (let frame = 1; frame <= ${FRAMES / 4}; frame++) {
      await idle(1);
      start = performance.now();
      plot.setData(upTo(${POINTS} + frame * ${PER_FRAME}));
      await Promise.resolve();
      frames.push(performance.now() - start);
    }
    plot.destroy();
    return { first, frames };
  })()`)) as { first: number; frames: number[] };
}

async function measure(note: (why: string) => void): Promise<Row[]> {
  let harness: Harness;
  try {
    harness = await startHarness();
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return [];
  }
  const found = {
    open: [] as number[],
    draw: [] as number[],
    frame: [] as number[],
    first: [] as number[],
    peer: [] as number[],
  };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const { page } = await harness.open({ before: METER });
      const { wall, script } = await open(page);
      found.open.push(wall);
      found.draw.push(script);
      found.frame.push(figure(await stream(page)).median);
      const { first, frames } = await plain(page);
      found.first.push(first);
      found.peer.push(figure(frames).median);
      await page.context().close();
    }
  } finally {
    await harness.close();
  }
  const row = (name: string, ours: number[], peer: string, theirs: number[], goal: string): Row => ({
    row: name,
    value: figure(ours),
    unit: "ms",
    peer,
    peerValue: figure(theirs),
    ratio: figure(ours).median / figure(theirs).median,
    goal,
    runs: ROUNDS,
  });
  return [
    row(
      "panel.open.draw",
      found.draw,
      "uPlot's own first draw",
      found.first,
      "≤ 40 ms of script in the frames up to the first whole picture",
    ),
    row(
      "panel.open.page",
      found.open,
      "uPlot's own first draw",
      found.first,
      "≤ 500 ms from the message to the last stroke, with reading the run",
    ),
    row(
      "panel.stream",
      found.frame,
      "uPlot with setData of all points",
      found.peer,
      "≤ 3 ms a frame, independent of the number of points",
    ),
  ];
}

export const benches: Bench[] = [{ rows: ["panel.open.draw", "panel.open.page", "panel.stream"], run: measure }];
