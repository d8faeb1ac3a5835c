// What a program says about training: `compile`, `fit` and their like. Collects the facts at the call, and has them checked.
import type { Config, Library } from "../../../model/layers/catalog.types";
import { metricWeights } from "../../../model/metricWeights";
import { checkMethod, checkOptimizer } from "../checks/arguments";
import { checkUncompiled } from "../checks/compiling";
import { checkData } from "../checks/data";
import { checkUsed } from "../checks/estimators";
import type { CompileFacts, DataFacts, LabelFacts, LossFacts, MetricFacts } from "../checks/facts";
import { checkLabels } from "../checks/labels";
import { checkLoss } from "../checks/losses";
import { checkMetrics } from "../checks/metrics";
import { checkNames } from "../checks/names";
import { checkOutputs, type OutputsFacts } from "../checks/outputs";
import { lineOf, memberOf } from "../classes";
import { type Found, isCertain, report, type Within } from "../found";
import { entryOf, itemsOf, listItems } from "../lists";
import type { Run } from "../run";
import {
  type Arguments,
  COMPILED,
  CONVERTED,
  type Compiled,
  isNothing,
  LAYERS,
  type LayerValue,
  type MadeValue,
  type Place,
  type TensorValue,
  type Value,
} from "../value";
import { configOf } from "./convert";
import { lastName } from "./names";
import { inputOf, type NamedOutput, outputOf, outputsOf } from "./outputs";

/** `model.compile(…)`. */
export function compiled(run: Run, model: LayerValue, args: Arguments, place: Place): void {
  const made: Compiled = { args, place, isCertain: isCertain(run) };
  run.journal.set(model, COMPILED, made);
  if (!made.isCertain) return;
  run.compiles.push({ made: model.place, place });
  const all = compileFacts(model, made);
  reportAll(run, checkNames({ ...all[0]!, output: null }, namesGiven(run, model.library, args)));
  for (const facts of all) {
    reportAll(run, checkLoss(facts));
    reportAll(run, checkMetrics(facts));
  }
}

/** `model.fit(…)`, `evaluate`, `train_on_batch`: before the data builds a model that was not built. */
export function trained(run: Run, model: LayerValue, method: string, args: Arguments, place: Place): void {
  if (!isCertain(run)) return;
  reportAll(run, usedAfter(model, method, place));
  checkCompiled(run, model, method, args, place);
  const before = compiledBefore(model);
  const facts = dataFacts(model, method, args, place);
  if (!facts) return;
  reportAll(run, checkData(facts));
  labelled(run, model, facts, before);
}

/** Each output with its labels. */
function labelled(
  run: Run,
  model: LayerValue,
  facts: DataFacts & { readonly labels: Value | undefined },
  before: Compiled | null,
): void {
  if (!before) return;
  const outputs = outputsOf(model);
  reportAll(run, checkOutputs(outputsFacts(model, before, outputs)));
  for (const [at, compile] of compileFacts(model, before).entries()) {
    const y = outputs && outputs.length > 1 ? labelsOf(facts.labels, outputs[at]!, at) : facts.y;
    reportAll(run, checkLabels({ ...facts, y, compile }));
  }
}

/** A model is known not to be compiled where nothing has had to do with it that could have compiled it unseen. */
export function checkCompiled(run: Run, model: LayerValue, method: string, args: Arguments, place: Place): void {
  const isNew = !model.slots.has(COMPILED) && model.slots.age >= run.since && model.place.unit.file === undefined;
  if (!isNew || method.startsWith("predict") || !isCertain(run) || !isPlain(model)) return;
  const facts = { library: model.library, place, made: model.place, output: outputOf(model) };
  const data = dataFacts(model, method, args, place);
  reportAll(run, checkUncompiled({ ...facts, labels: data?.y ?? null }));
  // Once is enough.
  run.journal.set(model, COMPILED, "?");
}

