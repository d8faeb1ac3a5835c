// Sums rows by segment: the gradient of gather, and so of embeddings.
import {
  cast,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  tidy,
  util,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** Rows whose segment lies outside are left out, as everywhere. */
export function unsortedSegmentSum({
  inputs: { x, segmentIds },
  attrs: { numSegments },
}: {
  inputs: { x: Tensor; segmentIds: Tensor1D };
  attrs: { numSegments: number };
}): Tensor {
  const rest = x.shape.slice(segmentIds.rank);
  const rows = segmentIds.size;
  const width = util.sizeFromShape(rest);
  return tidy(() => {
    const ids = reshape(segmentIds, [rows]);
    const inside = logicalAnd(greaterEqual(ids, 0), less(ids, numSegments));
    const values = mul(reshape(x, [rows, width]), reshape(cast(inside, x.dtype), [rows, 1]));
    const safe = where(inside, ids, zerosLike(ids));
    const sums = scatterND(reshape(cast(safe, "int32"), [rows, 1]), values, [numSegments, width]);
    return reshape(sums, [numSegments, ...rest]);
  });
}
