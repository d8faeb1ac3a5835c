// Code lenses above the calls that train. The editor adds what it knows of runs; never more than four at a call.
import type { CodeLens } from "vscode-languageserver-types";
import { COMMANDS } from "../protocol/server";
import { type Analysis, type AnyCall, callsOf, isPython, nameOf, rangeOf } from "./analysis";
import { isConvertible } from "./calls";
import { backendOf, type KnownPython, kerasOf } from "./keras";
import { trainTarget } from "./targets";

export function trainingLenses(analysis: Analysis, python: KnownPython = null): CodeLens[] {
  return callsOf(analysis).flatMap((call) => {
    const target = trainTarget(analysis, call);
    const range = rangeOf(analysis, nameOf(call));
    const lens = (title: string, command: string, argument: unknown = target): CodeLens => ({
      range,
      command: { title, command, arguments: [argument] },
    });
    // The two that follow exclude each other: only Keras before 3 has Estimators, only Keras 3 has backends.
    const backend = backendFor(analysis, call, python);
    return [
      lens("▶ Train", COMMANDS.train),
      lens("Debug", COMMANDS.debug),
      lens("Metrics", COMMANDS.metrics),
      ...(backend === null ? [] : [lens(`Backend: ${backend} ▾`, COMMANDS.selectBackend, target.uri)]),
      ...(isConvertible(analysis, call, python) ? [lens("Convert to Estimator", COMMANDS.convertToEstimator)] : []),
    ];
  });
}

/** The backend to show at a call; null where there is none to choose, or where it is not known. */
function backendFor(analysis: Analysis, call: AnyCall, python: KnownPython): string | null {
  if (!isPython(analysis) || call.method === "train" || call.method === "train_and_evaluate") return null;
  return kerasOf(analysis.script, call, python) === "backends" ? backendOf(analysis, python) : null;
}
