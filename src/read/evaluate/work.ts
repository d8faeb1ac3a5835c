// What calls inside of a model cost: what each gave, its multiply-accumulates, the memory that its outputs take. Knows no layer.
import type { Tensors } from "../../model/layers/catalog.types";
import { bytesOf, isTensor } from "../../model/layers/tensors";
import { type Dim, plus } from "../../model/shape";
import { isFull, type Run } from "./run";
import type { LayerValue } from "./value";

/** One call of a layer, a model or an operation. */
export interface Work {
  /** Null: an operation. */
  readonly layer: LayerValue | null;
  readonly operation: string;
  readonly outputs: Tensors;
  /** Multiply-accumulates for one example, reckoned when they are asked for; absent: none. */
  readonly macs?: Dim | (() => Dim);
  /** Bytes of everything inside for one example; absent: those of the outputs. */
  readonly bytes?: Dim;
}

/** What a model does while it is called. */
export interface Inside {
  readonly works: Work[];
  /** What a call may cost whose turns or branches are not known. */
  isVague: boolean;
  /** It made variables that are no layer's. */
  hasVariables: boolean;
  readonly uncertain: number;
}

/** Notes a call within the model that is being called, if one is. */
export function worked(run: Run, work: Work): Work {
  if (!run.inside) return work;
  run.inside.works.push(work);
  if (run.uncertain > run.inside.uncertain) run.inside.isVague = true;
  return work;
}

/** Runs something whose calls are counted apart. */
export function within<T>(
  run: Run,
  work: () => T,
  /** Whether something that is lost there, by why it is, may have called anything. */
  hides: (why: string) => boolean = () => true,
): { readonly result: T; readonly inside: Inside } {
  const outer = run.inside;
  const inside: Inside = { works: [], isVague: false, hasVariables: false, uncertain: run.uncertain };
  const lost = run.lost.length;
  run.inside = inside;
  try {
    const result = work();
    // Something that nobody knows may have cost anything.
    if (run.lost.length > lost || isFull(run)) {
      if (isFull(run) || run.lost.slice(lost).some(({ why }) => hides(why))) inside.isVague = true;
    }
    return { result, inside };
  } finally {
    run.inside = outer;
    if (outer && inside.hasVariables) outer.hasVariables = true;
  }
}

/** Runs something whose calls are not counted: a layer that is only asked what it would give. */
export const aside = <T>(run: Run, work: () => T): T => within(run, work).result;

/** What a call of a model did. */
export type Done = { readonly works: readonly Work[]; readonly isVague: boolean };

export const macsOfWork = ({ macs }: Work): Dim => (typeof macs === "function" ? macs() : (macs ?? 0));

export const macsOf = ({ works, isVague }: Done): Dim => (isVague ? "?" : plus(0, ...works.map(macsOfWork)));

export const bytesInside = ({ works, isVague }: Done): Dim =>
  isVague ? "?" : plus(0, ...works.map(({ outputs, bytes = bytesOfAll(outputs) }) => bytes));

/** Bytes of one example of tensors. */
export function bytesOfAll(tensors: Tensors): Dim {
  if (tensors === null) return 0;
  if (isTensor(tensors)) return bytesOf(tensors);
  return plus(...Object.values(tensors).map((one) => bytesOfAll(one as Tensors)));
}
