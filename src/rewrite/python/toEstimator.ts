// Keras to Estimator in Python: model.fit becomes tf.keras.estimator.model_to_estimator, input functions and train. All else in the
// file stays byte for byte. Knows TensorFlow 2.15's rules for the conversion; runs nothing.
import type { TextEdit } from "../../model/span";
import { hasEstimator } from "../../model/versions";
import { FUNCTIONS, inBody, LOOPS, statementAround, unwrap } from "../../read/python/nodes";
import type { PythonScript, PythonTrainingCall } from "../../read/python/training";
import type { Node } from "../../read/tree";
import { indentAt } from "../indentation";
import { modelDirFor } from "../modelDir";
import { NewNames } from "../newNames";
import { isRefusal, type Refusal, type Rewrite } from "../result";
import { type Afterwards, afterwards } from "./afterwards";
import { type Compiled, compiledBy } from "./compiled";
import type { Helper, InputFn } from "./data";
import { type FitArguments, fitArguments } from "./fitArguments";
import { helperEdit, modulesOf } from "./helpers";
import { lineOf } from "./lookup";
import { type ModelForm, modelFormOf } from "./modelForm";
import { refuse } from "./refusals";
import { callText, quoted, styleOf } from "./style";
import { type TrainingData, trainingData } from "./trainingData";

export interface ToEstimatorPythonOptions {
  /** For the name of model_dir; a path or a URI's path. */
  fileName: string;
  /** The calls that are meant; by default all of the script. */
  calls?: readonly PythonTrainingCall[];
  /** Is it certain that the script trains with Keras 3? */
  keras3?: boolean;
  /** Version of TensorFlow in the selected Python, where it is known. */
  tensorflow?: string | undefined;
}

export function toEstimatorPython(script: PythonScript, options: ToEstimatorPythonOptions): Rewrite {
  const training = theCall(script, options.calls ?? script.calls);
  if (isRefusal(training)) return training;
  const { call, receiver } = training;
  const said = `${receiver.text}.${training.method}(…)`;
  if (training.method === "fit_generator") return refuse("generator", lineOf(call), { data: `What ${said} takes` });
  if (training.method !== "fit") return refuse("not-fit", lineOf(call), { call: said });
  if (options.keras3) return refuse("keras-3", lineOf(call));
  const wrong = wrongLibrary(script, call);
  if (wrong) return wrong;
  const statement = statementAround(training.path);
  const fit = fitArguments(script, call, said);
  if (isRefusal(fit)) return fit;
  const often = repeated(script, training);
  if (often) return often;
  const target = droppedTarget(script, statement, call, said);
  if (isRefusal(target)) return target;
  const form = modelFormOf(script, receiver);
  if (isRefusal(form)) return form;
  const compiled = compiledBy(script, receiver.text, lineOf(call));
  if (isRefusal(compiled)) return compiled;
  return converted({ script, training, statement, fit, form, compiled, options });
}

function theCall(script: PythonScript, wished: readonly PythonTrainingCall[]): PythonTrainingCall | Refusal {
  const isKeras = ({ method }: PythonTrainingCall) => method !== "train" && method !== "train_and_evaluate";
  const all = script.calls.filter(isKeras);
  const meant = wished.filter(isKeras);
  const [first] = script.calls;
  if (all.length === 0) {
    return first ? refuse("already-estimator", lineOf(first.call)) : refuse("no-model", undefined);
  }
  const from = meant.length > 0 ? meant : all;
  if (from.length === 1) return from[0]!;
  const calls = from.map((one) => `${one.receiver.text}.${one.method} in line ${lineOf(one.call) + 1}`).join(", ");
  return refuse("several-calls", lineOf(from[0]!.call), { calls });
}

