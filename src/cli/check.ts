// `fitlens check`: what will fail in scripts, or train wrongly, as read from the source; nothing of them is run.
import type { Analysis } from "../features/analysis";
import { problemsOf } from "../features/problems";
import type { Problem } from "../model/problem";
import { grammarsBeside } from "../server/grammars";
import { CliError, plain, printJson } from "./output";
import { placeText, pythonWith, readScripts } from "./script";

interface CheckOptions {
  keras?: string;
  json?: true;
}

/** Ends with status 1 where there are errors, with 2 where a file cannot be read; warnings alone are no failure. */
export async function checkCommand(files: readonly string[], { keras, json }: CheckOptions): Promise<void> {
  const python = pythonWith(keras);
  const grammars = await grammarsBeside(__dirname);
  const all: Record<string, object[]> = {};
  const counts = { error: 0, warning: 0 };
  const wrong = readScripts(files, grammars, (file, analysis) => {
    const problems = problemsOf(analysis, python).sort((a, b) => a.span.start - b.span.start);
    for (const { severity } of problems) if (severity === "error" || severity === "warning") counts[severity]++;
    if (json) all[file] = problems.map((problem) => entryOf(analysis, problem));
    else for (const problem of problems) process.stdout.write(linesOf(analysis, problem));
  });
  if (json) printJson(all);
  const summary = summaryOf(counts);
  if (counts.error > 0 && !wrong) throw new CliError(summary, 1);
  if (summary) process.stderr.write(`${summary}\n`);
  if (wrong) throw wrong;
}

function linesOf(analysis: Analysis, { severity, code, message, span, related }: Problem): string {
  const because = related.map((one) => `  ${plain(placeText(analysis, one.span.start))} ${plain(one.message)}\n`);
  return `${plain(placeText(analysis, span.start))} ${severity}: ${plain(message)} [${code}]\n${because.join("")}`;
}

function entryOf(analysis: Analysis, { severity, code, message, span, related }: Problem): object {
  const place = (offset: number) => placeText(analysis, offset);
  return {
    place: place(span.start),
    end: place(span.end),
    severity,
    code,
    message,
    related: related.map((one) => ({ place: place(one.span.start), message: one.message })),
  };
}

function summaryOf({ error, warning }: { error: number; warning: number }): string {
  const count = (number: number, word: string) => (number === 0 ? [] : [`${number} ${word}${number === 1 ? "" : "s"}`]);
  return [...count(error, "error"), ...count(warning, "warning")].join(", ");
}
