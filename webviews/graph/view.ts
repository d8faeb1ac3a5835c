// What the user has set on the page: kept over a reload by the host's getState and setState, checked when read back.
import * as v from "valibot";

const Finite = v.pipe(v.number(), v.finite());

/** Where the paper is: its corner on the screen, and how large it is shown. */
export const Camera = v.object({ x: Finite, y: Finite, scale: v.pipe(Finite, v.minValue(0.01), v.maxValue(10)) });
export type Camera = v.InferOutput<typeof Camera>;

/** Everything has a fallback: a state written by another version must not blank the page. */
export const View = v.object({
  /** The document that this is about; the host finds it again by that. */
  document: v.fallback(v.string(), ""),
  /** The model that is shown; "": the page chooses. */
  model: v.fallback(v.string(), ""),
  /** By model and group: opened or closed by hand. */
  folds: v.fallback(v.record(v.string(), v.record(v.string(), v.boolean())), {}),
  /** By model. */
  cameras: v.fallback(v.record(v.string(), Camera), {}),
  /** The node or group that was chosen last. */
  selected: v.fallback(v.nullable(v.string()), null),
});
export type View = v.InferOutput<typeof View>;

export const viewFrom = (state: unknown): View =>
  v.parse(View, typeof state === "object" && state !== null ? state : {});

export const viewForDocument = (view: View, document: string): View =>
  view.document === document ? view : { ...viewFrom({}), document };
