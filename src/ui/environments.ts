// Fitlens: Create Environment…: asks what it is to have and where it goes, shows how it comes along, and selects it. What is done
// for it is in src/train/environments.
import * as path from "node:path";
import * as vscode from "vscode";
import { BACKENDS, type Backend, type EnvironmentNeed } from "../protocol/server";
import { createEnvironment, type EnvironmentOptions } from "../train/environments/create";
import { lookAt, type Place } from "../train/environments/place";
import { pythonsFor, titleOf, type Wish } from "../train/environments/plan";
import { lackingFor, type PythonInfo, probePython } from "../train/interpreters";
import { textOf } from "./activePython";
import { command, UserError } from "./errors";
import type { Installation } from "./installation";
import { folderOf, type Pythons } from "./python";
import { importsOf, pythonText, usesEstimator } from "./pythonNeeds";
import type { Remembered } from "./remembered";
import { fileOf, isNotebook, isPython, scriptUri } from "./scripts";
import { toTrash } from "./trash";
import { requireTrust } from "./trust";

interface Parts {
  installation: Installation;
  pythons: Pythons;
  remembered: Remembered;
  log: vscode.LogOutputChannel;
}

const USUAL_NAME = ".venv";

export function environmentCommands(parts: Parts) {
  return {
    createEnvironment: (need?: unknown, backend?: unknown) =>
      create(
        need === "keras" || need === "estimator" ? need : undefined,
        BACKENDS.find((name) => name === backend),
        parts,
      ),
  };
}

async function create(need: EnvironmentNeed | undefined, backend: Backend | undefined, parts: Parts): Promise<void> {
  requireTrust("no environment is made in it");
  const document = scriptUri(undefined);
  const file = document && fileOf(document);
  const script = file && isPython(file) ? file : undefined;
  const folder = await chosenFolder(script);
  if (!folder) return;
  const wish = await chosenWish(need, backend, script, parts.remembered);
  if (!wish) return;
  const target = await chosenTarget(vscode.Uri.joinPath(folder, USUAL_NAME), wish);
  if (!target) return;
  const python = target.has ?? (await make(target, wish, script ?? folder, parts));
  if (!python) return;
  await parts.pythons.choose(python.path, script ?? folder);
  const name = path.basename(target.folder.fsPath);
  void vscode.window.showInformationMessage(
    target.has
      ? `${name} has all that is needed already, and is selected: ${pythonText(python)}.`
      : `${name} is ready and selected: ${pythonText(python)}.`,
  );
}

async function chosenFolder(script: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const ofScript = script && vscode.workspace.getWorkspaceFolder(script);
  const asked = !ofScript && folders.length > 1;
  const folder = asked
    ? (await vscode.window.showWorkspaceFolderPick({ placeHolder: "The folder that the environment is made in" }))?.uri
    : (ofScript?.uri ?? folderOf(script));
  if (!folder && !asked) {
    throw new UserError("Open a folder first: the environment is made in it.", [
      command("Open Folder…", "vscode.openFolder"),
    ]);
  }
  if (folder && folder.scheme !== "file") {
    throw new UserError(
      `An environment needs a folder on a disk of this machine; ${folder.scheme}: folders have none.`,
    );
  }
  return folder;
}

