// The models of a program as graphs, as plain data: calls of layers and operations, the tensors between them, and what belongs
// together. Knows no language and no page. What is not known stays unknown.
import type { Tensors } from "../../model/layers/catalog.types";
import { type AnyShape, elements, plus } from "../../model/shape";
import type { Span } from "../../model/span";
import { groupsOf } from "./graphBlocks";
import { anyBatch, type Bodies, type Body, makeBodies } from "./graphBody";
import { detailOf } from "./graphDetail";
import { tensorsIn, valueFrom } from "./keras/convert";
import { allWeights } from "./keras/layers";
import type { Run } from "./run";
import { givenName, isModel, parametersOf } from "./sites";
import { type Block, type GraphNode, type LayerValue, type Place, type TensorValue, TRAINABLE } from "./value";

export interface ModelGraph {
  /** The same for the same model after an edit, as far as can be told. */
  readonly id: string;
  readonly className: string;
  /** As it was given. */
  readonly name: string | null;
  /** The function that makes it. */
  readonly madeIn: string | null;
  readonly span: Span;
  readonly parameters: number | "?";
  readonly trainable: number | "?";
  /** It is in another model of the program. */
  readonly isPart: boolean;
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly groups: readonly Group[];
}

interface Item {
  readonly id: string;
  /** The group that it is in. */
  readonly group: string | null;
  readonly label: string;
  readonly name: string | null;
  /** The call. */
  readonly span: Span | null;
  /** Where the layer is made. */
  readonly made: Span | null;
  readonly parameters: number | "?";
  readonly isFrozen: boolean;
  /** A later call of a layer that was called before: it has the same weights. */
  readonly isShared: boolean;
}

export interface Node extends Item {
  /** `unknown`: something of which the text does not tell how it came about. */
  readonly kind: "input" | "layer" | "operation" | "output" | "unknown";
  /** `64 · 3 × 3 · relu` */
  readonly detail: string;
  readonly outputs: readonly AnyShape[];
}

