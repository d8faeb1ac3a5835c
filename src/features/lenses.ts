// Code lenses above the calls that train. The editor adds what it knows of runs; never more than four at a call.
import type { CodeLens } from "vscode-languageserver-types";
import { COMMANDS } from "../protocol/server";
import { type Analysis, isKeras, rangeOf } from "./analysis";
import { trainTarget } from "./targets";

export function trainingLenses(analysis: Analysis): CodeLens[] {
  return analysis.script.calls.flatMap((call) => {
    const target = trainTarget(analysis, call);
    const at = analysis.source.offsetAt(target);
    const range = rangeOf(analysis.source, { start: at, end: at + call.method.length });
    const lens = (title: string, command: string): CodeLens => ({
      range,
      command: { title, command, arguments: [target] },
    });
    return [
      lens("▶ Train", COMMANDS.train),
      lens("Debug", COMMANDS.debug),
      lens("Metrics", COMMANDS.metrics),
      ...(isKeras(call) ? [lens("Convert to Estimator", COMMANDS.convertToEstimator)] : []),
    ];
  });
}
