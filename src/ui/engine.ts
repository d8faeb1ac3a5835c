// The engine: which one trains, and bringing the native one.
import * as vscode from "vscode";
import { findNativeEngine, installNativeEngine } from "../train/nativeEngine";
import { UserError } from "./errors";
import type { Installation } from "./installation";

const CHOICES = [
  {
    id: "auto",
    label: "Automatic",
    detail: "The fastest that works here: native, then WebAssembly, then plain JavaScript.",
  },
  { id: "tfjs-node", label: "Native (tfjs-node)", detail: "TensorFlow's own kernels: several times faster." },
  { id: "wasm", label: "WebAssembly", detail: "With SIMD; comes with Fitlens." },
  { id: "cpu", label: "Plain JavaScript", detail: "Slowest, works everywhere." },
] as const;

export function engineCommands(installation: Installation) {
  return {
    selectEngine: () => selectEngine(installation),
    installNativeEngine: () => install(installation),
  };
}

async function selectEngine(installation: Installation): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const now = scope ? installation.engine(scope) : "auto";
  const chosen = await vscode.window.showQuickPick(
    CHOICES.map((choice) => ({ ...choice, description: choice.id === now ? "current" : "" })),
    { title: "Engine for TensorFlow.js", matchOnDetail: true },
  );
  if (!chosen) return;
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration("fitlens", scope).update("engine", chosen.id, target);
  if (chosen.id === "tfjs-node" && !(await findNativeEngine(installation.nativeFolder))) {
    const install = "Install Native Engine";
    const answer = await vscode.window.showInformationMessage(
      "The native engine is used where the workspace has @tensorflow/tfjs-node. Fitlens can also bring its own.",
      install,
    );
    if (answer === install) await vscode.commands.executeCommand("fitlens.installNativeEngine");
  }
}

async function install(installation: Installation): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new UserError("In Restricted Mode nothing is installed. Trust the workspace first.");
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Native engine", cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const result = await installNativeEngine({
        folder: installation.nativeFolder,
        nodePath: installation.nodePath,
        pythonCandidates: pythonCandidates(installation),
        onProgress: (message) => progress.report({ message }),
        signal: abort.signal,
      });
      if (abort.signal.aborted) return;
      if (!result.ok) throw new UserError(result.message);
      void vscode.window.showInformationMessage(
        `The native engine is installed (${result.description}). New runs use it.`,
      );
    },
  );
}

/** Pythons that may have a TensorFlow whose libraries can be used: the setting's, then a virtual environment of the workspace. */
function pythonCandidates(installation: Installation): string[] {
  const program = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  const folders = vscode.workspace.workspaceFolders ?? [];
  const inWorkspace = folders.flatMap(({ uri }) =>
    [".venv", "venv"].map((name) => vscode.Uri.joinPath(uri, name, ...program).fsPath),
  );
  const configured = installation.pythonPath();
  return configured ? [configured] : inWorkspace;
}
