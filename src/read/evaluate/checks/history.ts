// Keys of a history that it cannot have: it has one for the loss and each metric, and those of the validation where there is one.
import { nearestOf } from "../../../model/layers/bind";
import { problem } from "../../../model/problem";
import type { Found } from "../found";
import type { Place } from "../value";

export function checkHistory({ key, keys, place }: { key: string; keys: readonly string[]; place: Place }): Found[] {
  const isOfValidation = key.startsWith("val_");
  const like = keys.filter((one) => one.startsWith("val_") === isOfValidation && /acc/.test(one));
  const isUnvalidated = isOfValidation && !keys.some((one) => one.startsWith("val_"));
  const nearest = isUnvalidated
    ? undefined
    : /acc/.test(key) && like.length === 1
      ? like[0]
      : nearestOf(key, [...keys]);
  const names = keys.map((one) => `"${one}"`).join(", ");
  return [
    {
      place,
      failure: problem("unknown-history-key", { key, names, isUnvalidated }),
      severity: "error",
      fixes:
        nearest === undefined
          ? []
          : [{ title: `Use "${nearest}"`, place, edit: { kind: "last-text", from: key, to: nearest } }],
    },
  ];
}