export interface Group extends Item {
  readonly kind: "model" | "call" | "turn";
  readonly outputs: readonly AnyShape[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly shape: AnyShape;
}

/** Models that are shown of one program, and nodes of one model up to which models inside of it are opened. */
const MOST_MODELS = 60;
const MOST_TRIED = 200;
const MOST_NODES = 6000;
const MOST_NESTED = 12;

export function modelGraphs(run: Run): ModelGraph[] {
  const context: Context = {
    bodies: makeBodies(run),
    taken: seenShapes(run, "inputs"),
    given: seenShapes(run, "outputs"),
    insides: new Set(),
  };
  const found = new Map<string, ModelGraph & { layer: LayerValue }>();
  const ids = new Map<string, number>();
  for (const layer of run.layers.filter(isDrawn).slice(0, MOST_TRIED)) {
    if (found.size >= MOST_MODELS) break;
    const graph = graphOf(layer, context);
    if (!graph) continue;
    // A function that is called again with the same arguments makes the same model.
    const key = JSON.stringify(graph);
    if (found.has(key)) continue;
    const label = graph.name ?? graph.madeIn ?? graph.className;
    found.set(key, { ...graph, id: numbered(ids, label), isPart: false, layer });
  }
  return [...found.values()]
    .map(({ layer, ...graph }) => ({ ...graph, isPart: context.insides.has(layer) }))
    .sort((a, b) => a.span.start - b.span.start);
}

interface Context {
  readonly bodies: Bodies;
  /** What layers were called with, and what they gave. */
  readonly taken: ReadonlyMap<LayerValue, readonly AnyShape[] | null>;
  readonly given: ReadonlyMap<LayerValue, readonly AnyShape[] | null>;
  /** Layers that are in a model. */
  readonly insides: Set<LayerValue>;
}

/** Estimators have no graph that is known here. */
const isDrawn = (layer: LayerValue): boolean => isModel(layer) && layer.form !== "estimator";

function graphOf(layer: LayerValue, context: Context): Omit<ModelGraph, "id" | "isPart"> | null {
  const body = context.bodies.of(layer);
  if (!body) return null;
  const into: Into = { nodes: [], edges: [], groups: [], ids: new Map(), layers: new Set() };
  const around: Around = { group: null, frozen: isFrozen(layer), nested: [layer], feed: null, isVague: false };
  const { outputs, home } = draw(body, into, around, context);
  for (const [at, { source, shape }] of outputs.entries()) {
    const id = numbered(into.ids, "output");
    const name = outputs.length > 1 ? `Output ${at + 1}` : "Output";
    into.nodes.push({ ...PLAIN, id, kind: "output", label: name, outputs: [], span: null });
    into.edges.push({ from: source, to: id, shape });
  }
  const span = spanOf(layer.place) ?? callHere(home);
  if (!span) return null;
  const weights = allWeights(layer);
  const trainable = weights === "?" ? "?" : weights.filter((one) => one.trainable);
  return {
    className: layer.className,
    name: givenName(layer),
    madeIn: home?.name ?? null,
    span,
    parameters: parametersOf(layer),
    trainable: trainable === "?" ? "?" : (plus(...trainable.map(({ shape }) => elements(shape))) ?? "?"),
    nodes: into.nodes,
    edges: into.edges,
    groups: into.groups,
  };
}

/** Where a graph is written to. */
interface Into {
  readonly nodes: Node[];
  readonly edges: Edge[];
  readonly groups: Group[];
  readonly ids: Map<string, number>;
  readonly layers: Set<LayerValue>;
}

/** What a body is in. */
interface Around {
  readonly group: string | null;
  readonly frozen: boolean;
  /** The models that it is in, and itself. */
  readonly nested: readonly LayerValue[];
  /** What its inputs come from; null: it has inputs of its own. */
  readonly feed: readonly Source[] | null;
  /** It was called with other sizes than it was made for. */
  readonly isVague: boolean;
}

interface Source {
  readonly source: string;
  readonly shape: AnyShape;
}

const PLAIN = {
  group: null,
  name: null,
  made: null,
  detail: "",
  parameters: 0,
  isFrozen: false,
  isShared: false,
} as const;

/** Writes what is in a model; gives what its outputs come from, and the function that all of it is made in. */
function draw(body: Body, into: Into, around: Around, context: Context): { outputs: Source[]; home: Block | null } {
  return body.kind === "graph"
    ? drawGraph(body, into, around, context)
    : { outputs: [drawRow(body.layers, into, around, context)], home: null };
}

function drawGraph(
  { inputs, outputs }: Body & { kind: "graph" },
  into: Into,
  around: Around,
  context: Context,
): { outputs: Source[]; home: Block | null } {
  const { feed } = around;
  const shapeOf = (tensor: TensorValue): AnyShape => {
    const fed = feed?.[startOf(tensor)];
    return fed ? fed.shape : around.isVague ? "?" : tensor.type.shape;
  };
  const startOf = (tensor: TensorValue): number =>
    inputs.findIndex(
      (one) => one === tensor || (one.node !== null && one.node === tensor.node && one.output === tensor.output),
    );
  const starts = new Set(inputs.map(({ node }) => node));
  const order = ordered(outputs, (tensor) => starts.has(tensor.node) && startOf(tensor) >= 0);
  const made = outputsOf(order, outputs);
  const { groups, home } = groupsOf(order.map(({ block }) => block));
  const groupIds = new Map<object, string>();
  const groupId = (group: (typeof groups)[number]): string | null => {
    if (!group) return around.group;
    const known = groupIds.get(group.block);
    if (known !== undefined) return known;
    const outer = groupId(group.outer);
    const { kind, name, place, turn } = group.block;
    const label = kind === "call" ? name : `turn ${turn + 1} of ${group.count}`;
    const id = numbered(into.ids, `${outer ?? ""}/${kind === "call" ? name : "turn"}`);
    groupIds.set(group.block, id);
    into.groups.push({ ...PLAIN, id, group: outer, kind, label, span: spanOf(place), parameters: "?", outputs: [] });
    return id;
  };
  /** What each node's outputs come from. */
  const sources = new Map<GraphNode, (output: number) => string>();
  const begun = inputs.map((input, at): string => {
    if (feed) return feed[at]!.source;
    const layer = input.node?.layer?.form === "input" ? input.node.layer : null;
    const name = layer && givenName(layer);
    const id = numbered(into.ids, `input:${name ?? ""}`);
    const span = layer ? spanOf(layer.place) : null;
    into.nodes.push({ ...PLAIN, id, kind: "input", label: "Input", name, span, outputs: [shapeOf(input)] });
    return id;
  });
  const sourceOf = (tensor: TensorValue, group: string | null): string => {
    const start = startOf(tensor);
    if (start >= 0) return begun[start]!;
    const node = madeBy(tensor);
    const known = node && sources.get(node);
    if (known) return known(tensor.output);
    return unknownIn(group);
  };
  const unknownIn = (group: string | null): string => {
    const id = numbered(into.ids, `${group ?? ""}/?`);
    into.nodes.push({ ...PLAIN, id, group, kind: "unknown", label: "not known", span: null, outputs: [] });
    return id;
  };
  for (const [at, node] of order.entries()) {
    const group = groupId(groups[at]!);
    const given = node.inputs.filter((one) => madeBy(one) !== null || one.isOpen || startOf(one) >= 0);
    const feeds = given.map((one): Source => ({ source: sourceOf(one, group), shape: shapeOf(one) }));
    if (feeds.length === 0 && node.layer?.form !== "input") feeds.push({ source: unknownIn(group), shape: "?" });
    const outputs = made.get(node)!.map((shape) => (around.isVague ? "?" : shape));
    // What a sequence is made of is written in it; the sequence calls all of it at one place.
    const { layer, operation } = node;
    const place = layer && around.nested.at(-1)?.form === "sequential" ? layer.place : node.place;
    const part: Part = { layer, operation, place, given: node.inputs, outputs };
    const ends = drawPart(part, feeds, into, { ...around, group }, context);
    sources.set(node, (output) => ends[output] ?? ends[0]!);
  }
  return {
    outputs: outputs.map((one) => ({ source: sourceOf(one, around.group), shape: shapeOf(one) })),
    home,
  };
}

const madeBy = ({ node, origin }: TensorValue): GraphNode | null => node ?? origin ?? null;

/** The nodes that outputs come from, each after what it needs. */
function ordered(outputs: readonly TensorValue[], isStart: (tensor: TensorValue) => boolean): GraphNode[] {
  const done = new Set<GraphNode>();
  const order: GraphNode[] = [];
  const todo: { node: GraphNode; next: number }[] = [];
  const visit = (tensor: TensorValue): void => {
    const node = madeBy(tensor);
    if (!node || done.has(node) || isStart(tensor)) return;
    done.add(node);
    todo.push({ node, next: 0 });
  };
  for (const output of outputs) {
    visit(output);
    for (let top = todo.at(-1); top; top = todo.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input) visit(input);
      else {
        order.push(top.node);
        todo.pop();
      }
    }
  }
  return order;
}

