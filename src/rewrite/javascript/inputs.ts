// The data of a fit as input functions: what to train on, what to validate on, how many steps an epoch has. Source text in, source text out.
import { isCode, membersOf, type Node, unwrap } from "../../read/javascript/nodes";
import type { Script, TrainingCall } from "../../read/javascript/training";
import type { NewNames } from "../newNames";
import type { CallSite } from "./callSite";
import { type Data, dataOf, dataText, examplesOf, isSimple, sliceOf } from "./dataText";
import type { FitArguments, Option } from "./fitArguments";
import type { MemberText, Style } from "./style";

export type Input =
  | { form: "tensors"; members: readonly MemberText[]; steps: string | null }
  | { form: "dataset"; text: string; steps: string | null };

export interface Inputs {
  training: Input;
  /** The same for one epoch only. */
  oneEpoch: Input;
  /** Validation data, where the call has some. */
  evaluation: Input | null;
  /** The training data once, in order: to measure on where there is nothing else. */
  trainingAgain: Input;
  /** Statements that the above stand on. */
  statements: readonly string[];
  stepsPerEpoch: { name: string; statement: string | null } | null;
  /** Validation after each epoch takes a loop of train and evaluate: how many steps an epoch has is not known. */
  epochByEpoch: boolean;
  epochs: string;
  initialEpoch: string;
  lastEpoch: string;
  usesTensors: boolean;
  notes: string[];
}

interface Given {
  script: Script;
  call: TrainingCall;
  args: FitArguments;
  site: CallSite;
  style: Style;
  fresh: NewNames;
  /** The training data will be measured on where there is no validation data. */
  measures: boolean;
}

export function inputsOf(given: Given): Inputs {
  return given.call.method === "fitDataset" ? ofDataset(given) : ofTensors(given);
}

function ofTensors(given: Given): Inputs {
  const { script, args, style, fresh, site } = given;
  const { options } = args;
  const statements: string[] = [];
  const batchSize = options["batchSize"]?.text ?? "32";
  const batch: MemberText[] = options["batchSize"] ? [["batchSize", batchSize]] : [];
  const validation = options["validationData"];
  const split = validation ? null : splitOf(options["validationSplit"]);
  const again = split !== null || (given.measures && !validation);
  const counted = again || (validation !== undefined && !site.loop);
  const x = dataOf(script, args.data, { twice: counted, wish: "features", fresh, before: statements });
  const y = dataOf(script, args.labels!, { twice: again, wish: "labels", fresh, before: statements });
  const xy = (a: Data, b: Data): MemberText[] => [
    ["x", dataText(style, a)],
    ["y", dataText(style, b)],
  ];

  let train = [x, y] as const;
  let evaluation: Input | null = null;
  let examples = examplesOf(style, x);
  if (split) {
    const at = fresh.take("splitAt");
    // The same rounding as in fit: the last part is for validation.
    statements.push(`const ${at} = Math.floor(${examples} * (1 - ${split}))`);
    train = [sliceOf(x, "0", at), sliceOf(y, "0", at)];
    const held = xy(sliceOf(x, at), sliceOf(y, at));
    evaluation = { form: "tensors", members: [...held, ...batch, ["shuffle", "false"]], steps: null };
    examples = at;
  } else if (validation) {
    const [valX, valY] = pairOf(given, validation, statements);
    evaluation = { form: "tensors", members: [["x", valX], ["y", valY], ...batch, ["shuffle", "false"]], steps: null };
  }
  const { epochs, ...range } = epochsOf(options);
  const shuffle: MemberText[] =
    options["shuffle"] && options["shuffle"].text !== "true" ? [["shuffle", options["shuffle"].text]] : [];
  const members = (numEpochs: string): MemberText[] => [
    ...xy(...train),
    ...batch,
    ...(numEpochs === "1" ? [] : ([["numEpochs", numEpochs]] satisfies MemberText[])),
    ...shuffle,
  ];
  const name = evaluation && !site.loop ? fresh.take("stepsPerEpoch") : "";
  const notes = evaluation && site.loop ? ["Validation runs after each call of train, as it stands in a loop."] : [];
  const outputs = y.form === "list" ? y.items.length : y.form === "record" ? y.members.length : 1;
  if (evaluation && outputs > 1) {
    notes.push(
      "The loss of an evaluation sums the outputs' losses; val_loss of TensorFlow.js is the first output's alone.",
    );
  }
  return {
    training: { form: "tensors", members: members(epochs), steps: null },
    oneEpoch: { form: "tensors", members: members("1"), steps: null },
    evaluation,
    trainingAgain: { form: "tensors", members: [...xy(x, y), ...batch, ["shuffle", "false"]], steps: null },
    statements,
    stepsPerEpoch: name ? { name, statement: `const ${name} = Math.ceil(${examples} / ${factor(batchSize)})` } : null,
    epochByEpoch: false,
    epochs,
    ...range,
    usesTensors: true,
    notes,
  };
}

