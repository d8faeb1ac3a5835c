// Models as graphs, as the language server tells them and the graph's page shows them; and what the page and its host say to each
// other. Types and their checks, nothing else.
//
// The page says `ready` once it listens; from then on the host sends `models` (again after each edit) and `cursor` (whenever it
// moves). Both ends drop messages that do not check.
import * as v from "valibot";

const Position = v.object({ line: v.number(), character: v.number() });

/** Where something is written: in the document, or in a cell of the notebook. */
export const GraphPlace = v.object({ uri: v.string(), start: Position, end: Position });
export type GraphPlace = v.InferOutput<typeof GraphPlace>;

const Item = {
  /** The same for the same thing after an edit, as far as can be told. */
  id: v.string(),
  /** The group that it is in. */
  group: v.nullable(v.string()),
  /** Class of a layer, name of an operation or a function. */
  label: v.string(),
  /** The name that the layer was given. */
  name: v.nullable(v.string()),
  /** The call. */
  place: v.nullable(GraphPlace),
  /** Where the layer is made. */
  made: v.nullable(GraphPlace),
  /** Null: not known. */
  parameters: v.nullable(v.number()),
  isFrozen: v.boolean(),
  /** A later call of a layer that was called before: its weights count there. */
  isShared: v.boolean(),
  /** What it gives, without the batch: `26 × 26 × 32`. "" where that is not known. */
  shape: v.string(),
};

export const GraphNode = v.object({
  ...Item,
  /** `unknown`: the text does not tell how it came about. */
  kind: v.picklist(["input", "layer", "operation", "output", "unknown"]),
  /** The arguments that one looks for first: `32 · 3 × 3 · relu`. */
  detail: v.string(),
});
export type GraphNode = v.InferOutput<typeof GraphNode>;

export const GraphGroup = v.object({
  ...Item,
  /** A model or a layer of the user's own, the call of a function, or a turn of a loop. */
  kind: v.picklist(["model", "call", "turn"]),
});
export type GraphGroup = v.InferOutput<typeof GraphGroup>;

export const GraphEdge = v.object({ from: v.string(), to: v.string(), shape: v.string() });
export type GraphEdge = v.InferOutput<typeof GraphEdge>;

export const ModelGraph = v.object({
  id: v.string(),
  /** What a reader calls it: `model`, `build_model()`. */
  title: v.string(),
  className: v.string(),
  place: GraphPlace,
  parameters: v.nullable(v.number()),
  trainable: v.nullable(v.number()),
  /** It is in another model of the document. */
  isPart: v.boolean(),
  nodes: v.array(GraphNode),
  edges: v.array(GraphEdge),
  /** A group comes before those in it. */
  groups: v.array(GraphGroup),
});
export type ModelGraph = v.InferOutput<typeof ModelGraph>;

/** Host to page. */
export const ToGraph = v.variant("kind", [
  /** `document`: its URI. `name`: what it is called. */
  v.object({ kind: v.literal("models"), document: v.string(), name: v.string(), models: v.array(ModelGraph) }),
  /** Where the editor's cursor is. */
  v.object({ kind: v.literal("cursor"), uri: v.string(), position: Position }),
  /** Nothing to show, and why. */
  v.object({ kind: v.literal("gone"), message: v.string() }),
]);
export type ToGraph = v.InferOutput<typeof ToGraph>;

const MOST_BYTES = 64 * 1024 * 1024;

/** Page to host. */
export const FromGraph = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("open-source"), at: GraphPlace }),
  /** Save the picture: SVG as text, PNG in base 64. */
  v.object({
    kind: v.literal("export"),
    format: v.picklist(["svg", "png"]),
    name: v.string(),
    data: v.pipe(v.string(), v.maxLength(MOST_BYTES)),
  }),
  /** New Model…, where there is none yet. */
  v.object({ kind: v.literal("new-model") }),
  /** The page failed; the text goes to the log. */
  v.object({ kind: v.literal("error"), message: v.pipe(v.string(), v.maxLength(10_000)) }),
]);
export type FromGraph = v.InferOutput<typeof FromGraph>;