/** Shapes of each node's outputs, as far as somebody takes them. */
function outputsOf(order: readonly GraphNode[], ends: readonly TensorValue[]): Map<GraphNode, AnyShape[]> {
  const found = new Map<GraphNode, AnyShape[]>(order.map((node) => [node, []]));
  const note = (tensor: TensorValue): void => {
    const node = madeBy(tensor);
    const shapes = node && found.get(node);
    if (!shapes) return;
    while (shapes.length <= tensor.output) shapes.push("?");
    shapes[tensor.output] = tensor.type.shape;
  };
  for (const { inputs } of order) inputs.forEach(note);
  ends.forEach(note);
  return found;
}

/** One after the other, with the shapes that were seen of each. */
function drawRow(layers: readonly LayerValue[], into: Into, around: Around, context: Context): Source {
  let last: Source | undefined = around.feed?.[0];
  if (!last) {
    const id = numbered(into.ids, "input:");
    const [shape = "?"] = context.taken.get(around.nested.at(-1)!) ?? [];
    into.nodes.push({ ...PLAIN, id, kind: "input", label: "Input", span: null, outputs: [shape] });
    last = { source: id, shape };
  }
  for (const layer of layers) {
    if (layer.form === "input") continue;
    const outputs = (around.isVague ? null : context.given.get(layer)) ?? ["?"];
    const part: Part = { layer, operation: "", place: layer.place, given: null, outputs };
    const [end]: string[] = drawPart(part, [last], into, around, context);
    last = { source: end!, shape: outputs[0] ?? "?" };
  }
  return last;
}

/** One call in a graph. */
interface Part {
  readonly layer: LayerValue | null;
  readonly operation: string;
  readonly place: Place;
  /** The tensors that it was called with; null: they are not known. */
  readonly given: readonly TensorValue[] | null;
  readonly outputs: readonly AnyShape[];
}