function ofDataset(given: Given): Inputs {
  const { script, args, fresh } = given;
  const { options } = args;
  const statements: string[] = [];
  const notes: string[] = [];
  const dataset = nameIt(args.data, "trainData", fresh, statements);
  const batches = options["batchesPerEpoch"];
  const { epochs, ...range } = epochsOf(options);
  const validation = options["validationData"];
  let evaluation: Input | null = null;
  let usesTensors = false;
  if (validation) {
    const inner = unwrap(validation.node);
    const steps = options["validationBatches"]?.text ?? null;
    if (inner.type === "array" || inner.type === "object" || script.values.of(validation.node).kind === "array") {
      const [x, y] = pairOf(given, validation, statements);
      const size = options["validationBatchSize"];
      const members: MemberText[] = [
        ["x", x],
        ["y", y],
        ...(size ? ([["batchSize", size.text]] satisfies MemberText[]) : []),
        ["shuffle", "false"],
      ];
      evaluation = { form: "tensors", members, steps: null };
      usesTensors = true;
    } else {
      evaluation = {
        form: "dataset",
        text: nameIt(validation.node, "validationData", fresh, statements, validation.text),
        steps,
      };
      if (script.values.of(validation.node).kind !== "dataset")
        notes.push(`${validation.text} is taken to be a tf.data.Dataset.`);
    }
  }
  // fit takes batchesPerEpoch · epochs batches from one iteration; without batchesPerEpoch it goes through the data once an epoch.
  const all = batches
    ? `${dataset}.take(${product(batches, epochs)})`
    : epochs === "1"
      ? dataset
      : `${dataset}.repeat(${epochs})`;
  const once = batches ? `${dataset}.take(${batches.text})` : dataset;
  if (/\.shuffle\s*\(/.test(script.source.text) && !batches) {
    notes.push(
      "A data set that is shuffled by a seed gives its batches in another order than in fitDataset, which starts an iteration that it does not use.",
    );
  }
  return {
    training: { form: "dataset", text: all, steps: null },
    oneEpoch: { form: "dataset", text: once, steps: null },
    evaluation,
    trainingAgain: { form: "dataset", text: once, steps: null },
    statements,
    stepsPerEpoch: batches ? { name: batches.text, statement: null } : null,
    epochByEpoch: !batches,
    epochs,
    ...range,
    usesTensors,
    notes:
      evaluation && !batches && !given.site.plain
        ? [
            ...notes,
            "Validation runs when training ends, not after each epoch: how many batches an epoch has is not known.",
          ]
        : notes,
  };
}

function epochsOf(options: Readonly<Record<string, Option>>) {
  const last = options["epochs"];
  const initial = options["initialEpoch"];
  const lastEpoch = last?.text ?? "1";
  const initialEpoch = initial?.text ?? "0";
  const numbers = last?.number != null && initial?.number != null;
  const difference = numbers
    ? String(last.number! - initial.number!)
    : `${factor(lastEpoch)} - ${factor(initialEpoch)}`;
  const epochs = initial && initial.number !== 0 ? difference : lastEpoch;
  return { epochs, initialEpoch, lastEpoch: factor(lastEpoch) };
}

function product(batches: Option, epochs: string): string {
  const count = Number(epochs);
  if (epochs === "1") return batches.text;
  return batches.number !== null && Number.isInteger(count)
    ? String(batches.number * count)
    : `${factor(batches.text)} * ${factor(epochs)}`;
}

/** In parentheses where an operator before or after would bind otherwise. */
const factor = (text: string) => (/^[\w$.!]+$/.test(text) ? text : `(${text})`);

/** fit splits off nothing for 0. */
function splitOf(option: Option | undefined): string | null {
  if (!option || (option.number !== null && !(option.number > 0 && option.number < 1))) return null;
  return factor(option.text);
}

function nameIt(node: Node, wish: string, fresh: NewNames, statements: string[], text = node.text): string {
  if (isSimple(node)) return text;
  const name = fresh.take(wish);
  statements.push(`const ${name} = ${node.text}`);
  return name;
}

/** The two halves of validationData: `[x, y]`, `{ xs, ys }`, or a name that stands for them. */
function pairOf({ fresh, style }: Given, { node, text }: Option, statements: string[]): readonly [string, string] {
  const inner = unwrap(node);
  const items = inner.type === "array" ? inner.namedChildren.filter(isCode) : [];
  if (items.length === 2) return [items[0]!.text, items[1]!.text];
  if (inner.type === "object") {
    const member = (name: string) => membersOf(inner).find((one) => one.name === name)?.value.text;
    const [xs, ys] = [member("xs"), member("ys")];
    if (xs && ys) return [xs, ys];
  }
  const name = isSimple(node) ? text : nameIt(node, "validation", fresh, statements, text);
  const sure = style.typescript ? "!" : "";
  return inner.type === "object" ? [`${name}.xs`, `${name}.ys`] : [`${name}[0]${sure}`, `${name}[1]${sure}`];
}