function wrongLibrary(script: PythonScript, call: Node): Refusal | null {
  const { text } = script.source;
  const off = /^.*\bdisable_(?:eager_execution|v2_behavior)\(/m.exec(text);
  if (off) return refuse("graph-mode", text.slice(0, off.index).split("\n").length - 1);
  const foreign = /^\s*(?:import|from)\s+(tf_keras|keras_core)\b/m.exec(text)?.[1];
  return foreign ? refuse("other-keras", lineOf(call), { name: foreign }) : null;
}

/** Trained several times into one model_dir? */
function repeated(script: PythonScript, { path, call }: PythonTrainingCall): Refusal | null {
  const innermost = path.findLastIndex(({ type }) => FUNCTIONS.has(type));
  if (path.slice(innermost + 1).some(({ type }) => LOOPS.has(type) || /comprehension$/.test(type))) {
    return refuse("model-in-loop", lineOf(call));
  }
  const fn = path[innermost];
  const name = fn?.childForFieldName("name");
  if (!fn || !name) return null;
  const binding = script.names.resolve(name.text, name.startIndex);
  const uses = binding ? script.names.uses(binding) : [];
  const inLoop = uses.some((use) => use.path.some(({ type }) => LOOPS.has(type)));
  return uses.length > 1 || inLoop ? refuse("called-often", lineOf(call), { name: name.text }) : null;
}

/** The part of the statement before the call that goes: `history = `. A refusal where the History is really used. */
function droppedTarget(
  script: PythonScript,
  statement: Node,
  call: Node,
  said: string,
): { start: number; end: number } | null | Refusal {
  const line = lineOf(call);
  if (statement.type !== "expression_statement") return refuse("value-used", line, { call: said });
  const expression = statement.namedChildren.filter(({ type }) => type !== "comment");
  if (expression.length !== 1) return refuse("one-line", line, { call: said });
  const [only] = expression;
  if (only!.id === call.id) return null;
  const left = only!.childForFieldName("left");
  if (only!.type !== "assignment" || left?.type !== "identifier" || only!.childForFieldName("right")?.id !== call.id) {
    return refuse("value-used", line, { call: said });
  }
  const binding = script.names.resolve(left.text, left.startIndex);
  const [use] = binding ? script.names.uses(binding).filter(({ node }) => node.startIndex !== left.startIndex) : [];
  if (use) {
    return refuse("history-used", lineOf(use.node), {
      use: `${use.path.at(-2)?.text.split("\n")[0] ?? left.text} in line ${lineOf(use.node) + 1}`,
      call: said,
    });
  }
  return { start: left.startIndex, end: call.startIndex };
}

interface Parts {
  script: PythonScript;
  training: PythonTrainingCall;
  statement: Node;
  fit: FitArguments;
  form: ModelForm;
  compiled: Compiled;
  options: ToEstimatorPythonOptions;
}

function converted({ script, training, statement, fit, form, compiled, options }: Parts): Rewrite {
  const style = styleOf(script);
  const { tf, np } = modulesOf(script);
  const fresh = new NewNames(script.names);
  const estimator = fresh.take("estimator");
  const data = trainingData(script, fit, fresh);
  if (isRefusal(data)) return data;
  const after = afterwards({ script, training, estimator, np, results: compiled.results });
  if (isRefusal(after)) return after;

  const indent = indentAt(script.source.text, statement.startIndex);
  const { receiver } = training;
  const validates = data.evaluation !== null;
  const modelDir = quoted(style, modelDirFor(options.fileName, script.source.text));
  const steps = validates ? fresh.take("steps_per_epoch") : "";
  const lines = [
    ...data.statements,
    ...(validates ? [`${steps} = ${data.stepsPerEpoch(np)}`] : []),
    `${estimator} = ${callText(style, indent, `${tf}.keras.estimator.model_to_estimator`, [
      unwrap(receiver).text,
      `model_dir=${modelDir}`,
      ...(form.subclassed ? [`checkpoint_format=${quoted(style, "saver")}`] : []),
      ...(validates ? [`config=${tf}.estimator.RunConfig(save_checkpoints_steps=${steps})`] : []),
    ])}`,
    ...assigned(fresh.take("train_input_fn"), data.training),
  ];
  const trainInputFn = lines.at(-1)!.split(" = ")[0]!;
  const measures = !after.evaluates;
  const evaluation = data.evaluation ?? (measures ? data.again : null);
  const evalInputFn = evaluation ? fresh.take("eval_input_fn") : "";
  if (evaluation) lines.push(...assigned(evalInputFn, evaluation));
  const evalSteps = fit.given["validation_steps"]?.text ?? "None";
  if (validates) {
    const result = measures ? `${fresh.take("metrics")}, _ = ` : "";
    lines.push(
      result +
        callText(style, indent, `${tf}.estimator.train_and_evaluate`, [
          estimator,
          `${tf}.estimator.TrainSpec(${[trainInputFn, ...(data.steps ? [`max_steps=${data.steps}`] : [])].join(", ")})`,
          `${tf}.estimator.EvalSpec(${evalInputFn}, steps=${evalSteps}, throttle_secs=0)`,
        ]),
      ...(measures ? [`print(${result.split(",")[0]})`] : []),
    );
  } else {
    lines.push(`${estimator}.train(${[trainInputFn, ...(data.steps ? [`steps=${data.steps}`] : [])].join(", ")})`);
    const again = [evalInputFn, ...(data.stepsAgain ? [`steps=${data.stepsAgain}`] : [])].join(", ");
    if (measures) lines.push(`print(${estimator}.evaluate(${again}))`);
  }

  const helpers = new Set<Helper>([data.training.helper, ...after.helpers, ...(evaluation ? [evaluation.helper] : [])]);
  const numpy = after.numpy || helpers.has("array_input_fn") || lines.some((line) => line.includes(`${np}.`));
  const top = training.path[1] ?? statement;
  const edits: TextEdit[] = [
    helperEdit(script, style, { helpers, itemgetter: after.itemgetter, numpy }, top.startIndex),
    {
      start: statement.startIndex,
      end: statement.endIndex,
      text: [...commentsIn(training.call), ...lines].join(style.eol + indent),
    },
    ...after.edits,
  ];
  return { ok: true, edits, notes: notesOf({ fit, form, compiled, after, options, modelDir, data }) };
}

const assigned = (name: string, { helper, args }: InputFn): string[] => [`${name} = ${helper}(${args.join(", ")})`];

/** Comments between the arguments go before the statements. */
const commentsIn = (call: Node): string[] => {
  const list = call.childForFieldName("arguments");
  return list ? inBody(list, new Set(["comment"])).map(({ text }) => text) : [];
};

interface Noted {
  fit: FitArguments;
  form: ModelForm;
  compiled: Compiled;
  after: Afterwards;
  options: ToEstimatorPythonOptions;
  modelDir: string;
  data: TrainingData;
}

function notesOf({ fit, form, compiled, after, options, modelDir, data }: Noted): string[] {
  const { tensorflow } = options;
  const lacks = tensorflow !== undefined && !hasEstimator(tensorflow);
  const needs = lacks
    ? `The selected Python has TensorFlow ${tensorflow}, which has no tf.keras.estimator any more. Make an environment with TensorFlow 2.15 (Fitlens: Create Environment…) to run the converted script.`
    : tensorflow === undefined
      ? "tf.keras.estimator is in TensorFlow up to 2.15."
      : null;
  return [
    ...(needs ? [needs] : []),
    ...fit.notes,
    ...form.notes,
    ...compiled.notes,
    ...(data.shuffled
      ? [
          "Examples are shuffled by NumPy, so their order is another one than in fit; without shuffling the numbers are the same.",
        ]
      : []),
    ...(data.evaluation || after.evaluates
      ? [
          "The loss of an Estimator's evaluation is the mean over its batches; where the last batch is smaller, Keras's differs a little.",
        ]
      : []),
    `Checkpoints and event files go to ${modelDir.slice(1, -1)}. Another run goes on from the checkpoint there; delete the folder to start anew.`,
  ];
}
