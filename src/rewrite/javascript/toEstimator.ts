// Keras to Estimator: model.fit becomes modelToEstimator, input functions and train. All else in the file stays byte for byte.
import type { TextEdit } from "../../model/span";
import type { Script, TrainingCall } from "../../read/javascript/training";
import { modelDirFor } from "../modelDir";
import { isRefusal, type Refusal, type Rewrite } from "../result";
import { callSiteOf, repeated, saidOf } from "./callSite";
import { fitArguments } from "./fitArguments";
import { placeEdits } from "./placement";
import { planOf } from "./plan";
import { refuse } from "./refusals";
import { styleOf } from "./style";

export interface ToEstimatorOptions {
  /** For the name of modelDir; a path or a URI's path. */
  fileName: string;
  /** The calls that are meant; by default all of the script. */
  calls?: readonly TrainingCall[];
}

export function toEstimator(script: Script, { fileName, calls = script.calls }: ToEstimatorOptions): Rewrite {
  const call = theCall(script, calls);
  if (isRefusal(call)) return call;
  const args = fitArguments(script, call);
  if (isRefusal(args)) return args;
  const site = callSiteOf(script, call);
  if (isRefusal(site)) return site;
  const often = repeated(script, call, site.loop);
  if (often) return often;

  const style = styleOf(script);
  const plan = planOf({ script, call, args, site, style, modelDir: modelDirFor(fileName, script.source.text) });
  if (isRefusal(plan)) return plan;
  const edits: TextEdit[] = [...plan.importEdits, ...placeEdits({ script, call, site, style, plan })];
  return { ok: true, edits, notes: plan.notes };
}

function theCall(script: Script, wished: readonly TrainingCall[]): TrainingCall | Refusal {
  const isKeras = ({ method }: TrainingCall) => method === "fit" || method === "fitDataset";
  const all = script.calls.filter(isKeras);
  const meant = wished.filter(isKeras);
  const [first] = script.calls;
  if (all.length === 0) return first ? refuse("already-estimator", lineOf(first)) : refuse("no-model", undefined);
  const from = meant.length > 0 ? meant : all;
  if (from.length === 1) return from[0]!;
  const said = from.map((call) => `${saidOf(call)} in line ${lineOf(call) + 1}`).join(", ");
  return refuse("several-calls", lineOf(from[0]!), { calls: said });
}

const lineOf = ({ call }: TrainingCall) => call.startPosition.row;
