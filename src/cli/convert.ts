// `fitlens convert`: the converted script on standard output, or an edit in place.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { analyse } from "../features/analysis";
import { convertDocument } from "../features/convert";
import { dialectOf } from "../read/grammars";
import { parse } from "../read/source";
import { grammarsBeside } from "../server/grammars";
import { CliError, plain, printJson } from "./output";

interface ConvertOptions {
  to: string;
  line?: number;
  write?: true;
  json?: true;
}

export async function convertCommand(file: string, { to, line, write, json }: ConvertOptions): Promise<void> {
  if (to !== "estimator") throw new CliError(`--to ${to}: expected estimator.`);
  const text = read(file);
  const dialect = dialectOf(file);
  if (!dialect) throw new CliError(`${file}: expected TypeScript, JavaScript or Python, found *${path.extname(file)}.`);
  const source = parse(text, dialect, await grammarsBeside(__dirname));
  const analysis = analyse(pathToFileURL(path.resolve(file)).href, source);
  const result = convertDocument(analysis, null, line === undefined ? {} : { line: line - 1 });
  if (json) printJson(result.ok ? { ok: true, text: result.newText, notes: result.notes } : result);
  if (!result.ok) {
    throw new CliError(`${file}:${(result.line ?? 0) + 1}:1: ${plain(result.message)}`, 1);
  }
  if (write) fs.writeFileSync(file, result.newText);
  else if (!json) process.stdout.write(result.newText);
  if (!json) for (const note of result.notes) process.stderr.write(`${plain(note)}\n`);
}

function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