/** What it is to have: as the caller says, else as the file looks, confirmed by a person. */
async function chosenWish(
  need: EnvironmentNeed | undefined,
  backend: Backend | undefined,
  script: vscode.Uri | undefined,
  remembered: Remembered,
): Promise<Wish | undefined> {
  const notebook = script && isNotebook(script) ? { notebook: true } : {};
  if (need === "estimator") return { need, ...notebook };
  if (need === "keras" && backend !== undefined) return { need, backend, ...notebook };
  const usual = script && usualWish(await textOf(script), remembered.backend(script));
  const wishes: Wish[] = BACKENDS.map((name) => ({ need: "keras", backend: name }));
  if (need === undefined) wishes.push({ need: "estimator" });
  const isUsual = (wish: Wish) => usual?.need === wish.need && usual.backend === wish.backend;
  const items = [...wishes.filter(isUsual), ...wishes.filter((wish) => !isUsual(wish))].map((wish) => ({
    wish,
    label: titleOf(wish),
    description: isUsual(wish) ? "what this file uses" : "",
    detail: detailOf(wish),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: "Create Environment",
    placeHolder: "What the environment is to have",
  });
  return chosen && { ...chosen.wish, ...notebook };
}

function detailOf({ need, backend }: Wish): string {
  if (need === "estimator")
    return "The last TensorFlow that has it. Needs Python 3.9 to 3.11, which is brought if it is not there.";
  if (backend === "tensorflow") return "The newest of both; tf.keras is Keras 3 as well.";
  if (backend === "jax") return "The newest of both. The smallest download.";
  return "The newest of both. The largest download on Linux.";
}

/** What a file looks as if it needs. */
function usualWish(text: string, chosen: Backend | undefined): Wish | undefined {
  if (usesEstimator(text)) return { need: "estimator" };
  const written = /KERAS_BACKEND["'\]]*\s*[=,]\s*["'](\w+)["']/.exec(text)?.[1];
  const imports: readonly string[] = importsOf(text);
  const named = BACKENDS.find((name) => name === written) ?? BACKENDS.find((name) => imports.includes(name));
  const backend = chosen ?? named ?? (imports.includes("tf_keras") ? "tensorflow" : undefined);
  return backend && { need: "keras", backend };
}

interface Target {
  folder: vscode.Uri;
  /** It is whole already. */
  has?: PythonInfo;
  /** The packages go into what is there. */
  into?: boolean;
}

async function chosenTarget(usual: vscode.Uri, wish: Wish): Promise<Target | undefined> {
  const place = lookAt(usual.fsPath);
  if (place.kind === "free" || place.kind === "unfinished") return { folder: usual };
  const info = place.kind === "environment" ? await probePython(place.python) : undefined;
  if (info && isWhole(info, wish)) return { folder: usual, has: info };
  const answer = await ask(usual, place, info, wish);
  if (answer === "into") return { folder: usual, into: true };
  if (answer === "other") return otherName(usual, wish);
  if (answer !== "replace") return undefined;
  return (await toTrash(usual, path.basename(usual.fsPath))) ? { folder: usual } : undefined;
}

function isWhole(info: PythonInfo, { need, backend, notebook }: Wish): boolean {
  if (notebook && info.packages["ipykernel"] === undefined) return false;
  return lackingFor(need, info, need === "keras" ? backend : undefined) === undefined;
}

async function ask(
  folder: vscode.Uri,
  { kind }: Place,
  info: PythonInfo | undefined,
  wish: Wish,
): Promise<"into" | "replace" | "other" | undefined> {
  const name = path.basename(folder.fsPath);
  const { best, usable } = pythonsFor(wish);
  const works = info !== undefined && info.problem === undefined;
  const fits = works && [...best, ...usable].some((minor) => info.version.startsWith(`3.${minor}.`));
  const is = works
    ? `is an environment with ${pythonText(info)}`
    : kind === "environment"
      ? `is an environment that does not work: ${info?.problem}`
      : "is there already and is no environment";
  const choices = { "Use Another Name": "other", "Replace It": "replace", "Install Into It": "into" } as const;
  const labels = (Object.keys(choices) as (keyof typeof choices)[]).filter(
    (label) => fits || choices[label] !== "into",
  );
  const chosen = await vscode.window.showWarningMessage(
    `${name} ${is}.`,
    { modal: true, detail: `${titleOf(wish)} is to be installed. What is replaced goes to the trash.` },
    ...labels,
  );
  return chosen && choices[chosen];
}

async function otherName(usual: vscode.Uri, wish: Wish): Promise<Target | undefined> {
  const at = (name: string) => vscode.Uri.joinPath(usual, "..", name);
  const name = await vscode.window.showInputBox({
    title: "Create Environment",
    prompt: "The name of the environment's folder",
    value: `${USUAL_NAME}-${wish.need === "estimator" ? "estimator" : wish.backend}`,
    validateInput(text) {
      if (!/^[^\\/:*?"<>|]+$/.test(text.trim()) || /^\.{1,2}$/.test(text.trim()))
        return "Expected a name for a folder.";
      const { kind } = lookAt(at(text.trim()).fsPath);
      return kind === "environment" || kind === "taken" ? "That is there already." : undefined;
    },
  });
  return name === undefined ? undefined : { folder: at(name.trim()) };
}

/** The Python of the environment; undefined: it was cancelled. */
async function make(
  target: Target,
  wish: Wish,
  resource: vscode.Uri,
  { installation, pythons, log }: Parts,
): Promise<PythonInfo | undefined> {
  const name = path.basename(target.folder.fsPath);
  const selected = await pythons.of(resource);
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `${name}: ${titleOf(wish)}`,
      cancellable: true,
    },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const options: EnvironmentOptions = {
        folder: target.folder.fsPath,
        wish,
        storage: installation.storage.fsPath,
        pythons: selected && selected.problem === undefined ? [selected.path] : [],
        ...(target.into && { intoExisting: true }),
        env: proxy(resource),
        signal: abort.signal,
        onProgress(message) {
          progress.report({ message });
          // Shares of a download are for the eye only.
          if (!message.endsWith("%")) log.info(`${name}: ${message}`);
        },
      };
      return createEnvironment(options);
    },
  );
  pythons.tellChange();
  if (result.ok) return result.python;
  if (result.message === "") {
    if (result.begun) {
      const text = `${name} is not finished. Create Environment goes on where it was cancelled.`;
      void vscode.window.showInformationMessage(text);
    }
    return undefined;
  }
  const { command: line } = result;
  if (line !== undefined) log.error(`By hand: ${line}`);
  throw new UserError(`${name} could not be ${result.begun ? "finished" : "made"}. ${result.message}`, [
    command("Try Again", "fitlens.createEnvironment", wish.need, wish.backend),
    ...(line === undefined ? [] : [{ label: "Copy Command", run: () => vscode.env.clipboard.writeText(line) }]),
    ...(/http\.proxy/.test(result.message)
      ? [command("Proxy Settings", "workbench.action.openSettings", "http.proxy")]
      : []),
  ]);
}

/** The editor's proxy, where the environment names none. */
function proxy(resource: vscode.Uri): Record<string, string> {
  const address = vscode.workspace.getConfiguration("http", resource).get<string>("proxy", "").trim();
  const names = ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy", "PIP_PROXY"];
  if (address === "" || names.some((name) => process.env[name])) return {};
  return { HTTPS_PROXY: address, HTTP_PROXY: address };
}
