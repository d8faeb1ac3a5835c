#!/usr/bin/env node
// `fitlens`: the same core without an editor. This file is the list of commands; each lives in a file of its own.
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { StoreError } from "../runs/files";
import { LaunchError } from "../train/launchError";
import { checkCommand } from "./check";
import { convertCommand } from "./convert";
import { eventsCommand } from "./events";
import { inspectCommand } from "./inspect";
import { newCommand } from "./new";
import { CliError } from "./output";
import { compareRuns, exportRun, listCommand, resumeCommand, showRun, stopCommand } from "./runs";
import { trainCommand } from "./train";

const program = new Command("fitlens")
  .description("Scaffold, train, watch and convert Keras models and Estimators.")
  .version(FITLENS_VERSION)
  .showHelpAfterError("(see `fitlens --help`)")
  .exitOverride();

const json = ["--json", "print one JSON document on standard output"] as const;
const workspace = ["-C, --workspace <folder>", "the workspace whose runs are meant", "."] as const;

program
  .command("train")
  .description("train a script in the foreground with a progress line; Ctrl+C stops after the current batch")
  .argument("<file>", "the script: TypeScript, JavaScript, Python, or a notebook")
  .argument("[args...]", "arguments of the script, after --")
  .option("--engine <engine>", "TensorFlow.js: auto, tfjs-node, wasm or cpu")
  .option(
    "--python <path>",
    "Python: the program, or its environment's folder; else the active environment, .venv, the PATH",
  )
  .option("--backend <backend>", "Keras 3: tensorflow, jax or torch; else as the script says")
  .option("--cell <number>", "a notebook's last cell to run, counted from 0", cell)
  .option("--detach", "return as soon as it has started")
  .option(...workspace)
  .option(...json)
  .action(trainCommand);

const runs = program.command("runs").description("the runs of a workspace");
runs
  .command("list", { isDefault: true })
  .description("all runs, newest first")
  .option(...workspace)
  .option(...json)
  .action(listCommand);
runs
  .command("show")
  .description("one run: how it stands, and the last and best value of each metric")
  .argument("<run>", "its id or name")
  .option(...workspace)
  .option(...json)
  .action(showRun);
runs
  .command("stop")
  .description("stop after the current batch; by force if it does not answer")
  .argument("<run>", "its id or name")
  .option("--grace <seconds>", "how long to wait before using force", positive, 10)
  .option(...workspace)
  .action(stopCommand);
runs
  .command("resume")
  .description("go on from the last checkpoint, in the same charts")
  .argument("<run>", "its id or name")
  .option("--detach", "return as soon as it has started")
  .option(...workspace)
  .option(...json)
  .action(resumeCommand);
runs
  .command("compare")
  .description("last and best values of several runs side by side")
  .argument("<runs...>", "their ids or names")
  .option(...workspace)
  .option(...json)
  .action(compareRuns);
runs
  .command("export")
  .description("all points of a run as CSV, or JSON with --json")
  .argument("<run>", "its id or name")
  .option(...workspace)
  .option(...json)
  .action(exportRun);

program
  .command("events")
  .description("what is in event files, Fitlens's or TensorBoard's: tags, counts, first and last values")
  .argument("<path>", "an event file, or a folder with event files in it")
  .option(...json)
  .action(eventsCommand);

program
  .command("inspect")
  .description("each layer's output shape and parameters as read from the source; nothing is run")
  .argument("<files...>", "scripts or notebooks: Python, TypeScript or JavaScript")
  .option("--keras <version>", "which Keras a Python script runs with: 2 or 3", "3")
  .option("--summary", "each model's layers, parameters, memory and multiply-accumulates instead")
  .option(...json)
  .action(inspectCommand);

program
  .command("check")
  .description(
    "what will fail or train wrongly, as read from the source; nothing is run. Status 1 where there are errors",
  )
  .argument("<files...>", "scripts or notebooks: Python, TypeScript or JavaScript")
  .option("--keras <version>", "which Keras a Python script runs with: 2 or 3; without it only what holds for both")
  .option(...json)
  .action(checkCommand);

program
  .command("convert")
  .description("convert a Keras script; prints the result, or edits the file with --write")
  .argument("<file>")
  .requiredOption("--to <target>", "estimator")
  .option("--line <number>", "the line of the model or of its fit call, where there are several", positive)
  .option("--write", "edit the file in place")
  .option(...json)
  .action(convertCommand);

program
  .command("new")
  .description("a new model that trains as it is; without --output it is printed")
  .requiredOption(
    "--kind <kind>",
    "sequential, functional or estimator; in Python also dnn, linear, wide-deep or baseline",
  )
  .requiredOption("--task <task>", "regression, binary, multiclass or images")
  .option("--language <language>", "typescript, javascript or python; else by the name of the file, else typescript")
  .option("--data <file>", "a CSV file to learn from, its first line the names of its columns")
  .option("--label <column>", "the column to predict, instead of the last")
  .option("-o, --output <file>", "write to this file; an existing one is not touched")
  .action(newCommand);

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Expected a number over 0.");
  return value;
}

function cell(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Expected the number of a cell, from 0.");
  return Number(text);
}

async function main(): Promise<void> {
  // A reader that has seen enough (`| head`) ends a command without a word.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof CliError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    } else if (error instanceof LaunchError || error instanceof StoreError) {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    } else {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

void main();
