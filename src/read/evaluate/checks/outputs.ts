// Models with several outputs: losses and metrics that are given for outputs that the model does not have.
import { nearestOf } from "../../../model/layers/bind";
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import type { Found } from "../found";
import type { Place } from "../value";

export interface OutputsFacts {
  readonly library: Library;
  /** The call of compile. */
  readonly place: Place;
  /** The names of each output; null: it has one that is not known. */
  readonly names: readonly (readonly string[] | null)[];
  /** What is given for each output: by name, or as many in a list. */
  readonly given: readonly {
    readonly argument: string;
    readonly position: number;
    readonly keys: readonly string[];
    readonly count: number | null;
  }[];
}

export function checkOutputs({ library, place, names, given }: OutputsFacts): Found[] {
  if (library === "tfjs") return [];
  const all = names.includes(null) ? null : (names as readonly (readonly string[])[]).flat();
  return given.flatMap(({ argument, position, keys, count }): Found[] => {
    if (argument === "loss" && count !== null && names.length > 1 && count !== names.length) {
      const failure = problem("losses-count", { losses: count, outputs: names.length });
      return [{ place, at: { argument, position }, failure, severity: "warning" }];
    }
    return keys
      .filter((key) => all && !all.includes(key))
      .map((key): Found => {
        const at = { argument, position, within: key };
        const nearest = nearestOf(
          key,
          all!.filter((name) => !keys.includes(name)),
        );
        const quoted = all!.map((name) => `"${name}"`).join(", ");
        return {
          place,
          at,
          failure: problem("unknown-output", { name: key, names: quoted }),
          severity: "error",
          fixes:
            nearest === undefined
              ? []
              : [{ title: `Use "${nearest}"`, place, at, edit: { kind: "rename-key", to: nearest } }],
        };
      });
  });
}
