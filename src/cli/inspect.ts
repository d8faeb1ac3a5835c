// `fitlens inspect`: the layers and models of scripts as they are read, one line each; nothing of the scripts is run.
import fs from "node:fs";
import path from "node:path";
import { knownShape, layerSites, siteText } from "../features/layerSites";
import { readModels } from "../features/reading";
import { cellsOf, outputsText, shortened, summaryLines } from "../features/summary";
import { formatCount } from "../protocol/words";
import { summariesOf } from "../read/evaluate/program";
import type { Summary } from "../read/evaluate/summary";
import type { Place } from "../read/evaluate/value";
import { dialectOf } from "../read/grammars";
import { parse, type Source } from "../read/source";
import { workspaceOf } from "../read/workspace";
import { grammarsBeside } from "../server/grammars";
import { CliError, plain, printJson, printTable } from "./output";

interface InspectOptions {
  keras?: string;
  json?: true;
  summary?: true;
}

export async function inspectCommand(
  files: readonly string[],
  { keras = "3", json, summary }: InspectOptions,
): Promise<void> {
  if (keras !== "2" && keras !== "3") throw new CliError(`--keras ${keras}: expected 2 or 3.`);
  const grammars = await grammarsBeside(__dirname);
  const read: Record<string, object[]> = {};
  for (const file of files) {
    const dialect = dialectOf(file);
    if (!dialect) throw new CliError(`${file}: expected a script in Python, TypeScript or JavaScript.`);
    const source = parse(textOf(file), dialect, grammars);
    const workspace = workspaceOf(slashed(path.resolve(file)), fileText, grammars, new Map());
    const reading = readModels(source, keras === "2" ? "keras2" : "keras3", { workspace });
    if (summary) {
      const models = summariesOf(reading.program).map((one) => ({ ...one, ...placeIn(source, one.model.place) }));
      source.dispose();
      if (json) read[file] = models.map(summaryEntry);
      else for (const model of models) printSummary(file, model);
      continue;
    }
    const sites = layerSites(reading).map((site) => ({
      ...site,
      ...placeIn(source, site.place),
    }));
    source.dispose();
    if (json) read[file] = sites.flatMap(entriesOf);
    else {
      const rows = sites.map((site) => [`${file}:${site.line + 1}:${site.character + 1}`, site.layer, siteText(site)]);
      printTable(rows.map((row) => row.map(plain)));
    }
  }
  if (json) printJson(read);
}

const placeIn = (source: Source, { unit, start }: Place) => source.positionAt(unit.start + start);

type SummaryAt = Summary & { readonly line: number; readonly character: number };

const MOST_ROWS = 200;

function printSummary(file: string, summary: SummaryAt): void {
  const { line, character, name, kind, rows } = summary;
  process.stdout.write(
    `${plain(`${file}:${line + 1}:${character + 1}`)}  ${plain(name === null ? kind : `${kind} ${name}`)}\n`,
  );
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
        shape: outputsText(row.outputs),
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

/** One entry a shape. What is not known is said. */
function entriesOf(site: ReturnType<typeof layerSites>[number] & { line: number; character: number }): object[] {
  const { line, character, layer, variants } = site;
  return variants.map(({ outputs, parameters }) => {
    const entry = { line: line + 1, col: character, layer, params: parameters === "?" ? null : parameters };
    const shape = outputs === null ? undefined : knownShape(outputs);
    return shape === undefined ? { ...entry, shape: null, unknown: true } : { ...entry, shape };
  });
}

const slashed = (file: string): string => file.split(path.sep).join("/");

/** A module that the script imports: what is not there, or not a file, it does not have. */
function fileText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
