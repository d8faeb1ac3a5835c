// Follows runs on a worker thread: the client's side. It knows no files; the thread's side is followerThread.ts.
import { Worker } from "node:worker_threads";
import type { ModelSummary, RunStatus } from "../protocol/run";
import type { FollowHandlers } from "./follow";
import type { FromThread, ToThread } from "./followerMessages";

/** A run being followed. */
export interface Following {
  /** As told last. */
  readonly model: ModelSummary | undefined;
  readonly status: RunStatus | undefined;
  /** Nothing is told after this. */
  dispose(): void;
}

export interface Follower {
  /** Tells the same as `follow`, at most once a frame. */
  follow(folder: string, handlers: FollowHandlers): Following;
  dispose(): void;
}

/** A thread that dies this often within a minute is not started again. */
const MOST_DEATHS = 5;
const DEATHS_MILLIS = 60_000;

/** Starts the thread with the first run to follow. `threadScript` is dist/follower.js. */
export function startFollower(threadScript: string): Follower {
  return new ThreadFollower(threadScript);
}

interface Followed {
  folder: string;
  handlers: FollowHandlers;
  model: ModelSummary | undefined;
  status: RunStatus | undefined;
}

class ThreadFollower implements Follower {
  readonly #script: string;
  readonly #followed = new Map<number, Followed>();
  #worker: Worker | undefined;
  #nextId = 1;
  #deaths: number[] = [];
  #disposed = false;

  constructor(script: string) {
    this.#script = script;
  }

  follow(folder: string, handlers: FollowHandlers): Following {
    const id = this.#nextId++;
    const followed: Followed = { folder, handlers, model: undefined, status: undefined };
    this.#followed.set(id, followed);
    if (this.#worker) this.#say({ kind: "follow", id, folder });
    else this.#start();
    return {
      get model() {
        return followed.model;
      },
      get status() {
        return followed.status;
      },
      dispose: () => {
        if (this.#followed.delete(id)) this.#say({ kind: "unfollow", id });
      },
    };
  }

  dispose(): void {
    this.#disposed = true;
    this.#followed.clear();
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** A thread that follows all; each run is then told anew, beginning with a reset. */
  #start(): void {
    if (this.#disposed) return;
    const worker = new Worker(this.#script, { execArgv: [] });
    worker.unref();
    let reason = "";
    worker.on("message", (news: FromThread) => this.#tell(news));
    worker.on("error", (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", (code) => this.#died(worker, reason || `exit code ${code}`));
    this.#worker = worker;
    for (const [id, { folder }] of this.#followed) this.#say({ kind: "follow", id, folder });
  }

  #died(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < DEATHS_MILLIS), now];
    const again = this.#deaths.length < MOST_DEATHS;
    const next = again ? "It is started again." : "It is not started again: reload the window.";
    for (const { handlers } of [...this.#followed.values()]) {
      handlers.onProblem?.(`The thread that reads metrics ended (${reason}). ${next}`);
    }
    if (again && this.#followed.size > 0) this.#start();
  }

  #say(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  /** In the order of `follow`: the status comes after all that was written before it. */
  #tell(news: FromThread): void {
    const followed = this.#followed.get(news.id);
    if (!followed) return;
    const { handlers } = followed;
    for (const problem of news.problems ?? []) handlers.onProblem?.(problem);
    if (news.points) handlers.onPoints?.(news.points.series, news.points.reset);
    if (news.model) {
      followed.model = news.model;
      handlers.onModel?.(news.model);
    }
    if (news.output) handlers.onOutput?.(news.output.text, news.output.reset);
    if (news.status) {
      followed.status = news.status;
      handlers.onStatus?.(news.status);
    }
    if (news.caughtUp) handlers.onCaughtUp?.();
  }
}