/** Models of a library, or of classes whose whole line is known and that leave compiling to it. */
function isPlain({ form, instance, library }: LayerValue): boolean {
  if (!instance) return form === "sequential" || form === "functional" || form === "application";
  const line = lineOf(instance.class);
  const isKnown = line.every(({ bases }) => bases.every(({ kind }) => kind === "class" || kind === "library"));
  return (
    library !== "tfjs" &&
    isKnown &&
    line.every(({ code }) => code.decorators.length === 0) &&
    !OWN_COMPILING.some((name) => instance.slots.has(name) || memberOf(instance.class, name))
  );
}

const OWN_COMPILING =
  "compile compiled _is_compiled _assert_compile_called _assert_compile_was_called __getattr__ __getattribute__".split(
    " ",
  );

/** The same once the data has built the model: what its end is may be known only now. */
export function trainedWith(run: Run, model: LayerValue, method: string, args: Arguments, place: Place): void {
  const before = compiledBefore(model);
  if (!isCertain(run) || !before) return;
  for (const compile of compileFacts(model, before)) {
    reportAll(run, checkLoss(compile));
    reportAll(run, checkMetrics(compile));
  }
  const facts = dataFacts(model, method, args, place);
  if (facts) labelled(run, model, facts, before);
}

/** The arguments of a method that trains, by their names. */
export function checkGiven(run: Run, model: LayerValue, name: string, args: Arguments, place: Place): void {
  // A class of the user's own may take others.
  if (model.instance || args.named.size === 0) return;
  const { library } = model;
  reportAll(run, checkMethod({ library, place, name, module: null, given: [...args.named.keys()] }));
}

/** `keras.optimizers.Adam(…)`, `keras.losses.Hinge(…)`. */
export function madeObject(run: Run, path: string, library: Library, args: Arguments, place: Place): MadeValue {
  const name = lastName(path);
  const module = path.slice(0, -name.length - 1);
  reportAll(run, checkOptimizer({ library, place, name, module, given: [...args.named.keys()] }));
  const isMetric = module === "keras.metrics";
  return { kind: "made", path, args, place, ...(isMetric && { keeps: metricWeights(name, configGiven(run, args)) }) };
}

/** The arguments by name, those that are given by place under their numbers. */
const configGiven = (run: Run, { positional, named }: Arguments): Config =>
  Object.fromEntries([...positional.entries(), ...named].map(([name, value]) => [name, configOf(run, value)]));

function reportAll(run: Run, all: readonly Found[]): void {
  for (const one of all) report(run, one);
}

/** What a model is certain to be compiled with. */
function compiledBefore(model: LayerValue): Compiled | null {
  const before = model.slots.get(COMPILED) as Compiled | "?" | undefined;
  return before && before !== "?" && before.isCertain ? before : null;
}

function usedAfter(model: LayerValue, method: string, place: Place): Found[] {
  const converted = model.slots.get(CONVERTED) as Place | undefined;
  return converted ? checkUsed(method, converted, place) : [];
}

const argument = (args: Arguments, name: string, at: number): Value | undefined =>
  args.named.get(name) ?? args.positional[at];

/** For each output; of a model whose outputs are not known, once. */
function compileFacts(model: LayerValue, { args, place }: Compiled): CompileFacts[] {
  const { library } = model;
  const given = (name: string, at: number) => (args.open ? undefined : argument(args, name, at));
  const loss = given("loss", 1);
  const metrics = given("metrics", library === "keras3" ? 3 : 2);
  const outputs = outputsOf(model);
  if (!outputs || outputs.length < 2) {
    const output = outputOf(model);
    return [
      {
        library,
        place,
        output,
        loss: loss ? lossOf(loss, library) : null,
        metrics: metrics ? metricsOf(metrics) : null,
      },
    ];
  }
  return outputs.map((one, at): CompileFacts => {
    const own = loss && entryFor(loss, one, at);
    const counted = metrics && (metrics.kind === "dict" || isOfLists(metrics)) ? entryFor(metrics, one, at) : null;
    return {
      library,
      place,
      output: one.facts,
      loss: own ? lossOf(own.value, library) : null,
      metrics: counted ? metricsOf(counted.value) : null,
      ...(own?.within !== undefined && { within: own.within }),
    };
  });
}

