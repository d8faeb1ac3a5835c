// The backend of Keras 3: which one runs take, and choosing another for a file without touching its code.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";
import { BACKENDS, type Backend } from "../protocol/server";
import { command, UserError } from "./errors";
import type { Pythons } from "./python";
import type { Remembered } from "./remembered";
import { fileOf, isPython, scriptUri } from "./scripts";
import { requireTrust } from "./trust";

const NAMES: Record<Backend, string> = { tensorflow: "TensorFlow", jax: "JAX", torch: "PyTorch" };

/** The backend of a run for which none was chosen, as Keras decides it: KERAS_BACKEND, else its configuration, else TensorFlow. */
export function defaultBackend(environment: NodeJS.ProcessEnv = process.env, home = os.homedir()): string {
  const named = environment["KERAS_BACKEND"] ?? configured(environment["KERAS_HOME"] ?? path.join(home, ".keras"));
  return named !== undefined && /^[a-z]{1,20}$/.test(named) ? named : "tensorflow";
}

/** Keras's own file, which may be missing, half written or anything. */
function configured(folder: string): string | undefined {
  try {
    const { backend } = JSON.parse(fs.readFileSync(path.join(folder, "keras.json"), "utf8")) as { backend?: unknown };
    return typeof backend === "string" ? backend : undefined;
  } catch {
    return undefined;
  }
}

export function backendCommands(parts: { pythons: Pythons; remembered: Remembered }) {
  return { selectBackend: (argument?: unknown) => selectBackend(argument, parts) };
}

async function selectBackend(
  argument: unknown,
  { pythons, remembered }: { pythons: Pythons; remembered: Remembered },
): Promise<void> {
  requireTrust("no Python is asked what it has");
  const document = typeof argument === "string" ? vscode.Uri.parse(argument) : scriptUri(argument);
  const script = document && fileOf(document);
  if (!script || !isPython(script))
    throw new UserError("Open a Python file that uses Keras 3 first, then choose its backend.");
  const python = await pythons.of(script);
  const now = remembered.backend(script);
  const usual = defaultBackend();
  const items = [
    ...BACKENDS.map((backend) => {
      const version = python?.packages[backend];
      return {
        backend,
        version,
        label: NAMES[backend],
        description: [backend === now ? "current" : "", version ?? "not installed"].filter(Boolean).join(" · "),
        ...(version === undefined && { detail: "Choose it to make an environment that has it." }),
      };
    }),
    {
      backend: undefined,
      version: undefined,
      label: "As the script says",
      description: now === undefined ? "current" : "",
      detail: `Nothing is set for the run: KERAS_BACKEND, Keras's own configuration, else ${usual}.`,
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: `Backend for ${path.basename(script.fsPath)}`,
    placeHolder: "KERAS_BACKEND of its runs; the code stays as it is",
  });
  if (!chosen) return;
  if (chosen.backend !== undefined && chosen.version === undefined) {
    const title = `${python ? `Python ${python.version}` : "No Python"} has ${python ? "no " : ""}${NAMES[chosen.backend]}.`;
    const make = command("Create Environment…", "fitlens.createEnvironment", "keras", chosen.backend);
    const answer = await vscode.window.showWarningMessage(title, make.label, "Choose It Anyway");
    if (answer === make.label) await make.run();
    if (answer === undefined) return;
  }
  await remembered.setBackend(script, chosen.backend);
}
