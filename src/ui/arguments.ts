// The arguments of a script: asked for in an input box, checked while they are typed, remembered for the file.
import * as path from "node:path";
import * as vscode from "vscode";
import { parseArguments } from "./commandLine";
import { command, UserError } from "./errors";
import type { Remembered } from "./remembered";

/** The arguments remembered for a script, as they are given to it. */
export function argumentsOf(script: vscode.Uri, remembered: Remembered): string[] {
  const parsed = parseArguments(remembered.arguments(script));
  if (parsed.ok) return parsed.args;
  throw new UserError(
    `The arguments remembered for ${path.basename(script.fsPath)} cannot be read. ${parsed.problem}`,
    [command("Train with Arguments…", "fitlens.trainWithArguments", script)],
  );
}

/** Asks for them and remembers the answer; false where the person went away instead. `given` is an answer known already. */
export async function askArguments(script: vscode.Uri, remembered: Remembered, given?: string): Promise<boolean> {
  const typed = given ?? (await ask(script, remembered.arguments(script)));
  if (typed === undefined) return false;
  const parsed = parseArguments(typed);
  if (!parsed.ok) throw new UserError(`These arguments cannot be read: ${typed}. ${parsed.problem}`);
  await remembered.setArguments(script, typed);
  return true;
}

const ask = (script: vscode.Uri, value: string): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: `Arguments for ${path.basename(script.fsPath)}`,
    value,
    placeHolder: "--epochs 5 --data 'my data.csv'",
    prompt: "As in a terminal: quotes keep blanks together. Remembered for this file; leave it empty for none.",
    ignoreFocusOut: true,
    validateInput: (text) => {
      const parsed = parseArguments(text);
      return parsed.ok ? undefined : parsed.problem;
    },
  });
