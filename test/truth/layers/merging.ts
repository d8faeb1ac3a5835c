// Calls of the layers that merge.
import { type Case, each, type Input } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const list = (...shapes: Input[]): Input => ({ list: shapes });

const pairs: readonly Input[] = [
  list([null, 4], [null, 4]),
  list([null, 4], [null, 5]),
  list([null, 4], [null, 1]),
  list([null, 1], [null, 4]),
  list([null, 8, 8, 3], [null, 8, 8, 3]),
  list([null, 8, 8, 3], [null, 1, 1, 3]),
  list([null, 8, 1, 3], [null, 1, 8, 3]),
  list([null, 8, 8, 3], [null, 8, 8, 4]),
  list([null, null, 3], [null, 5, 3]),
  list([null, null, 3], [null, 1, 3]),
  list([null, 5, 3], [null, 3]),
  list([null, 3], [null, 5, 3]),
  list([null, 5, 3], [null, 5]),
  list([2, 3], [null, 3]),
  list([2, 3], [4, 3]),
  list([null, 5, 3], [null, 5, 3, 1]),
];

const several: readonly Input[] = [
  list([null, 4], [null, 4], [null, 4]),
  list([null, 4], [null, 1], [null, 4]),
  list([null, 4], [null, 4], [null, 3]),
];

export const MERGING: readonly Case[] = [
  ...["Add", "Multiply", "Average", "Maximum", "Minimum"].flatMap((layer) =>
    each(layer, [{}], [...pairs, ...several, [null, 4], list([null, 4])]),
  ),
  ...each("Subtract", [{}], [...pairs, ...several, [null, 4], list([null, 4])]),
  ...each("Add", [{ name: "sum" }, { axis: 1 }], [list([null, 4], [null, 4])], { in: PYTHON }),
  ...each(
    "Concatenate",
    [{}, { axis: -1 }, { axis: 1 }],
    [
      list([null, 4], [null, 5]),
      list([null, 4], [null, 5], [null, 6]),
      list([null, 8, 8, 3], [null, 8, 8, 5]),
      list([null, 8, 8, 3], [null, 8, 9, 3]),
      list([null, 7, 8, 3], [null, 8, 8, 3]),
      list([null, 8, 3], [null, 3]),
      list([null, null, 3], [null, null, 5]),
      list([null, 4, null], [null, 4, 5]),
      list([null, 4, null], [null, 4, 5], [null, 4, 6]),
      list([2, 4], [2, 4]),
      list([null, 4]),
      [null, 4],
    ],
  ),
  ...each("Concatenate", [{ axis: -2 }, { axis: 2 }, { axis: -3 }], [list([null, 4, 5], [null, 4, 5])]),
  ...each("Concatenate", [{}], [list([null, null, 3], [null, 7, 3]), list([2, 4], [null, 4]), list([2, 4], [3, 4])]),
  ...each("Concatenate", [{ axis: 3 }, { axis: -4 }], [list([null, 4, 5], [null, 4, 5])], { in: PYTHON }),
  ...each("Concatenate", [{ axis: 3 }], [list([null, 4, 5], [null, 4, 5])], {
    in: ["tfjs"],
    unsaid: "an axis that is not there makes a size that is no number",
  }),
  ...each("Concatenate", [{ axis: 0 }], [list([2, 4], [3, 4])]),
  { layer: "Concatenate", args: [1], input: list([null, 4], [null, 5]), in: PYTHON },
  ...each(
    "Dot",
    [{ axes: 1 }, { axes: -1 }, { axes: [1, 1] }, { axes: 1, normalize: true }],
    [
      list([null, 4], [null, 4]),
      list([null, 4], [null, 5]),
      list([null, 3, 4], [null, 3, 4]),
      list([null, 3, 4], [null, 3, 5]),
      list([null, 3, 4], [null, 3]),
      list([null, null, 4], [null, null, 4]),
    ],
  ),
  ...each(
    "Dot",
    [{ axes: [2, 1] }, { axes: [1, 2] }, { axes: 2 }],
    [list([null, 3, 4], [null, 4, 3]), list([null, 3, 4], [null, 4])],
  ),
  ...each("Dot", [{ axes: [2, 2] }], [list([null, 3, 4], [null, 5, 4]), list([null, 3, 4, 2], [null, 5, 4])], {
    unsaid: "what the product itself refuses",
  }),
  ...each("Dot", [{ axes: [1, 2, 3] }, { axes: "last" }, {}], [list([null, 4], [null, 4])], { in: PYTHON }),
  ...each("Dot", [{ axes: 1 }], [list([null, 4]), list([null, 4], [null, 4], [null, 4]), [null, 4]]),
];