const isOfLists = (value: Value): boolean =>
  value.kind === "list" && (listItems(value)?.every(({ kind }) => kind === "list") ?? false);

/** What a dictionary or a list says of an output; one alone is said of all. */
function entryFor(value: Value, { names }: NamedOutput, at: number): { value: Value; within?: Within } | null {
  if (value.kind === "list") {
    const item = listItems(value)?.[at];
    return item ? { value: item, within: at } : null;
  }
  if (value.kind !== "dict") return { value };
  const name = names?.find((one) => entryOf(value, one));
  return name === undefined ? null : { value: entryOf(value, name)!, within: name };
}

function outputsFacts(
  { library }: LayerValue,
  { args, place }: Compiled,
  outputs: readonly NamedOutput[] | null,
): OutputsFacts {
  const positions = { loss: 1, metrics: library === "keras3" ? 3 : 2, loss_weights: library === "keras3" ? 2 : 3 };
  const given = Object.entries(positions).flatMap(([name, position]) => {
    const value = args.open ? undefined : argument(args, name, position);
    const keys = value?.kind === "dict" ? (itemsOf(value)?.map(([key]) => String(key)) ?? []) : [];
    const count = value?.kind === "list" ? (listItems(value)?.length ?? null) : null;
    return value ? [{ argument: name, position, keys, count }] : [];
  });
  const names = outputs?.map((one) => one.names) ?? [null];
  return { place, library, given, names };
}

/** Other names of losses. */
const SHORT: Readonly<Record<string, string>> = {
  mse: "mean_squared_error",
  mae: "mean_absolute_error",
  mape: "mean_absolute_percentage_error",
  msle: "mean_squared_logarithmic_error",
  bce: "binary_crossentropy",
  logcosh: "log_cosh",
  huber_loss: "huber",
};

/** `binary_crossentropy` of BinaryCrossentropy, binaryCrossentropy and BCE. */
function plainName(name: string): string {
  const snake = /^[A-Z]+$/.test(name)
    ? name.toLowerCase()
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, "");
  return Object.hasOwn(SHORT, snake) ? SHORT[snake]! : snake;
}

/** TensorFlow.js has losses of its own under `tf.losses`, some of them of logits. */
const OF_TFJS: Readonly<Record<string, Pick<LossFacts, "name" | "fromLogits">>> = {
  absoluteDifference: { name: "mean_absolute_error", fromLogits: false },
  huberLoss: { name: "huber", fromLogits: false },
  logLoss: { name: "binary_crossentropy", fromLogits: false },
  meanSquaredError: { name: "mean_squared_error", fromLogits: false },
  sigmoidCrossEntropy: { name: "binary_crossentropy", fromLogits: true },
  softmaxCrossEntropy: { name: "categorical_crossentropy", fromLogits: true },
};

function lossOf(value: Value, library: Library): LossFacts | null {
  switch (value.kind) {
    case "string":
      return { name: plainName(value.value), fromLogits: false, how: "text", written: value.value, made: null };
    case "library": {
      const written = lastName(value.path);
      const isLoss = /^(keras|tf)\.(\w+\.)*(losses|metrics)\.\w+$/.test(value.path);
      if (!isLoss) return null;
      if (library === "tfjs" && !/^tf\.metrics\./.test(value.path)) {
        const own = Object.hasOwn(OF_TFJS, written) ? OF_TFJS[written] : undefined;
        return own ? { ...own, how: "function", written, made: null } : null;
      }
      return { name: plainName(written), fromLogits: false, how: "function", written, made: null };
    }
    case "made": {
      if (!/^keras\.losses\./.test(value.path)) return null;
      const written = lastName(value.path);
      const flag = argument(value.args, "from_logits", 0);
      const takesFlag = /Crossentropy$/.test(written) && !/Focal/.test(written);
      const fromLogits = !takesFlag ? false : value.args.open ? "?" : flagOf(flag);
      return { name: plainName(written), fromLogits, how: "made", written, made: value.place };
    }
    default:
      return null;
  }
}

