// The loss against the end of the model: what it expects of the values, and what they are.
import { problem } from "../../../model/problem";
import type { Fix, Found, Related } from "../found";
import {
  activationInstead,
  BINARY,
  CATEGORICAL,
  type Check,
  type CompileFacts,
  last,
  lossInstead,
  lossSpot,
  lossText,
  REGRESSION,
} from "./facts";

export const checkLoss: Check<CompileFacts> = (facts) => {
  const { loss, output } = facts;
  if (!loss || !output) return [];
  const found = withFlag(facts) ?? withoutFlag(facts) ?? kinds(facts);
  return found ? [found] : [];
};

/** Where what is wrong with a loss is shown, and the layer that it does not fit. */
function about(facts: CompileFacts): Pick<Found, "place" | "at" | "related"> {
  const { activation } = facts.output!;
  const related: Related[] = activation ? [{ place: activation.place, message: "The output comes from here." }] : [];
  return { place: facts.place, at: lossSpot(facts), related };
}

function withFlag(facts: CompileFacts): Found | null {
  const { loss, output } = facts;
  const { activation } = output!;
  if (loss!.fromLogits !== true || (activation?.name !== "softmax" && activation?.name !== "sigmoid")) return null;
  const fixes: Fix[] = [];
  if (loss!.made) {
    fixes.push({
      title: "Remove from_logits=True",
      place: loss!.made,
      at: { argument: "from_logits", position: 0 },
      edit: { kind: "remove-argument" },
    });
  }
  if (activation.isArgument && activation.isGiven) {
    fixes.push({
      title: `Remove the activation "${activation.name}"`,
      place: activation.place,
      at: { argument: "activation", position: 1 },
      edit: { kind: "remove-argument" },
    });
  }
  return {
    ...about(facts),
    failure: problem("activation-and-logits", {
      activation: activation.name,
      by: facts.library === "tfjs" ? loss!.written : "from_logits=True",
    }),
    severity: "warning",
    fixes,
  };
}

function withoutFlag(facts: CompileFacts): Found | null {
  const { loss, output, library } = facts;
  const { activation, shape } = output!;
  const isBinary = BINARY.has(loss!.name);
  if (loss!.fromLogits !== false || !activation || (!isBinary && !CATEGORICAL.has(loss!.name))) return null;
  if (activation.name !== "linear" && activation.name !== "relu") return null;
  const fixes: Fix[] = activationInstead(activation, isBinary ? "sigmoid" : "softmax");
  if (loss!.made) {
    fixes.unshift({
      title: "Add from_logits=True",
      place: loss!.made,
      at: { argument: "from_logits", position: 0 },
      edit: { kind: "add-argument", code: "True" },
    });
  } else if (loss!.how === "text" && library !== "tfjs") {
    const className = loss!.name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
    fixes.unshift({
      title: `Use ${className}(from_logits=True)`,
      place: facts.place,
      at: lossSpot(facts),
      edit: { kind: "set-code", to: `{keras}.losses.${className}(from_logits=True)` },
    });
  }
  // One unit that is compared with classes is wrong in another way.
  if (!isBinary && last(shape) === 1) return null;
  const how = activation.name === "linear" ? "gives any number" : "gives any number from 0 on";
  return {
    ...about(facts),
    failure: problem("logits-without-flag", {
      loss: lossText(library, loss!.name),
      activation: how,
      flag: library !== "tfjs",
    }),
    severity: "warning",
    fixes,
  };
}

function kinds(facts: CompileFacts): Found | null {
  const { loss, output, library } = facts;
  const { activation, shape } = output!;
  const units = last(shape);
  const name = loss!.name;
  const written = lossText(library, name);
  if (CATEGORICAL.has(name) && units === 1) {
    return {
      ...about(facts),
      failure: problem("one-unit-categorical", { loss: written }),
      severity: "warning",
      fixes: lossInstead(facts, "binary_crossentropy"),
    };
  }
  if (!activation || loss!.fromLogits !== false) return null;
  if (name === "categorical_crossentropy" && activation.name === "sigmoid" && (units ?? 0) > 1) {
    return {
      ...about(facts),
      failure: problem("sigmoid-categorical", { loss: written, units: String(units) }),
      severity: "warning",
      fixes: [...activationInstead(activation, "softmax"), ...lossInstead(facts, "binary_crossentropy")],
    };
  }
  if (name === "binary_crossentropy" && activation.name === "softmax" && (units ?? 0) > 2) {
    return {
      ...about(facts),
      failure: problem("softmax-binary", { units: String(units) }),
      severity: "information",
      fixes: lossInstead(facts, "categorical_crossentropy"),
    };
  }
  if (REGRESSION.has(name) && activation.name === "relu" && units === 1 && shape !== "?" && shape.length === 2) {
    return {
      place: activation.place,
      ...(activation.isArgument && { at: { argument: "activation", position: 1 } }),
      related: [{ place: facts.place, message: `The loss is ${written}.` }],
      failure: problem("relu-output"),
      severity: "information",
      fixes:
        activation.isArgument && activation.isGiven
          ? [
              {
                title: "Remove the activation",
                place: activation.place,
                at: { argument: "activation", position: 1 },
                edit: { kind: "remove-argument" },
              },
            ]
          : [],
    };
  }
  return null;
}
