// What is reported of a layer that fails: where its inputs come from, where it was made, and only what fails in every Keras that the
// program may run with. Knows no rule of a layer.
import { isFailure } from "../../../model/layers/arguments";
import { type BindingProblem, bind, type Given } from "../../../model/layers/bind";
import { layerNamed } from "../../../model/layers/catalog";
import type { Failure, LayerCall, LayerType, Library } from "../../../model/layers/catalog.types";
import { shapeInWords, UNKNOWN_TENSOR } from "../../../model/layers/tensors";
import { checkCalled, checkMade } from "../checks/layers";
import { type Fix, type Related, report } from "../found";
import type { Run } from "../run";
import type { LayerValue, Place, TensorValue, Value } from "../value";
import { activationOf } from "./outputs";

const OTHER: Partial<Record<Library, Library>> = { keras3: "keras2", keras2: "keras3" };

export function reportCall(
  run: Run,
  layer: LayerValue,
  call: LayerCall,
  failure: Failure,
  inputs: readonly TensorValue[],
  place: Place,
): void {
  // Within `Sequential([…])` and `model.add(…)` it is the layer that is meant, and not what adds it.
  const isMeant = isWithin(layer.place, place) || (isElsewhere(layer.place, place) && isArgumentFailure(failure));
  const at = isMeant ? layer.place : place;
  report(run, {
    place: at,
    failure,
    severity: "error",
    ...(!failsInOther(layer, call) && { unsure: "none" as const }),
    related: [...originsOf(inputs, at), ...madeAt(layer, at)],
  });
}

/** Whether the other Keras refuses it as well. */
function failsInOther(layer: LayerValue, call: LayerCall): boolean {
  const other = OTHER[call.library];
  const type = other && layer.type ? layerNamed(layer.type.name, other) : undefined;
  if (!other || !type) return true;
  const there = bind(type, other, { positional: [], named: {}, isPartial: true });
  return isFailure(type.call({ ...call, library: other, config: { ...there.config, ...call.config } }));
}

/** What is wrong with an argument is wrong where the layer is made, whatever it is called with. */
const isArgumentFailure = ({ fails }: Failure) =>
  fails === "bad-argument" || fails === "rate-out-of-range" || fails === "missing-argument";

function originsOf(inputs: readonly TensorValue[], place: Place): Related[] {
  return inputs.slice(0, 4).flatMap(({ node, type }) =>
    node && isElsewhere(node.place, place)
      ? [
          {
            place: node.place,
            message: `Shape ${shapeInWords(type.shape)} comes from here.`,
          },
        ]
      : [],
  );
}

const madeAt = (layer: LayerValue, place: Place): Related[] =>
  isElsewhere(layer.place, place) ? [{ place: layer.place, message: `${layer.written} is made here.` }] : [];

/** Beside it: neither the same, nor around it, nor within. */
const isElsewhere = (a: Place, b: Place): boolean => a.unit !== b.unit || a.end <= b.start || b.end <= a.start;

const isWithin = (a: Place, b: Place): boolean => a.unit === b.unit && a.start > b.start && a.end < b.end;

/** What some layers hand on to a class behind them, which takes it: of these nothing is said. */
const PASSED_ON: Readonly<Record<Library, ReadonlySet<string>>> = {
  keras3: new Set("bounding_box_format data_format factor zero_output_for_mask vocabulary_dtype oov_method".split(" ")),
  keras2: new Set(
    "groups filters kernel_initializer kernel_regularizer kernel_constraint seed force_generator rng_type partitioner vocabulary_dtype".split(
      " ",
    ),
  ),
  tfjs: new Set(),
};

export function reportArguments(
  run: Run,
  type: LayerType,
  library: Library,
  given: Given,
  problems: readonly BindingProblem[],
  place: Place,
): void {
  if (problems.length === 0) return;
  const other = OTHER[library];
  const otherType = other && layerNamed(type.name, other);
  const there = other && otherType ? bind(otherType, other, given).problems : problems;
  const meant = new Set(problems.map(({ nearest }) => nearest));
  for (const problem of problems) {
    if (PASSED_ON[library].has(String(problem.argument))) continue;
    // What is missing is there under a wrong name.
    if (problem.fails === "missing-argument" && meant.has(String(problem.argument))) continue;
    const isEverywhere = there.some(({ argument, isError }) => argument === problem.argument && isError);
    const { argument, nearest } = problem;
    report(run, {
      place,
      failure: problem,
      severity: problem.isError ? "error" : "warning",
      ...(!isEverywhere && { unsure: "information" as const }),
      at: typeof argument === "string" && problem.fails !== "missing-argument" ? { argument } : "callee",
      ...(nearest !== undefined && { fixes: [renamed(place, String(argument), nearest)] }),
    });
  }
}

/** A layer alone. */
export function reportMade(run: Run, layer: LayerValue): void {
  const { className, catalog, library, place, type } = layer;
  if (type && typeof catalog["rate"] === "number") {
    // A share is looked at when the layer is made, whatever it is called with later.
    const call: LayerCall = { config: catalog, inputs: UNKNOWN_TENSOR, options: {}, library };
    const result = type.call(call);
    if (isFailure(result) && result.fails === "rate-out-of-range") reportCall(run, layer, call, result, [], place);
  }
  const activation = catalog["activation"];
  if (!type || typeof activation !== "string" || !type.arguments.some(({ name }) => name === "activation")) return;
  const units = typeof catalog["units"] === "number" ? catalog["units"] : "?";
  for (const one of checkMade({ library, place, layer: className, activation, units })) report(run, one);
}

/** A layer on what it stands on. */
export function reportCalled(run: Run, layer: LayerValue, given: Value, place: Place): void {
  const { className, catalog } = layer;
  const isSoftmax =
    (className === "Softmax" && (catalog["axis"] === -1 || catalog["axis"] === undefined)) ||
    (className === "Activation" && catalog["activation"] === "softmax");
  if (!isSoftmax || given.kind !== "tensor") return;
  const facts = { layer: layer.written, made: layer.place, place, alone: "softmax", input: given.type.shape };
  for (const one of checkCalled({ ...facts, before: activationOf(given) })) report(run, one);
}

export const renamed = (place: Place, argument: string, to: string): Fix => ({
  title: `Rename to \`${to}\``,
  place,
  at: { argument },
  edit: { kind: "rename", to },
});
