// `fitlens inspect`: the layers and models of scripts as they are read, one line each; nothing of the scripts is run.
import { positionOf } from "../features/analysis";
import { kerasDefault } from "../features/keras";
import { knownShape } from "../features/knownShape";
import { layerSites, siteText } from "../features/layerSites";
import { callText, tupleText } from "../features/siteWords";
import { cellsOf, shortened, summaryLines } from "../features/summary";
import { formatCount } from "../protocol/words";
import { summariesOf } from "../read/evaluate/program";
import type { Site } from "../read/evaluate/sites";
import type { Summary } from "../read/evaluate/summary";
import type { Place } from "../read/evaluate/value";
import { grammarsBeside } from "../server/grammars";
import { plain, printJson, printTable } from "./output";
import { placeText, pythonWith, readScripts } from "./script";

interface InspectOptions {
  keras?: string;
  json?: true;
  summary?: true;
}

export async function inspectCommand(
  files: readonly string[],
  { keras = "3", json, summary }: InspectOptions,
): Promise<void> {
  const flavor = kerasDefault(pythonWith(keras));
  const grammars = await grammarsBeside(__dirname);
  const read: Record<string, object[]> = {};
  const wrong = readScripts(files, grammars, (file, analysis) => {
    const reading = analysis.reading(flavor);
    const placed = <One extends object>(one: One, { unit, start }: Place) => {
      const offset = unit.start + start;
      const { line, character } = positionOf(analysis, offset);
      return { ...one, at: placeText(analysis, offset), line, character };
    };
    if (summary) {
      const models = summariesOf(reading.program).map((one) => placed(one, one.model.place));
      if (json) read[file] = models.map(summaryEntry);
      else for (const model of models) printSummary(model);
    } else {
      const sites = layerSites(reading).map((site) => placed(site, site.place));
      if (json) read[file] = sites.flatMap(entriesOf);
      else printTable(sites.map((site) => [site.at, site.layer, siteText(site), callersText(site)].map(plain)));
    }
  });
  if (json) printJson(read);
  if (wrong) throw wrong;
}

type Placed<One> = One & { readonly at: string; readonly line: number; readonly character: number };
type SummaryAt = Placed<Summary>;

const MOST_ROWS = 200;

function printSummary(summary: SummaryAt): void {
  const { at, name, kind, rows } = summary;
  process.stdout.write(`${plain(at)}  ${plain(name === null ? kind : `${kind} ${name}`)}\n`);
  if (rows) {
    const cells = shortened(rows, MOST_ROWS).map((row) =>
      typeof row === "number" ? [`… ${formatCount(row)} more layers`] : cellsOf(row),
    );
    printTable([["layer", "output shape", "parameters", "trainable"], ...cells].map((row) => row.map(plain)));
  }
  process.stdout.write(`${summaryLines(summary).join("\n")}\n\n`);
}

/** What is not known is null. */
function summaryEntry({
  line,
  character,
  name,
  kind,
  rows,
  total,
  trainable,
  fixed,
  activations,
  macs,
}: SummaryAt): object {
  const known = (value: number | null | "?") => (typeof value === "number" ? value : null);
  return {
    line: line + 1,
    col: character,
    model: kind,
    name,
    layers:
      rows?.map((row) => ({
        layer: row.kind,
        name: row.name,
        shape: tupleText(row.outputs),
        params: known(row.parameters),
        trainable: row.trainable === "?" ? null : row.trainable,
        macs: known(row.macs),
      })) ?? null,
    params: known(total.parameters),
    bytes: known(total.bytes),
    trainable: known(trainable.parameters),
    nonTrainable: known(fixed.parameters),
    activationBytes: known(activations),
    macs: known(macs),
  };
}

/** The calls in other files that it is so for. */
function callersText({ variants }: Site): string {
  const calls = new Set(variants.flatMap(({ from }) => (from ? [callText(from)] : [])));
  return calls.size > 0 ? `as called from ${[...calls].join(" and ")}` : "";
}

/** One entry a shape. What is not known is said. */
function entriesOf(site: Placed<Site>): object[] {
  const { line, character, layer, variants } = site;
  return variants.map(({ outputs, parameters, from }) => {
    const called = from && { calledFrom: callText(from) };
    const entry = { line: line + 1, col: character, layer, params: parameters === "?" ? null : parameters, ...called };
    const shape = outputs === null ? undefined : knownShape(outputs);
    return shape === undefined ? { ...entry, shape: null, unknown: true } : { ...entry, shape };
  });
}
