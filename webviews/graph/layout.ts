// Where everything goes: elkjs in a worker of its own, so that the page stays alive while it thinks. One question at a time; of those
// that come meanwhile only the last is asked.
import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk-api.js";
import type { Box, Point } from "./boxes";

export interface Question {
  readonly boxes: readonly {
    readonly id: string;
    readonly group: string | null;
    readonly width: number;
    readonly height: number;
  }[];
  readonly frames: readonly {
    readonly id: string;
    readonly group: string | null;
    readonly least: number;
    readonly top: number;
  }[];
  readonly lines: readonly { readonly from: string; readonly to: string }[];
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  /** In the order of the question's lines. */
  readonly paths: readonly (readonly Point[])[];
}

/** Between boxes; said of each frame too, which does not take them from what is around it. */
const SPACING = {
  "elk.spacing.nodeNode": "26",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "10",
  // A shape is written between two layers.
  "elk.layered.spacing.nodeNodeBetweenLayers": "38",
  "elk.layered.spacing.edgeNodeBetweenLayers": "20",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
};

const OPTIONS = {
  ...SPACING,
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
  "elk.layered.mergeEdges": "true",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
};

/** The straightest lines; but a row of many frames wanders off to the side. */
const STRAIGHT = {
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
};
const STEADY = { "elk.layered.nodePlacement.strategy": "LINEAR_SEGMENTS" };
const MANY_FRAMES = 8;

/** From so many boxes on a good layout soon is better than the best one late. */
const MANY = 250;

interface Asked {
  readonly question: Question;
  resolve(placed: Placed | null): void;
  reject(error: unknown): void;
}

export function makeLayout(worker: () => Promise<Worker>) {
  // Started at once: it takes a moment to be read, and the first models are on their way.
  const elk = worker().then((made) => new ELK({ workerFactory: () => made }));
  // Whoever asks first is told of it.
  elk.catch(() => {});
  let isBusy = false;
  let waiting: Asked | undefined;

  const ask = async (question: Question): Promise<Placed> => {
    const layoutOptions = {
      ...OPTIONS,
      "elk.layered.thoroughness": question.boxes.length > MANY ? "1" : "7",
      ...(question.frames.length > MANY_FRAMES ? STEADY : STRAIGHT),
    };
    return answerOf(await (await elk).layout({ ...graphOf(question), layoutOptions }), question);
  };
  const go = async (): Promise<void> => {
    const asked = waiting;
    if (isBusy || !asked) return;
    waiting = undefined;
    isBusy = true;
    await ask(asked.question).then(asked.resolve, asked.reject);
    isBusy = false;
    void go();
  };

  return {
    /** Null: another question has come since. */
    place: (question: Question): Promise<Placed | null> =>
      new Promise((resolve, reject) => {
        waiting?.resolve(null);
        waiting = { question, resolve, reject };
        void go();
      }),
  };
}

/** The worker from its own text: a page may not start one from another origin. */
export async function workerFrom(url: string): Promise<Worker> {
  const text = await (await fetch(url)).text();
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

function graphOf({ boxes, frames, lines }: Question): ElkNode {
  const root: ElkNode = { id: ROOT, children: [] };
  const nodes = new Map<string | null, ElkNode>([[null, root]]);
  for (const { id, group, least, top } of frames) {
    const layoutOptions = {
      ...SPACING,
      "elk.padding": `[top=${top},left=16,bottom=26,right=16]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${least}, ${top})`,
    };
    const node: ElkNode = { id, children: [], layoutOptions };
    nodes.set(id, node);
    nodes.get(group)!.children!.push(node);
  }
  for (const { id, group, width, height } of boxes) nodes.get(group)!.children!.push({ id, width, height });
  root.edges = lines.map(
    ({ from, to }, at): ElkExtendedEdge => ({ id: `${ROOT}${at}`, sources: [from], targets: [to] }),
  );
  return root;
}

/** Nothing in a program is named like this. */
const ROOT = "\u0000";

function answerOf(root: ElkNode, { lines }: Question): Placed {
  const boxes = new Map<string, Box>();
  const paths: Point[][] = lines.map(() => []);
  const visit = (node: ElkNode): void => {
    for (const child of node.children ?? []) {
      boxes.set(child.id, { x: child.x ?? 0, y: child.y ?? 0, width: child.width ?? 0, height: child.height ?? 0 });
      visit(child);
    }
    for (const edge of node.edges ?? []) {
      const [section] = edge.sections ?? [];
      if (section)
        paths[Number(edge.id.slice(1))] = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    }
  };
  visit(root);
  return { width: root.width ?? 0, height: root.height ?? 0, boxes, paths };
}
