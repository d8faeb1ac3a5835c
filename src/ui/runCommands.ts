// Commands on one run: given by a view or a lens, else the run that a person most likely means.
import * as fs from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { RUN_FILES } from "../protocol/run";
import { deleteRun as deleteFromStore, type RunInfo, writeControl } from "../runs/store";
import { stopRun } from "../train/stop";
import { openPlace, type Reporter, UserError } from "./errors";
import type { Panels } from "./panel";
import { isLive, type Runs } from "./runs";
import { fileOf, scriptUri } from "./scripts";
import type { Training } from "./training";
import { toTrash } from "./trash";
import { isResumable, lastText, progressText, runName, scriptName } from "./words";

interface Parts {
  runs: Runs;
  panels: Panels;
  training: Training;
  reporter: Reporter;
}

export function runCommands({ runs, panels, training, reporter }: Parts) {
  const on = (choose: Choose, act: (run: RunInfo) => unknown) => async (argument?: unknown) => {
    const run = await pick(runs, argument, choose);
    if (run) await act(run);
  };
  return {
    showMetrics: on(any, (run) => panels.show(run.folder)),
    stop: on(live, (run) => {
      // The command is done when Stop is asked for: the run shows by itself how it ends, and force comes only after a wait.
      void stopRun(run.folder, {}).catch((error) => reporter.tell(error));
    }),
    pause: on(live, (run) => writeControl(run.folder, "pause")),
    continue: on(live, (run) => writeControl(run.folder, "continue")),
    resume: on(resumable, async (run) => {
      await training.resume(run);
      await panels.show(run.folder, { preserveFocus: true });
    }),
    showOutput: on(any, (run) => showOutput(run)),
    openScript: on(any, (run) => openScript(run)),
    revealRun: on(any, (run) => vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(run.folder))),
    deleteRun: on(ended, (run) => deleteRun(run, runs, panels)),
  };
}

/** Which runs a command is for, and what to say when there is none. */
interface Choose {
  fits(run: RunInfo): boolean;
  none: string;
  title: string;
}

const any: Choose = {
  fits: () => true,
  none: "No runs yet. Open a file with a model and choose Train above model.fit.",
  title: "Which run?",
};
const live: Choose = { fits: isLive, none: "Nothing is training now.", title: "Which training?" };
const ended: Choose = { fits: (run) => !isLive(run), none: "There is no ended run.", title: "Which run?" };
const resumable: Choose = {
  fits: isResumable,
  none: "There is no run to resume: only runs that were stopped, failed or interrupted can go on, and not those of a notebook's kernel.",
  title: "Resume which run?",
};

/** The run meant: the one given, that of the script given or in the active editor, the only one, or the one chosen. */
async function pick(runs: Runs, argument: unknown, { fits, none, title }: Choose): Promise<RunInfo | undefined> {
  await runs.ready;
  const folder = typeof argument === "string" ? argument : (argument as RunInfo | undefined)?.folder;
  if (folder) {
    const run = runs.get(folder) ?? runs.look(folder);
    if (!run) throw new UserError(`The run ${path.basename(folder)} no longer exists.`);
    if (!fits(run)) throw new UserError(`${scriptName(run)} (${runName(run)}) is ${run.status.state}. ${none}`);
    return run;
  }
  const script = scriptOf(argument);
  const fitting = runs.all().filter(fits);
  const ofScript = script ? fitting.find((run) => run.record?.script === script) : undefined;
  if (ofScript) return ofScript;
  if (fitting.length === 0) throw new UserError(none);
  if (fitting.length === 1) return fitting[0];
  const chosen = await vscode.window.showQuickPick(
    fitting.map((run) => ({
      run,
      label: scriptName(run),
      description: `${runName(run)} · ${isLive(run) ? progressText(run) : lastText(run)}`,
    })),
    { title, matchOnDescription: true },
  );
  return chosen?.run;
}

function scriptOf(argument: unknown): string | undefined {
  const document = scriptUri(argument);
  return document && fileOf(document).fsPath;
}

async function showOutput(run: RunInfo): Promise<void> {
  const file = path.join(run.folder, RUN_FILES.output);
  if (!fs.existsSync(file)) {
    throw new UserError(
      `${scriptName(run)} (${runName(run)}) has printed nothing yet. What a debugged run prints is in the Debug Console, what one in a terminal or a notebook prints is there.`,
    );
  }
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document, { preview: true });
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.revealRange(new vscode.Range(end, end));
}

async function openScript(run: RunInfo): Promise<void> {
  if (!run.record) throw new UserError(run.damaged ?? `${run.folder} does not say which script it ran.`);
  await openPlace(run.status.call ?? { file: run.record.script, line: 1 });
}

async function deleteRun(run: RunInfo, runs: Runs, panels: Panels): Promise<void> {
  const question = `Delete the run ${runName(run)} of ${scriptName(run)}, with its metrics and checkpoints?`;
  const choice = await vscode.window.showWarningMessage(question, { modal: true }, "Move to Trash");
  if (!choice) return;
  await deleteFromStore(path.dirname(run.folder), run.folder, async (folder) => {
    await toTrash(vscode.Uri.file(folder), "the run");
  });
  if (runs.look(run.folder)) return;
  panels.closeFor(run.folder);
}
