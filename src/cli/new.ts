// `fitlens new`: scaffolding in a terminal.
import fs from "node:fs";
import { KINDS, LANGUAGES, scaffold, TASKS } from "../scaffold/scaffold";
import { CliError } from "./output";

interface NewOptions {
  kind: string;
  task: string;
  language: string;
  output?: string;
}

export function newCommand(options: NewOptions): void {
  const { text } = scaffold({
    kind: pick("--kind", options.kind, KINDS),
    task: pick("--task", options.task, TASKS),
    language: pick("--language", options.language, LANGUAGES),
  });
  if (options.output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    fs.writeFileSync(options.output, text, { flag: "wx" });
  } catch (error) {
    throw new CliError(`${options.output} was not written: ${error instanceof Error ? error.message : error}`, 1);
  }
}

function pick<T extends string>(option: string, value: string, choices: readonly { id: T }[]): T {
  const choice = choices.find(({ id }) => id === value);
  if (choice) return choice.id;
  throw new CliError(`${option} ${value}: expected ${choices.map(({ id }) => id).join(", ")}.`);
}
