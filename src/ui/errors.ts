// How failures are told: one message each, with what to do next as a button. The full text goes to the log.
import * as vscode from "vscode";
import type { SourcePlace } from "../protocol/run";
import type { RunInfo } from "../runs/store";
import type { Runs } from "./runs";
import { endedSentence, errorPlace, failedForArguments } from "./words";

/** Something a person may choose in a message: its label and what it does. */
export interface NextStep {
  label: string;
  run(): unknown;
}

/** A failure of the world, not of Fitlens: told in its own words, without a stack. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly next: readonly NextStep[] = [],
  ) {
    super(message);
  }
}

export const command = (label: string, name: string, ...args: unknown[]): NextStep => ({
  label,
  run: () => vscode.commands.executeCommand(name, ...args),
});

export class Reporter {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Tells a failure. Errors that are not UserErrors or errors of the operating system are bugs of ours: their stack is logged. */
  tell(error: unknown): void {
    if (error instanceof vscode.CancellationError) return;
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(error instanceof UserError ? message : error instanceof Error ? (error.stack ?? message) : message);
    const steps = error instanceof UserError ? error.next : [];
    void this.choose(vscode.window.showErrorMessage, message, [
      ...steps,
      { label: "Show Log", run: () => this.log.show(true) },
    ]);
  }

  /** Tells of runs that end while this window is open: failures always, successes when they took long. */
  tellHowRunsEnd(runs: Runs): vscode.Disposable {
    return runs.onDidEnd((run) => {
      const { state, startedAt = 0, endedAt = Date.now() } = run.status;
      if (state === "failed" || state === "lost") void this.tellFailure(run);
      else if (state === "finished") {
        const least = vscode.workspace.getConfiguration("fitlens").get("notifyAfterSeconds", 60);
        if (least > 0 && endedAt - startedAt > least * 1000) {
          void this.choose(vscode.window.showInformationMessage, endedSentence(run), [
            command("Show Metrics", "fitlens.showMetrics", run.folder),
          ]);
        }
      }
    });
  }

  private tellFailure(run: RunInfo): Promise<void> {
    const place = errorPlace(run);
    const steps: NextStep[] = [command("Show Output", "fitlens.showOutput", run.folder)];
    if (place) steps.unshift({ label: "Go to Line", run: () => openPlace(place) });
    if (run.record && failedForArguments(run)) {
      steps.unshift(command("Train with Arguments…", "fitlens.trainWithArguments", vscode.Uri.file(run.record.script)));
    }
    if (run.status.checkpoint) steps.push(command("Resume", "fitlens.resume", run.folder));
    // Of two messages with the same text the editor keeps the newer: a script that fails again and again is told once. So what
    // differs from time to time is left to the panel.
    const { startedAt: _, checkpoint: __, ...status } = run.status;
    return this.choose(vscode.window.showErrorMessage, endedSentence({ ...run, status }), steps);
  }

  private async choose(
    show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
    message: string,
    steps: readonly NextStep[],
  ): Promise<void> {
    const label = await show(message, ...steps.map((step) => step.label));
    try {
      await steps.find((step) => step.label === label)?.run();
    } catch (error) {
      this.tell(error);
    }
  }
}

/** Opens a file at a place (line and column from 1) in the first editor group, so that a panel beside it stays. */
export async function openPlace(place: SourcePlace): Promise<void> {
  const position = new vscode.Position(Math.max(0, place.line - 1), Math.max(0, (place.column ?? 1) - 1));
  const selection = new vscode.Range(position, position);
  const uri = vscode.Uri.file(place.file);
  if (!/\.ipynb$/i.test(place.file)) {
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, selection });
    return;
  }
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const index = Math.min(place.cell ?? 0, Math.max(0, notebook.cellCount - 1));
  const cells = new vscode.NotebookRange(index, index + 1);
  await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.One, selections: [cells] });
  if (place.cell === undefined || notebook.cellCount === 0) return;
  await vscode.window.showTextDocument(notebook.cellAt(index).document, { selection });
}
