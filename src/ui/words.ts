// How the editor tells of runs: in the words of src/runs/words.ts, which the command line uses too.
import type { RunInfo } from "../runs/store";

export {
  endedSentence,
  errorPlace,
  headline,
  lastText,
  metricName,
  progressText,
  runName,
  scriptName,
} from "../runs/words";

/** Can it go on from where it ended? A notebook's kernel cannot be started again: there the cell is run again. */
export const isResumable = ({ record, status: { state } }: RunInfo): boolean =>
  (state === "stopped" || state === "failed" || state === "lost") && record !== undefined && record.origin !== "kernel";

const ABOUT_ARGUMENTS =
  /\b(the following arguments are required|does not accept its arguments|missing (required )?(argument|option|parameter)|required option|unrecognized arguments|no such option|unknown option)\b/i;

/** Did it fail because of the arguments it was given, or not given: what argparse, click and Node's parsers say. */
export function failedForArguments({ status: { state, exitCode, error } }: RunInfo): boolean {
  if (state !== "failed") return false;
  const said = error?.message ?? "";
  return (exitCode === 2 && /^usage:/im.test(said)) || ABOUT_ARGUMENTS.test(said);
}
