// Which nodes of a graph belong together: those that one call of a function made, or one turn of a loop. Knows no layer.
import type { Block } from "./value";

/** A group of nodes, within another one or not. `count`: how many turns of the same loop there are. */
export interface BlockGroup {
  readonly block: Block;
  readonly outer: BlockGroup | null;
  readonly count: number;
}

interface Branch {
  readonly block: Block;
  readonly outer: Branch | null;
  readonly inner: Branch[];
  /** The groups that a reader sees directly in it. */
  seen: readonly Branch[];
  /** Nodes that are directly in it. */
  own: number;
  isGroup: boolean;
  group: BlockGroup | null;
}

/** From the outermost to the innermost; functions without a name are no blocks to a reader. */
function pathOf(block: Block | null): Block[] {
  const path: Block[] = [];
  for (let one = block; one; one = one.outer) if (one.kind === "turn" || one.name !== "") path.push(one);
  return path.reverse();
}

/**
 * The group of each node, by the block that it was made in. What all nodes are in says nothing and is left out, as is what holds one
 * node only. `home`: the innermost function that they are all made in.
 */
export function groupsOf(blocks: readonly (Block | null)[]): {
  groups: readonly (BlockGroup | null)[];
  home: Block | null;
} {
  const paths = blocks.map(pathOf);
  const [first] = paths;
  const shared = first ? paths.reduce((length, path) => same(first, path, length), first.length) : 0;
  const home = (first ?? []).slice(0, shared).findLast(({ kind }) => kind === "call") ?? null;
  const branches = new Map<Block, Branch>();
  const places = paths.map((path) => {
    let outer: Branch | null = null;
    for (const block of path.slice(shared)) {
      let branch: Branch | undefined = branches.get(block);
      if (!branch) {
        branch = { block, outer, inner: [], seen: [], own: 0, isGroup: true, group: null };
        branches.set(block, branch);
        outer?.inner.push(branch);
      }
      outer = branch;
    }
    if (outer) outer.own++;
    return outer;
  });
  // Inner ones come after outer ones in the map.
  for (const branch of [...branches.values()].reverse()) settle(branch);
  const turns = new Map<string, number>();
  const loopOf = ({ outer, place: { unit, start } }: Block): string =>
    `${unit.file ?? ""} ${unit.start + start} ${idOf(outer)}`;
  const ids = new Map<Block | null, number>();
  const idOf = (block: Block | null): number => {
    if (!ids.has(block)) ids.set(block, ids.size);
    return ids.get(block)!;
  };
  for (const { block, isGroup } of branches.values()) {
    if (isGroup && block.kind === "turn") turns.set(loopOf(block), (turns.get(loopOf(block)) ?? 0) + 1);
  }
  for (const branch of branches.values()) {
    // A loop of which one turn is left is no repetition.
    if (branch.block.kind === "turn" && turns.get(loopOf(branch.block)) === 1) branch.isGroup = false;
  }
  for (const branch of branches.values()) {
    const outer = groupIn(branch.outer);
    const count = branch.block.kind === "turn" ? (turns.get(loopOf(branch.block)) ?? 1) : 1;
    branch.group = branch.isGroup ? { block: branch.block, outer, count } : outer;
  }
  return { groups: places.map(groupIn), home };
}

const groupIn = (branch: Branch | null): BlockGroup | null => branch?.group ?? null;

function same(a: readonly Block[], b: readonly Block[], most: number): number {
  let length = 0;
  while (length < most && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Its nodes and groups as a reader sees them: what is left out gives its own to what is around it. */
function settle(branch: Branch): void {
  branch.seen = branch.inner.flatMap((one) => (one.isGroup ? [one] : one.seen));
  for (const { isGroup, own } of branch.inner) if (!isGroup) branch.own += own;
  const [only] = branch.seen;
  if (branch.own > 0 || branch.seen.length !== 1 || !only) {
    if (branch.own + branch.seen.length < 2) branch.isGroup = false;
    return;
  }
  // Two around the same: the call says more than the turn, and the outer call more than the inner one.
  if (branch.block.kind === "turn") branch.isGroup = false;
  else {
    only.isGroup = false;
    branch.own = only.own;
    branch.seen = only.seen;
  }
}
