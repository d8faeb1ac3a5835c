// What the specs share: the workspace's files, the extension's own view of its runs, and waiting with a reason.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { FitlensApi } from "../../src/extension";
import { type RunInfo, runNames, runsFolderOf } from "../../src/runs/store";

export const EXTENSION = "fitlens.fitlens";

export async function activate(): Promise<FitlensApi> {
  const extension = vscode.extensions.getExtension<FitlensApi>(EXTENSION);
  assert.ok(extension, `${EXTENSION} is not among the extensions of this VS Code`);
  return extension.activate();
}

/** The folder that is open; a copy of the sample, which the spec may change. */
export function workspace(): vscode.WorkspaceFolder {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no folder is open");
  return folder;
}

export function write(name: string, text: string): vscode.Uri {
  const file = path.join(workspace().uri.fsPath, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return vscode.Uri.file(file);
}

export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Waits until `check` gives something; says what was awaited, and how things stood, when it does not. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  { seconds = 180, state = () => "" }: { seconds?: number; state?: () => string } = {},
): Promise<NonNullable<T>> {
  for (const begin = Date.now(); ; ) {
    const found = await check();
    if (found) return found as NonNullable<T>;
    if (Date.now() - begin > seconds * 1000) throw new Error(`Waited ${seconds} s for ${what}. ${state()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Titles of a document's lenses, once there are any. */
export async function lensTitles(uri: vscode.Uri): Promise<string[]> {
  return until(`lenses in ${path.basename(uri.fsPath)}`, async () => {
    const titles = await lensTitlesNow(uri);
    return titles.length > 0 ? titles : undefined;
  });
}

export async function lensTitlesNow(uri: vscode.Uri): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return (lenses ?? []).map((lens) => lens.command?.title ?? "");
}

/** Starts a training by the command and gives its run, whose process has been started. */
export async function train(api: FitlensApi, uri: vscode.Uri): Promise<RunInfo> {
  const before = new Set(api.runs.all().map((run) => run.folder));
  const said = await errorsOf(() => vscode.commands.executeCommand("fitlens.train", uri));
  return until(
    `a run of ${path.basename(uri.fsPath)}`,
    () => api.runs.all().find((run) => !before.has(run.folder) && run.record?.script === uri.fsPath),
    { state: () => `Said was: ${said.join(" ") || "nothing"}` },
  );
}

/** What a person is told of failures meanwhile; it is told all the same. */
async function errorsOf(work: () => Thenable<unknown>): Promise<readonly string[]> {
  const said: string[] = [];
  const { showErrorMessage } = vscode.window;
  const tell = (message: string, ...rest: never[]) => {
    said.push(message);
    return showErrorMessage(message, ...rest);
  };
  Object.assign(vscode.window, { showErrorMessage: tell });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showErrorMessage });
  }
  return said;
}

/** The run that a script began by itself, in a terminal or a kernel: a framework may have to be imported first. */
export function begun(api: FitlensApi, script: string): Promise<RunInfo> {
  const folder = runsFolderOf(workspace().uri.fsPath);
  return until(`a run of ${path.basename(script)}`, () => api.runs.newestOf(script), {
    state: () => `Known: ${api.runs.all().length}. On the disk: ${runNames(folder).length}, ${runNames(folder)[0]}`,
  });
}

/** Waits until a run is in one of the states, and gives it as it then is. */
export function reaches(api: FitlensApi, run: RunInfo, ...states: string[]): Promise<RunInfo> {
  const now = () => api.runs.look(run.folder);
  return until(
    `${path.basename(run.record?.script ?? run.folder)} to be ${states.join(" or ")}`,
    () => {
      const found = now();
      return found && states.includes(found.status.state) ? found : undefined;
    },
    { state: () => `It is: ${JSON.stringify(now()?.status)}\n${output(run)}` },
  );
}

export function output(run: RunInfo): string {
  const file = path.join(run.folder, "output.log");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "(no output)";
}

export function processIsGone(pid: number | undefined): boolean {
  assert.ok(pid, "the run never said which process it is");
  try {
    process.kill(pid, 0);
    // A process that ended and was not collected yet is a zombie: it runs no more.
    return process.platform === "linux" && /\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** Ends what a spec has left training. */
export async function stopAll(api: FitlensApi): Promise<void> {
  for (const run of api.runs.live()) {
    await vscode.commands.executeCommand("fitlens.stop", run.folder);
    await reaches(api, run, "stopped", "finished", "failed", "lost");
  }
}

/** A script that learns `y = 2x + 1`. Each batch takes `delay` milliseconds, so that there is time to look at it. */
export const script = ({ epochs = 4, delay = 0, before = "" } = {}): string => `
import * as tf from "@tensorflow/tfjs";
${before}
const x = tf.linspace(0, 1, 64).reshape([64, 1]);
const y = x.mul(2).add(1);
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(x, y, {
  epochs: ${epochs},
  batchSize: 16,
  verbose: 0,
  callbacks: { onBatchEnd: () => new Promise<void>((resolve) => setTimeout(resolve, ${delay})) },
});
console.log("done");
`;
