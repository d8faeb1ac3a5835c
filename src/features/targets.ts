// The calls that train, as lenses, commands and the panel name them.
import type { TrainTarget } from "../protocol/server";
import { type Analysis, type AnyCall, callsOf, nameOf, positionOf } from "./analysis";

export function trainTargets(analysis: Analysis): TrainTarget[] {
  return callsOf(analysis).map((call) => trainTarget(analysis, call));
}

export function trainTarget(analysis: Analysis, call: AnyCall): TrainTarget {
  return { ...positionOf(analysis, nameOf(call).start), call: call.method, receiver: call.receiver.text };
}
