// What the panel's page and its host in the extension say to each other. Types and their checks, nothing else.
//
// The page says `ready` once it listens; from then on the host sends `run` (again whenever the run or its status changes)
// and `points` (everything since the first byte, then what is new, at most once a frame). The page asks for things and
// never waits for an answer: what it asked for shows up as a change of the run. Both ends drop messages that do not check.
import * as v from "valibot";
import { ModelSummary, RunRecord, RunStatus, SOURCES, SourcePlace } from "./run";

/** Points of one series, in file order: columns of equal length. A step that comes again replaces the earlier one. */
export const SeriesPoints = v.object({
  source: v.picklist(SOURCES),
  tag: v.string(),
  /** Batches since the run began. */
  steps: v.instance(Float64Array),
  /** Milliseconds since 1970. */
  times: v.instance(Float64Array),
  values: v.instance(Float64Array),
});
export type SeriesPoints = v.InferOutput<typeof SeriesPoints>;

/** Host to page. */
export const ToPanel = v.variant("kind", [
  /** The run and how it stands. A run with another id than before means: start anew. */
  v.object({
    kind: v.literal("run"),
    run: RunRecord,
    status: RunStatus,
    model: v.optional(ModelSummary),
    /** May the page offer Convert to Estimator: the script has a Keras model and the workspace can be edited. */
    canConvert: v.boolean(),
    /** In a workspace that is not trusted nothing can be started. */
    canResume: v.boolean(),
  }),
  /** New points of any number of series. `reset` says that these replace all that came before. */
  v.object({ kind: v.literal("points"), reset: v.boolean(), series: v.array(SeriesPoints) }),
  /** The end of output.log; `reset` says that it replaces what came before. */
  v.object({ kind: v.literal("output"), reset: v.boolean(), text: v.string() }),
  /** Nothing to show, and why: the run was deleted, or its record is damaged. */
  v.object({ kind: v.literal("gone"), message: v.string() }),
]);
export type ToPanel = v.InferOutput<typeof ToPanel>;

/** Page to host. */
export const FromPanel = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("control"), request: v.picklist(["stop", "pause", "continue", "checkpoint", "resume"]) }),
  v.object({ kind: v.literal("convert") }),
  /** Open the user's source; without a place: the call that trains. */
  v.object({ kind: v.literal("open-source"), at: v.optional(SourcePlace) }),
  v.object({ kind: v.literal("open-output") }),
  /** Save the metrics as CSV: the text that the page shows as its table. */
  v.object({ kind: v.literal("export"), csv: v.pipe(v.string(), v.maxLength(64 * 1024 * 1024)) }),
  /** The page failed; the text goes to the log. */
  v.object({ kind: v.literal("error"), message: v.pipe(v.string(), v.maxLength(10_000)) }),
]);
export type FromPanel = v.InferOutput<typeof FromPanel>;
