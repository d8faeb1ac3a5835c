// What the converted call consists of: the statements before it, the call in its place, what follows, and the notes. Places nothing.
import type { TextEdit } from "../../model/span";
import { FUNCTIONS, isAsync, memberName, memberObject, unwrap } from "../../read/javascript/nodes";
import type { Script, TrainingCall } from "../../read/javascript/training";
import { NewNames } from "../newNames";
import type { Refusal } from "../result";
import { type CallSite, saidOf } from "./callSite";
import type { FitArguments } from "./fitArguments";
import { inputsOf } from "./inputs";
import { bring } from "./libraryImport";
import { refuse } from "./refusals";
import { type MemberText, objectText, quote, type Style, withArguments, withObject } from "./style";

export interface Plan {
  importEdits: readonly TextEdit[];
  /** Statements before everything that repeats: the estimator. Without their semicolons; given the indentation. */
  first(indent: string): readonly string[];
  /** Statements right before the call. */
  before(indent: string): readonly string[];
  /** In the place of the call. `await` and what else stood around it stays. */
  call(indent: string): string;
  /** Put before the awaited call: `const metrics = `. */
  prefix: string;
  /** Statements after it. */
  after(indent: string): readonly string[];
  /** A loop around the call and what follows it. */
  epochs: string | null;
  notes: readonly string[];
}

interface Given {
  script: Script;
  call: TrainingCall;
  args: FitArguments;
  site: CallSite;
  style: Style;
  modelDir: string;
}

export function planOf(given: Given): Plan | Refusal {
  const { script, call, site, style, modelDir } = given;
  const fresh = new NewNames(script.names);
  // Where nothing measures the model after the training, the converted script does; in a loop it would in each turn.
  const measures = site.plain && site.loop === null && !evaluatesItself(given);
  const inputs = inputsOf({ ...given, fresh, measures });
  // Per-epoch validation in one call needs to know how many steps an epoch has; in a loop of the user's the turns are the epochs.
  const both = inputs.evaluation !== null && (inputs.stepsPerEpoch !== null || !site.plain) && site.loop === null;
  const isMeasured = site.plain && (inputs.evaluation !== null || measures);
  const brought = bring(script, style, fresh, [
    "modelToEstimator",
    ...(both && inputs.stepsPerEpoch ? ["RunConfig"] : []),
    ...(inputs.usesTensors ? ["tensorInputFn"] : []),
    ...(both ? ["trainAndEvaluate"] : []),
  ]);
  const notes = [...given.args.notes, ...inputs.notes, ...generalNotes(given)];
  if (brought.statement) {
    const fn = call.path.findLast((node) => FUNCTIONS.has(node.type));
    if (fn && !isAsync(fn)) return refuse("needs-await", call.call.startPosition.row, { call: saidOf(call) });
  }
  const as = (name: string) => brought.as[name] ?? name;
  const estimator = fresh.take("estimator");
  const evalInputFn = inputs.evaluation || isMeasured ? fresh.take("evalInputFn") : "";
  const trainInputFn = fresh.take("trainInputFn");
  const metrics = both && measures ? fresh.take("metrics") : null;
  const epoch =
    !both && inputs.evaluation && inputs.epochs !== "1" && inputs.epochByEpoch && site.plain
      ? fresh.take("epoch")
      : null;

  const print = (code: string) => `console.log(${code})`;
  const assign = (name: string, code: string) => `const ${name} = ${code}`;
  const inputFn = (name: string, indent: string, input: typeof inputs.training) =>
    input.form === "dataset"
      ? assign(name, `() => ${input.text}`)
      : assign(name, withObject(style, indent, as("tensorInputFn"), input.members));
  const evaluation = inputs.evaluation ?? inputs.trainingAgain;
  const evalCall =
    evaluation.steps === null
      ? `(${evalInputFn})`
      : `(${evalInputFn}, ${objectText(style, [["steps", evaluation.steps]])})`;

  return {
    importEdits: brought.edits,
    first: (indent) => [
      ...(brought.statement ? [brought.statement] : []),
      ...(both ? inputs.statements : []),
      ...(both && inputs.stepsPerEpoch?.statement ? [inputs.stepsPerEpoch.statement] : []),
      assign(
        estimator,
        withObject(style, indent, as("modelToEstimator"), [
          ["kerasModel", unwrapParentheses(call)],
          ["modelDir", quote(style, modelDir)],
          ...(both && inputs.stepsPerEpoch
            ? [
                [
                  "config",
                  `new ${as("RunConfig")}(${objectText(style, [["saveCheckpointsSteps", inputs.stepsPerEpoch.name]])})`,
                ] satisfies MemberText,
              ]
            : []),
        ]),
      ),
    ],
    before: (indent) => [
      ...(both ? [] : inputs.statements),
      inputFn(trainInputFn, indent, epoch ? inputs.oneEpoch : inputs.training),
      ...(evalInputFn ? [inputFn(evalInputFn, indent, evaluation)] : []),
    ],
    call: (indent) =>
      both
        ? withArguments(style, indent, as("trainAndEvaluate"), [
            estimator,
            objectText(style, [["inputFn", trainInputFn]]),
            objectText(style, [
              ["inputFn", evalInputFn],
              ["steps", evaluation.steps ?? "null"],
              ["throttleSecs", "0"],
            ]),
          ])
        : `${estimator}.train(${trainInputFn})`,
    prefix: metrics ? `const ${metrics} = ` : "",
    after: () => {
      if (metrics) return [print(metrics)];
      return !both && isMeasured ? [print(`await ${estimator}.evaluate${evalCall}`)] : [];
    },
    epochs: epoch ? `for (let ${epoch} = ${inputs.initialEpoch}; ${epoch} < ${inputs.lastEpoch}; ${epoch}++)` : null,
    notes,
  };
}

/** `(model as tf.LayersModel)` needs no parentheses as an argument. */
function unwrapParentheses({ receiver }: TrainingCall): string {
  return receiver.type === "parenthesized_expression" ? (receiver.namedChild(0)?.text ?? receiver.text) : receiver.text;
}

/** Does the script evaluate the model by itself? Then it needs no second evaluation. */
function evaluatesItself({ script, call }: Given): boolean {
  if (!call.binding) return script.source.text.includes(`${call.receiver.text}.evaluate`);
  return script.names.uses(call.binding).some(({ node, path }) => {
    const member = path.at(-2);
    return (
      member && memberObject(member)?.id === node.id && /^evaluate(Dataset)?$/.test(memberName(unwrap(member)) ?? "")
    );
  });
}

function generalNotes({ script, modelDir, call }: Given): string[] {
  const notes = [
    `Checkpoints and event files go to ${modelDir}. Another run goes on from the checkpoint there; delete the folder to start anew.`,
  ];
  const compiled = call.binding ? script.names.uses(call.binding).map(({ path }) => path.at(-3)?.text ?? "") : [];
  if (compiled.some((text) => /^\S+\.compile\s*\(/.test(text) && /\bmetrics\s*:/.test(text))) {
    notes.push(
      "The metrics of compile are measured when the Estimator evaluates; for training batches it keeps the loss.",
    );
  }
  const isBrowser = script.names
    .occurrences("document")
    .some(({ node }) => !script.names.resolve("document", node.startIndex));
  if (isBrowser) notes.push("This file uses the page (document): an Estimator writes files and needs Node.");
  return notes;
}
