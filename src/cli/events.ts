// `fitlens events`: what is in event files, Fitlens's or TensorBoard's.
import fs from "node:fs";
import path from "node:path";
import { isEventFileName, readEventFile } from "../events/read";
import { formatNumber } from "../protocol/words";
import { CliError, plain, printJson, printTable } from "./output";

interface TagLine {
  file: string;
  tag: string;
  count: number;
  first: { step: number; value: number };
  last: { step: number; value: number };
}

export function eventsCommand(target: string, { json }: { json?: true }): void {
  const files = eventFiles(target);
  const tags: TagLine[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const name = path.relative(fs.statSync(target).isDirectory() ? target : path.dirname(target), file);
    const read = readEventFile(file);
    problems.push(...read.problems.map((problem) => `${name}: ${problem}`));
    for (const { tag, steps, values } of read.series) {
      const at = (index: number) => ({ step: steps[index] ?? 0, value: values[index] ?? Number.NaN });
      tags.push({ file: name, tag, count: steps.length, first: at(0), last: at(steps.length - 1) });
    }
  }
  if (json) printJson({ files: files.length, tags, problems });
  else {
    const point = ({ step, value }: TagLine["first"]) => [formatNumber(value), `@ ${step}`];
    const rows = tags.map((line) => [
      plain(line.file),
      plain(line.tag),
      String(line.count),
      ...point(line.first),
      ...point(line.last),
    ]);
    printTable([["file", "tag", "count", "first", "", "last", ""], ...rows], [2, 3, 5]);
  }
  for (const problem of problems) process.stderr.write(`${plain(problem)}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

/** The file itself, or all event files under a folder. Links are not followed: a loop of them would never end. */
function eventFiles(target: string): string[] {
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (!stat) throw new CliError(`${target}: expected an event file or a folder, found nothing there.`);
  if (!stat.isDirectory()) return [target];
  const files = fs
    .readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isEventFileName(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new CliError(`${target}: expected event files (*tfevents*) in it, found none.`, 1);
  return files;
}
