// Models of keras.applications: made, called and counted as one layer, whose inside is not looked into.
import { application } from "../../../model/applications";
import type { Config, Library, Tensors, Weight } from "../../../model/layers/catalog.types";
import { isTensor } from "../../../model/layers/tensors";
import type { Dim } from "../../../model/shape";
import type { Run } from "../run";
import { data } from "../tensors/given";
import {
  type Arguments,
  BUILT,
  type GraphNode,
  INPUTS,
  isNothing,
  type LayerValue,
  OUTPUTS,
  type Place,
  type TensorValue,
  UNKNOWN,
} from "../value";
import type { Work } from "../work";
import { configOf } from "./convert";
import { newLayer } from "./layers";
import { placeholder } from "./models";

const ORDER = ["include_top", "weights", "input_tensor", "input_shape", "pooling", "classes"];
const ORDER_OF_MOBILE = ["input_shape", "alpha"];

/** `keras.applications.ResNet50(…)`, however deep its module; null: no such model is known. */
export function makeApplication(
  run: Run,
  path: string,
  args: Arguments,
  place: Place,
  library: Library,
): LayerValue | null {
  const name = /^keras\.applications\.(?:\w+\.)?([A-Z]\w+)$/.exec(path)?.[1];
  if (name === undefined) return null;
  const order = name.startsWith("MobileNet") ? ORDER_OF_MOBILE : ORDER;
  const given = new Map(args.positional.map((value, at) => [order[at] ?? `argument_${at}`, value]));
  for (const [key, value] of args.named) given.set(key, value);
  const tensor = given.get("input_tensor");
  const config: Config = Object.fromEntries(
    [...given].filter(([key]) => key !== "input_tensor").map(([key, value]) => [key, configOf(run, value)]),
  );
  const from = tensor?.kind === "tensor" ? tensor : null;
  const isVague = args.open || (tensor !== undefined && !from && !isNothing(tensor));
  const facts = isVague ? null : application(name, library, config, from?.type.shape ?? null);
  if (!isVague && !facts) return null;
  const layer = newLayer(run, {
    className: name,
    written: name,
    type: null,
    library,
    form: "application",
    place,
    isOpen: args.open,
    config: Object.fromEntries(args.named),
    // What another shape costs is asked again.
    catalog: Object.fromEntries(Object.entries(config).filter(([key]) => SHAPING.test(key))),
  });
  run.journal.set(layer, BUILT, facts ? weightsOf(facts.trainable, facts.fixed) : "?");
  if (!facts) return layer;
  const input = from ?? placeholder(facts.input, "float32", place);
  const again = ([other]: readonly TensorValue[]) => {
    const found = other && application(name, library, config, other.type.shape);
    return found ? data(found.output, "float32") : UNKNOWN;
  };
  const depth = 1 + (input.node?.depth ?? 0);
  const outputs = { shape: facts.output, dtype: "float32" };
  // What its many layers give is not known: neither is the memory that this takes.
  const work: Work = { layer, operation: "", outputs, macs: facts.macs, bytes: "?" };
  const node: GraphNode = { layer, operation: "", inputs: [input], place, depth, block: run.block, work, again };
  const output: TensorValue = {
    kind: "tensor",
    type: outputs,
    node: input.isOpen ? null : node,
    output: 0,
    elements: null,
    ...(input.isOpen && { isOpen: true }),
  };
  run.journal.set(layer, INPUTS, input);
  run.journal.set(layer, OUTPUTS, output);
  return layer;
}

/** Arguments that a call's cost hangs on. */
const SHAPING = /^(include_top|pooling|classes|alpha|minimalistic|depth_multiplier)$/;

/** Multiply-accumulates of one example of this shape. */
export function macsOfApplication({ className, library, catalog }: LayerValue, inputs: Tensors): Dim {
  return isTensor(inputs) ? (application(className, library, catalog, inputs.shape)?.macs ?? "?") : "?";
}

/** Two that stand for all of a kind. */
function weightsOf(trainable: Dim, fixed: Dim): readonly Weight[] | "?" {
  if (typeof trainable !== "number" || typeof fixed !== "number") return "?";
  return [
    { name: "weights", shape: [trainable], trainable: true },
    { name: "statistics", shape: [fixed], trainable: false },
  ];
}
