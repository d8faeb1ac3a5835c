// A model that is trained and was not compiled: which loss its end and the labels ask for. Null facts are not known.
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import type { Fix, Found } from "../found";
import type { Place } from "../value";
import { type LabelFacts, last, lossText, type OutputFacts } from "./facts";

export interface UncompiledFacts {
  readonly library: Library;
  /** The call that trains. */
  readonly place: Place;
  /** Where the model is made. */
  readonly made: Place;
  readonly output: OutputFacts | null;
  readonly labels: LabelFacts | null;
}

/** `{model}` is what the call calls the model: the text knows. */
export function checkUncompiled(facts: UncompiledFacts): Found[] {
  const { place, library, made } = facts;
  const compile = library === "tfjs" ? "{model}.compile({ optimizer, loss })" : "{model}.compile(optimizer=…, loss=…)";
  return [
    {
      place,
      at: "method",
      failure: problem("fit-before-compile", { model: "{model}", call: "{call}", compile }),
      severity: "error",
      related: [{ place: made, message: "The model is made here." }],
      fixes: lossesFor(facts).map(({ name, fromLogits = false, metrics }): Fix => {
        const loss = lossText(library, name);
        return {
          title: `Compile it with "${loss}"${fromLogits ? " of logits" : ""}`,
          place,
          edit: { kind: "compile", loss, fromLogits, metrics },
        };
      }),
    },
  ];
}

interface Choice {
  readonly name: string;
  readonly fromLogits?: boolean;
  readonly metrics: readonly string[];
}

const ACCURACY = ["accuracy"];
const DISTANCE: Choice = { name: "mean_squared_error", metrics: [] };

function lossesFor({ output, labels, library }: UncompiledFacts): readonly Choice[] {
  if (!output?.activation) return [];
  const units = last(output.shape);
  const width = widthOf(labels);
  const isOneHot = width !== null && width > 1;
  const categorical = (fromLogits: boolean): readonly Choice[] => {
    const choice = (name: string): Choice => ({ name, fromLogits, metrics: ACCURACY });
    if (isOneHot) return width === units ? [choice("categorical_crossentropy")] : [];
    const sparse = choice("sparse_categorical_crossentropy");
    return width === 1 ? [sparse] : [sparse, choice("categorical_crossentropy")];
  };
  switch (output.activation.name) {
    case "softmax":
      return units === 1 ? [] : categorical(false);
    case "sigmoid":
      return [{ name: "binary_crossentropy", metrics: ACCURACY }];
    case "linear": {
      const areClasses = labels?.classes !== null && labels?.classes !== undefined;
      // TensorFlow.js has no name for the losses of logits.
      if (library === "tfjs") return [DISTANCE];
      if (areClasses && units === 1)
        return labels.classes === 2 ? [{ name: "binary_crossentropy", fromLogits: true, metrics: ACCURACY }] : [];
      if (areClasses && units !== null) return categorical(true);
      if (units !== null && units > 1 && width !== units) return [...categorical(true).slice(0, 1), DISTANCE];
      return [DISTANCE];
    }
    default:
      return [DISTANCE];
  }
}

function widthOf(labels: LabelFacts | null): number | null {
  if (!labels || labels.shape === "?" || labels.shape.length === 0) return null;
  if (labels.shape.length === 1) return 1;
  return last(labels.shape);
}
