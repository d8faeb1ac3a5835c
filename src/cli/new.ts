// `fitlens new`: scaffolding in a terminal.
import fs from "node:fs";
import path from "node:path";
import { type Answers, KINDS, LANGUAGES, type NewFile, scaffold, TASKS } from "../scaffold/scaffold";
import { readTable, type Table } from "../scaffold/table";
import { CliError } from "./output";

interface NewOptions {
  kind: string;
  task: string;
  language?: string;
  data?: string;
  label?: string;
  output?: string;
}

export function newCommand(options: NewOptions): void {
  const { output } = options;
  const data = options.data === undefined ? undefined : tableOf(options.data, output, options.label);
  if (options.label !== undefined && !data)
    throw new CliError("--label names a column of a table: give one with --data.");
  const { text } = compose({
    kind: pick("--kind", options.kind, KINDS),
    task: pick("--task", options.task, TASKS),
    language: pick("--language", options.language ?? languageOf(output), LANGUAGES),
    ...(data && { data }),
    ...(output !== undefined && { fileName: path.basename(output) }),
  });
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    fs.writeFileSync(output, text, { flag: "wx" });
  } catch (error) {
    throw new CliError(`${output} was not written: ${error instanceof Error ? error.message : error}`, 1);
  }
}

/** The language that a file's name says; TypeScript where none does. */
function languageOf(output = ""): string {
  if (/\.pyw?$/i.test(output)) return "python";
  return /\.[cm]?jsx?$/i.test(output) ? "javascript" : "typescript";
}

/** The new file finds its table from where it lies itself; one that is printed, from here. */
function tableOf(file: string, output: string | undefined, label: string | undefined): Table {
  const place = path.relative(path.dirname(path.resolve(output ?? "printed")), path.resolve(file));
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`--data ${file} cannot be read: ${error instanceof Error ? error.message : error}`, 1);
  }
  const table = readTable(place.split(path.sep).join("/"), text);
  return label === undefined ? table : { ...table, label };
}

/** Answers that do not fit together, or not the table, are bad usage in the scaffold's words. */
function compose(answers: Answers): NewFile {
  try {
    return scaffold(answers);
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error));
  }
}

function pick<T extends string>(option: string, value: string, choices: readonly { id: T }[]): T {
  const choice = choices.find(({ id }) => id === value);
  if (choice) return choice.id;
  throw new CliError(`${option} ${value}: expected ${choices.map(({ id }) => id).join(", ")}.`);
}
