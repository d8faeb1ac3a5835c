// What the user has set on the page: kept over a reload by the host's getState and setState, checked when read back.
import * as v from "valibot";
import { AXES } from "./axis";

export const TABS = ["metrics", "model", "output"] as const;
export type Tab = (typeof TABS)[number];

const Range = v.pipe(
  v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]),
  v.check(([low, high]) => low < high, "the lower end first"),
);

/** Everything has a fallback: a state written by another version must not blank the page. */
export const View = v.object({
  /** The run that this is about; the host finds the panel's run again by it. */
  run: v.fallback(v.string(), ""),
  tab: v.fallback(v.picklist(TABS), "metrics"),
  x: v.fallback(v.picklist(AXES), "epoch"),
  y: v.fallback(v.picklist(["linear", "log"]), "linear"),
  smoothing: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)), 0.9),
  /** The stretch of x that is shown, in units of the axis; null for all of it. */
  zoom: v.fallback(v.nullable(Range), null),
  /** Where the cursor is, in units of the axis. */
  cursor: v.fallback(v.nullable(v.pipe(v.number(), v.finite())), null),
  /** All numbers as a table in the charts' place. */
  table: v.fallback(v.boolean(), false),
  rows: v.fallback(v.picklist(["epochs", "steps"]), "epochs"),
  /** Alerts that were dismissed. */
  dismissed: v.fallback(v.array(v.string()), []),
  scroll: v.fallback(v.number(), 0),
});
export type View = v.InferOutput<typeof View>;

export const viewFrom = (state: unknown): View =>
  v.parse(View, typeof state === "object" && state !== null ? state : {});

/** Settings stay when another run is shown; what is about the old run's numbers goes. */
export const viewForRun = (view: View, run: string): View =>
  view.run === run
    ? view
    : { ...view, run, zoom: null, cursor: null, dismissed: [], scroll: 0, tab: view.run ? "metrics" : view.tab };
