// How the model is made, as far as model_to_estimator cares: Sequential and Functional, or a class of the script's own.
import { argumentsOf } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import type { Refusal } from "../result";
import { calledName, definitionOf, valuesOf } from "./lookup";
import { refuse } from "./refusals";

export interface ModelForm {
  /** A class of the script's own, called on its inputs: only the name-based checkpoint format takes it. */
  subclassed: boolean;
  notes: string[];
}

export function modelFormOf(script: PythonScript, receiver: Node): ModelForm | Refusal {
  const { text } = script.source;
  const made = valuesOf(script, receiver)?.map((value) => classOf(script, value)) ?? [undefined];
  const classes = made.filter((one) => one !== undefined);
  const custom = classes.find((one) => /\bdef train_step\b/.test(one.text));
  // Where it can't be told what the model is, a train_step anywhere is reason enough: its loss would be silent.
  const doubt =
    made.includes(undefined) && !madeByKeras(script, receiver)
      ? text.match(/class (\w+)[^\n]*(?:\n(?![^\s#]).*)*?\n[ \t]+def train_step\b/)
      : null;
  if (custom || doubt) {
    const model = custom?.childForFieldName("name")?.text ?? doubt![1]!;
    return refuse("train-step", receiver.startPosition.row, { model });
  }
  const [own] = classes;
  const notes: string[] = [];
  if (own) {
    const name = own.childForFieldName("name")?.text ?? receiver.text;
    notes.push(
      `${name} is a class of its own, so its weights are not carried over: the Estimator begins with new ones (checkpoint_format="saver").`,
    );
  }
  if (
    /\bapplications\.|\bload_weights\(|\bload_model\(/.test(text) &&
    /BatchNormalization|\bapplications\./.test(text)
  ) {
    notes.push(
      "The moving averages of BatchNormalization are not carried over by model_to_estimator: they start at 0 and 1 again.",
    );
  }
  return { subclassed: own !== undefined, notes };
}

/** The class of this file that a value is an instance of; undefined where it is none or unknown. */
function classOf(script: PythonScript, value: Node, deep = 4): Node | undefined {
  if (value.type !== "call" || deep === 0) return undefined;
  const own = definitionOf(script, value, "class_definition");
  if (own) return isFunctional(value) ? undefined : own;
  const maker = definitionOf(script, value, "function_definition");
  const returned = maker?.descendantsOfType("return_statement").flatMap((one) => one.namedChild(0) ?? []) ?? [];
  for (const one of returned) {
    const found = valuesOf(script, one)?.map((inner) => classOf(script, inner, deep - 1));
    const first = found?.find((inner) => inner !== undefined);
    if (first) return first;
  }
  return undefined;
}

/** `MyModel(inputs=…, outputs=…)` is a Functional model of that class. */
const isFunctional = (call: Node): boolean =>
  argumentsOf(call).some(({ name }) => name === "inputs") && argumentsOf(call).some(({ name }) => name === "outputs");

/** Is every value of it Keras's own Sequential or Model, also where a function of the file makes it? */
function madeByKeras(script: PythonScript, receiver: Node): boolean {
  const values = valuesOf(script, receiver);
  return (
    values?.every((value) => {
      if (/^(Sequential|Model|Functional)$/.test(calledName(value) ?? ""))
        return !definitionOf(script, value, "class_definition");
      const maker = value.type === "call" ? definitionOf(script, value, "function_definition") : null;
      return maker !== null && /\b(Sequential|Model)\(/.test(maker.text);
    }) ?? false
  );
}