const flagOf = (value: Value | undefined): boolean | "?" =>
  !value ? false : value.kind === "boolean" ? value.value : "?";

function metricsOf(value: Value): MetricFacts[] | null {
  const items = value.kind === "list" ? listItems(value) : value.kind === "string" ? [value] : null;
  return (
    items?.flatMap((one): MetricFacts[] => {
      if (one.kind === "string") return [{ name: one.value, how: "text" }];
      if (one.kind === "made") return [{ name: lastName(one.path), how: "made" }];
      if (one.kind === "library") return [{ name: lastName(one.path), how: "function" }];
      return [];
    }) ?? null
  );
}

/** Names that are given as texts, each with where it stands. */
function namesGiven(run: Run, library: Library, args: Arguments) {
  const text = (value: Value | undefined) => (value?.kind === "string" ? value.value : null);
  const metrics = argument(args, "metrics", library === "keras3" ? 3 : 2);
  const items = metrics?.kind === "list" ? (run.language.items(run, metrics) ?? []) : metrics ? [metrics] : [];
  return {
    optimizer: text(argument(args, "optimizer", 0)),
    loss: text(argument(args, "loss", 1)),
    metrics: items.flatMap((one) => text(one) ?? []),
    metricsAreOneText: metrics?.kind === "string",
  };
}

function dataFacts(
  model: LayerValue,
  method: string,
  args: Arguments,
  place: Place,
): (DataFacts & { readonly labels: Value | undefined }) | null {
  if (args.open) return null;
  const x = argument(args, "x", 0);
  if (!x) return null;
  const takesLabels = !method.startsWith("predict");
  const y = takesLabels ? argument(args, "y", 1) : undefined;
  const pair = x.kind === "dataset" ? elementOf(x.element) : { x, y };
  const inputs = pair.x && asData(pair.x);
  const layers = model.slots.get(LAYERS) as readonly LayerValue[] | null | undefined;
  const first = layers?.find(({ form }) => form !== "input") ?? null;
  return {
    library: model.library,
    place,
    method,
    form: model.form === "sequential" || model.form === "functional" ? model.form : "other",
    input: inputOf(model),
    first: first && { layer: first.className, place: first.place },
    x: inputs?.type.shape ?? "?",
    y: labelFacts(pair.y),
    labels: pair.y,
    isDataset: x.kind === "dataset",
    compile: null,
  };
}

function labelFacts(value: Value | undefined): LabelFacts | null {
  const labels = value && !isNothing(value) ? asData(value) : null;
  return labels && { shape: labels.type.shape, classes: labels.classes ?? null, dtype: labels.type.dtype };
}

/** The labels of one of several outputs. */
function labelsOf(value: Value | undefined, { names }: NamedOutput, at: number): LabelFacts | null {
  if (value?.kind === "list") return labelFacts(listItems(value)?.[at]);
  return value?.kind === "dict" && names ? labelFacts(entryOf(value, names[0]!)) : null;
}

/** One tensor of data: what is several, or part of a graph, is nothing that is judged here. */
const asData = (value: Value): TensorValue | null =>
  value.kind === "tensor" && !value.node && !value.isOpen ? value : null;

function elementOf(element: Value): { x: Value | undefined; y: Value | undefined } {
  if (element.kind === "tensor") return { x: element, y: undefined };
  const items = element.kind === "list" && element.type === "tuple" ? listItems(element) : null;
  return { x: items?.[0], y: items?.[1] };
}