/** A node, or a group with what is in a model; gives what its outputs come from. */
function drawPart(part: Part, feeds: readonly Source[], into: Into, around: Around, context: Context): string[] {
  const { layer, outputs } = part;
  if (layer) context.insides.add(layer);
  const isShared = layer !== null && into.layers.has(layer);
  if (layer) into.layers.add(layer);
  const label = layer ? layer.className : part.operation;
  const name = layer && givenName(layer);
  const frozen = around.frozen || (layer !== null && isFrozen(layer));
  const id = numbered(into.ids, `${around.group ?? ""}/${name === null ? label : `name:${name}`}`);
  const item = {
    id,
    group: around.group,
    label,
    name,
    span: spanOf(part.place),
    made: layer && spanOf(layer.place),
    parameters: layer ? parametersOf(layer) : (0 as const),
    isFrozen: frozen,
    isShared,
    outputs,
  };
  const body = layer && opened(layer, part, into, around, context);
  if (layer && body && isFedBy(body, feeds)) {
    into.groups.push({ ...item, kind: "model" });
    const inside: Around = {
      group: id,
      frozen,
      nested: [...around.nested, layer],
      feed: feeds,
      isVague: around.isVague || !fits(body, feeds),
    };
    return draw(body, into, inside, context).outputs.map(({ source }) => source);
  }
  into.nodes.push({ ...item, kind: layer ? "layer" : "operation", detail: layer ? detailOf(layer) : "" });
  for (const { source, shape } of feeds) into.edges.push({ from: source, to: id, shape });
  return outputs.length > 1 ? outputs.map(() => id) : [id];
}

/** What is in a layer, where it is to be shown. */
function opened({ form }: LayerValue, part: Part, into: Into, around: Around, context: Context): Body | null {
  if (form === "layer" || form === "application" || form === "input") return null;
  const layer = part.layer!;
  if (around.nested.includes(layer) || around.nested.length > MOST_NESTED || into.nodes.length > MOST_NODES)
    return null;
  return part.given ? context.bodies.ofCall(layer, part.given) : context.bodies.of(layer);
}

const isFedBy = (body: Body, feeds: readonly Source[]): boolean =>
  body.kind === "row" ? feeds.length === 1 : body.inputs.length === feeds.length;

/** Is it called with the sizes that it was made for? */
function fits(body: Body, feeds: readonly Source[]): boolean {
  if (body.kind === "row") return true;
  return body.inputs.every(({ type: { shape } }, at) => {
    const given = feeds[at]!.shape;
    if (shape === "?" || given === "?") return shape === given;
    return (
      shape.length === given.length && shape.every((dim, index) => index === 0 || dim === null || dim === given[index])
    );
  });
}

/** What each layer takes or gives, where that is one thing: of any batch rather than of data. */
function seenShapes(run: Run, which: "inputs" | "outputs"): Map<LayerValue, readonly AnyShape[] | null> {
  const all = new Map<LayerValue, { shapes: readonly AnyShape[] | null; isEager: boolean }>();
  for (const { layer, isEager, ...seen } of run.seen) {
    const before = all.get(layer);
    if (before && isEager && !before.isEager) continue;
    const shapes = shapesIn(seen[which]).map((shape) => (isEager ? anyBatch(shape) : shape));
    const differs = before?.isEager === isEager && JSON.stringify(before.shapes) !== JSON.stringify(shapes);
    all.set(layer, { shapes: differs ? null : shapes, isEager });
  }
  return new Map([...all].map(([layer, { shapes }]) => [layer, shapes]));
}

const shapesIn = (outputs: Tensors): AnyShape[] => tensorsIn(valueFrom(outputs, null)).map(({ type }) => type.shape);

const isFrozen = (layer: LayerValue): boolean => layer.slots.get(TRAINABLE) === false;

/** Null for what is written in another file. */
const spanOf = ({ unit, start, end }: Place): Span | null =>
  unit.file === undefined ? { start: unit.start + start, end: unit.start + end } : null;

/** The call in this file that something of another file was made in. */
function callHere(block: Block | null): Span | null {
  for (let one = block; one; one = one.outer) {
    const span = one.kind === "call" ? spanOf(one.place) : null;
    if (span) return span;
  }
  return null;
}

/** An id that nothing else has: the same in the same order. */
function numbered(ids: Map<string, number>, label: string): string {
  const count = (ids.get(label) ?? 0) + 1;
  ids.set(label, count);
  return count === 1 ? label : `${label}#${count}`;
}
