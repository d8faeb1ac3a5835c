// The calls that train, as lenses, commands and the panel name them.
import type { TrainTarget } from "../protocol/server";
import type { TrainingCall } from "../read/javascript/training";
import type { Analysis } from "./analysis";

export function trainTargets(analysis: Analysis): TrainTarget[] {
  return analysis.script.calls.map((call) => trainTarget(analysis, call));
}

/** The place is that of the method's name: in a chain over several lines it is the line that a reader sees `fit` in. */
export function trainTarget({ uri, source }: Analysis, { method, call, receiver }: TrainingCall): TrainTarget {
  const callee = call.childForFieldName("function") ?? call;
  const name = callee.childForFieldName("property") ?? callee;
  return { uri, ...source.positionAt(name.startIndex), call: method, receiver: receiver.text };
}
