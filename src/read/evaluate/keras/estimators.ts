// tf.keras.estimator.model_to_estimator as a program calls it: the facts for its check, and what becomes of the model.
import { checkEstimator, DROPPED } from "../checks/estimators";
import { memberOf } from "../classes";
import { isCertain, report } from "../found";
import type { Run } from "../run";
import {
  type Arguments,
  COMPILED,
  CONVERTED,
  type Compiled,
  INPUTS,
  isNothing,
  type LayerValue,
  type Place,
  type Value,
} from "../value";
import { lastName } from "./names";

export function toEstimator(run: Run, args: Arguments, place: Place): void {
  const given = args.named.get("keras_model") ?? args.positional[0];
  const model = given?.kind === "layer" ? given : given?.kind === "instance" ? given.native : null;
  if (!model || args.open) return;
  const before = model.slots.get(COMPILED) as Compiled | "?" | undefined;
  const format = args.named.get("checkpoint_format") ?? args.positional[5];
  const facts = {
    place,
    model: model.place,
    isCompiled: before === "?" ? null : before !== undefined,
    optimizer: before && before !== "?" ? optimizerOf(before) : null,
    isSubclassed: model.form === "subclass" && !model.slots.has(INPUTS),
    own: ownMethods(model),
    checkpointFormat: !format || isNothing(format) ? "" : format.kind === "string" ? format.value : null,
  };
  for (const one of checkEstimator(facts)) report(run, one);
  if (isCertain(run)) run.journal.set(model, CONVERTED, place);
}

function optimizerOf({ args, place }: Compiled) {
  const value = args.named.get("optimizer") ?? args.positional[0];
  if (value?.kind === "string") return { name: value.value, place, options: [] };
  if (value?.kind !== "made") return null;
  const isOn = (one: Value) => !isNothing(one) && !(one.kind === "boolean" && !one.value);
  const options = [...value.args.named].filter(([name, one]) => DROPPED.has(name) && isOn(one)).map(([name]) => name);
  return { name: lastName(value.path), place: value.place, options };
}

const ownMethods = ({ instance }: LayerValue): string[] =>
  ["train_step", "test_step"].filter((name) => instance && memberOf(instance.class, name));
