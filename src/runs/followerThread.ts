// The worker thread that follows runs, so that reading millions of points never holds up the extension host: the entry of
// dist/follower.js. Its client is follower.ts.
import { parentPort } from "node:worker_threads";
import type { SeriesPoints } from "../protocol/panel";
import { follow } from "./follow";
import type { FromThread, ToThread } from "./followerMessages";
import { joinSeries } from "./summary";

const FRAME_MILLIS = 16;

const port = parentPort;
if (!port) throw new Error("dist/follower.js is a worker thread: start it with startFollower.");

const stops = new Map<number, AbortController>();

port.on("message", (message: ToThread) => {
  if (message.kind === "unfollow") {
    stops.get(message.id)?.abort();
    stops.delete(message.id);
    return;
  }
  const stop = new AbortController();
  stops.set(message.id, stop);
  const batch = new Batch(message.id, (news, buffers) => {
    if (!stop.signal.aborted) port.postMessage(news, buffers);
  });
  void follow(message.folder, {
    signal: stop.signal,
    onPoints: (series, reset) => batch.points(series, reset),
    onModel: (model) => batch.add({ model }),
    onOutput: (text, reset) => batch.output(text, reset),
    onStatus: (status) => batch.add({ status }),
    onCaughtUp: () => batch.add({ caughtUp: true }),
    onProblem: (problem) => batch.problem(problem),
  });
});

/** Gathers what is new and sends it when a frame's time has passed since it last did. */
class Batch {
  #news: Omit<FromThread, "id" | "points"> = {};
  #points: { series: SeriesPoints[]; reset: boolean } | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly id: number,
    readonly send: (news: FromThread, buffers: ArrayBuffer[]) => void,
  ) {}

  add(news: Partial<Omit<FromThread, "id">>): void {
    this.#news = { ...this.#news, ...news };
    this.#schedule();
  }

  points(series: SeriesPoints[], reset: boolean): void {
    if (reset || !this.#points) this.#points = { series: [...series], reset };
    else this.#points.series.push(...series);
    this.#schedule();
  }

  output(text: string, reset: boolean): void {
    const before = this.#news.output;
    this.add({ output: before && !reset ? { text: before.text + text, reset: before.reset } : { text, reset } });
  }

  problem(problem: string): void {
    this.add({ problems: [...(this.#news.problems ?? []), problem] });
  }

  #schedule(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, this.#sentAt + FRAME_MILLIS - performance.now()));
  }

  #flush(): void {
    this.#timer = undefined;
    this.#sentAt = performance.now();
    const news: FromThread = { id: this.id, ...this.#news };
    if (this.#points) news.points = { ...this.#points, series: joined(this.#points.series) };
    this.#news = {};
    this.#points = undefined;
    const columns = news.points?.series.flatMap(({ steps, times, values }) => [steps, times, values]) ?? [];
    this.send(
      news,
      columns.map((column) => column.buffer),
    );
  }
}

/** One entry a series, though several looks went into the batch. */
function joined(series: readonly SeriesPoints[]): SeriesPoints[] {
  const bySeries = new Map<string, SeriesPoints[]>();
  for (const one of series) {
    const key = `${one.source}/${one.tag}`;
    const same = bySeries.get(key);
    if (same) same.push(one);
    else bySeries.set(key, [one]);
  }
  return [...bySeries.values()].map(joinSeries);
}
