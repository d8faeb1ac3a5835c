// What the follower's thread and its client say to each other. Types only.
import type { SeriesPoints } from "../protocol/panel";
import type { ModelSummary, RunStatus } from "../protocol/run";

export type ToThread =
  /** Follow a folder from its first byte. */
  { kind: "follow"; id: number; folder: string } | { kind: "unfollow"; id: number };

/** All that is new in a followed run, at most once every 16 ms. */
export interface FromThread {
  id: number;
  points?: { series: SeriesPoints[]; reset: boolean };
  model?: ModelSummary;
  output?: { text: string; reset: boolean };
  status?: RunStatus;
  problems?: string[];
  caughtUp?: boolean;
}
