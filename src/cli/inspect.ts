// `fitlens inspect`: the layers and models of scripts as they are read, one line each; nothing of the scripts is run.
import fs from "node:fs";
import path from "node:path";
import { knownShape, layerSites, offsetOf, siteText } from "../features/layerSites";
import { readModels } from "../features/reading";
import { dialectOf } from "../read/grammars";
import { parse } from "../read/source";
import { workspaceOf } from "../read/workspace";
import { grammarsBeside } from "../server/grammars";
import { CliError, plain, printJson, printTable } from "./output";

interface InspectOptions {
  keras?: string;
  json?: true;
}

export async function inspectCommand(files: readonly string[], { keras = "3", json }: InspectOptions): Promise<void> {
  if (keras !== "2" && keras !== "3") throw new CliError(`--keras ${keras}: expected 2 or 3.`);
  const grammars = await grammarsBeside(__dirname);
  const read: Record<string, object[]> = {};
  for (const file of files) {
    const dialect = dialectOf(file);
    if (!dialect) throw new CliError(`${file}: expected a script in Python, TypeScript or JavaScript.`);
    const source = parse(textOf(file), dialect, grammars);
    const workspace = workspaceOf(slashed(path.resolve(file)), fileText, grammars, new Map());
    const sites = layerSites(readModels(source, keras === "2" ? "keras2" : "keras3", { workspace })).map((site) => ({
      ...site,
      ...source.positionAt(offsetOf(site)),
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
