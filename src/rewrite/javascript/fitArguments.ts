// The arguments of fit and fitDataset, read for conversion: the table of options says what becomes of each. Prints no code.
import { argumentsOf, type Member, membersOf, type Node, stringValue, unwrap } from "../../read/javascript/nodes";
import type { Script, TrainingCall } from "../../read/javascript/training";
import { isRefusal, type Refusal } from "../result";
import { callbackProblem } from "./callbacks";
import { saidOf } from "./callSite";
import { refuse } from "./refusals";

/** An option that is given and is neither null nor undefined. */
export interface Option {
  /** The value where it is written. */
  node: Node;
  /** What to write for it. */
  text: string;
  /** Its number, where it is one. */
  number: number | null;
}

export interface FitArguments {
  data: Node;
  /** Absent for fitDataset. */
  labels: Node | null;
  options: Readonly<Record<string, Option>>;
  notes: string[];
}

type Rule =
  /** Carried over. */
  | "kept"
  /** Means nothing to an Estimator, or nothing to fit. */
  | { left: string }
  | ((option: Option, script: Script, line: number) => Refusal | readonly string[] | null);

const weights =
  (option: string): Rule =>
  (_value, _script, line) =>
    refuse("weights", line, { option });
const notInFit =
  (option: string, why: string): Rule =>
  (_value, _script, line) =>
    refuse("not-in-fit", line, { option, why });

const COMMON: Readonly<Record<string, Rule>> = {
  epochs: "kept",
  initialEpoch: "kept",
  validationData: "kept",
  callbacks: (option, script, line) => callbackProblem(script, option.node, line),
  classWeight: weights("classWeight"),
  sampleWeight: weights("sampleWeight"),
  verbose: { left: "verbose is left out: the Estimator logs the loss itself." },
  yieldEvery: { left: "yieldEvery is left out: it is about drawing in a browser." },
};

const RULES: Readonly<Record<"fit" | "fitDataset", Readonly<Record<string, Rule>>>> = {
  fit: {
    ...COMMON,
    batchSize: "kept",
    validationSplit: "kept",
    shuffle: (option, _script, line) =>
      stringValue(option.node) === null
        ? null
        : refuse("not-in-fit", line, {
            option: "shuffle",
            why: `TensorFlow.js knows true and false, found ${option.text}`,
          }),
    stepsPerEpoch: { left: "stepsPerEpoch is left out: fit does not look at it either." },
    validationSteps: notInFit("validationSteps", "it asks for steps, which fit does not train by"),
  },
  fitDataset: {
    ...COMMON,
    batchesPerEpoch: "kept",
    validationBatches: "kept",
    validationBatchSize: "kept",
    validationSplit: notInFit("validationSplit", "a data set can't be split; give validationData"),
  },
};

export function fitArguments(script: Script, call: TrainingCall): FitArguments | Refusal {
  const line = call.call.startPosition.row;
  const method = call.method === "fitDataset" ? "fitDataset" : "fit";
  const said = saidOf(call);
  if (call.call.hasError) return refuse("syntax-error", line);
  const args = argumentsOf(call.call);
  if (args.some((arg) => arg.type === "spread_element")) return refuse("arguments-spread", line, { call: said });
  const [data, second, third] = args;
  const labels = method === "fit" ? second : null;
  const given = method === "fit" ? third : second;
  if (!data || labels === undefined)
    return refuse("arguments-missing", line, { call: said, expected: "features and labels" });
  if (method === "fitDataset" && !given)
    return refuse("arguments-missing", line, { call: said, expected: "options with epochs" });

  const options = given ? readOptions(script, given) : {};
  if (isRefusal(options)) return options;
  const notes: string[] = [];
  for (const [name, option] of Object.entries(options)) {
    const rule = RULES[method][name];
    const at = option.node.startPosition.row;
    if (rule === undefined) notes.push(`${name} is left out: it is no option of ${method}.`);
    else if (typeof rule === "function") {
      const outcome = rule(option, script, at);
      if (isRefusal(outcome)) return outcome;
      if (outcome) notes.push(...outcome);
    } else if (rule !== "kept") notes.push(rule.left);
  }
  if (method === "fitDataset" && !options["epochs"]) {
    return refuse("arguments-missing", line, { call: said, expected: "epochs" });
  }
  return { data, labels, options, notes };
}

/** The members of the options: an object literal, or a name that stands for one that is not changed. */
function readOptions(script: Script, given: Node): Record<string, Option> | Refusal {
  const node = unwrap(given);
  if (node.type === "object") return optionsOf(membersOf(node), given, null);
  const unknown = refuse("options-unknown", given.startPosition.row, { options: short(given.text) });
  if (node.type !== "identifier") return unknown;
  const binding = script.names.resolve(node.text, node.startIndex);
  const value = binding?.kind === "variable" ? binding.declaration.childForFieldName("value") : null;
  const literal = value && unwrap(value);
  if (!binding || literal?.type !== "object" || binding.path.at(-2)?.children[0]?.type !== "const") return unknown;
  // `options.epochs = 5` and `change(options)` make it unknown; being read does not.
  const isOnlyRead = script.names.uses(binding).every(({ node: use, path }) => {
    const parent = path.at(-2);
    if (use.id === node.id) return true;
    if (parent?.type !== "member_expression") return false;
    const above = path.at(-3);
    return !(above && /assignment|update/.test(above.type) && above.childForFieldName("left")?.id === parent.id);
  });
  if (!isOnlyRead) return unknown;
  const typed = binding.declaration.childForFieldName("type") !== null;
  return optionsOf(membersOf(literal), given, { name: node.text, typed });
}

function optionsOf(
  members: readonly Member[],
  given: Node,
  named: { name: string; typed: boolean } | null,
): Record<string, Option> | Refusal {
  const options: Record<string, Option> = {};
  for (const { name, value } of members) {
    if (name === null) return refuse("options-unknown", value.startPosition.row, { options: short(value.text) });
    if (value.type === "null" || value.type === "undefined" || value.text === "undefined") continue;
    const isLiteral = /^(number|true|false)$/.test(value.type);
    // A value of a named object is read from it, so that it stays in one place; a typed one may be undefined as far as its type goes.
    const text = named && !isLiteral && !named.typed && /^\w+$/.test(name) ? `${named.name}.${name}` : value.text;
    options[name] = {
      node: value,
      text,
      number: value.type === "number" ? Number(value.text.replaceAll("_", "")) : null,
    };
  }
  return given ? options : {};
}

const short = (text: string) => {
  const line = text.replace(/\s+/g, " ");
  return `\`${line.length > 40 ? `${line.slice(0, 37)}…` : line}\``;
};
