// The interpreter chosen in VS Code's Python extension, or in its successor for environments where only that is installed.
// Neither is needed: where none is there, this says so and nothing more.
import { type EnvironmentPath, PVSC_EXTENSION_ID, PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

const ENVIRONMENTS_EXTENSION_ID = "ms-python.vscode-python-envs";

/** Another extension's word on interpreters. */
export interface ChosenElsewhere {
  /** The chosen interpreter: a program, or the folder of an environment. Undefined: nothing is chosen. */
  chosen(resource: vscode.Uri | undefined): Promise<string | undefined>;
  /** Interpreters that it has found. */
  known(): Promise<string[]>;
  /** Makes a program the chosen one. */
  choose(program: string, resource: vscode.Uri | undefined): Promise<void>;
  /** The command that opens its own list. */
  readonly selectCommand: string;
  readonly onDidChange: vscode.Event<unknown>;
}

/** The part of ms-python.vscode-python-envs that is used. Its API is not published as a package that suits VS Code 1.100. */
interface EnvironmentsApi {
  getEnvironment(scope: vscode.Uri | undefined): Promise<EnvironmentOfApi | undefined>;
  setEnvironment(scope: vscode.Uri | undefined, environment: EnvironmentOfApi): Promise<void>;
  getEnvironments(scope: "all" | "global" | vscode.Uri): Promise<EnvironmentOfApi[]>;
  resolveEnvironment(place: vscode.Uri): Promise<EnvironmentOfApi | undefined>;
  readonly onDidChangeEnvironment: vscode.Event<unknown>;
}
interface EnvironmentOfApi {
  environmentPath: vscode.Uri;
  execInfo?: { run?: { executable?: string } };
}

/** Activates the extension, so it is asked only when Python is really needed. */
export async function chosenElsewhere(log: vscode.LogOutputChannel): Promise<ChosenElsewhere | undefined> {
  try {
    if (vscode.extensions.getExtension(PVSC_EXTENSION_ID)) return fromPythonExtension(await PythonExtension.api());
    const environments = vscode.extensions.getExtension<EnvironmentsApi>(ENVIRONMENTS_EXTENSION_ID);
    return environments && fromEnvironments(await environments.activate());
  } catch (error) {
    log.warn(`The Python extension could not be asked for its interpreter: ${error}`);
    return undefined;
  }
}

function fromPythonExtension({ environments, ready }: PythonExtension): ChosenElsewhere {
  return {
    selectCommand: "python.setInterpreter",
    onDidChange: environments.onDidChangeActiveEnvironmentPath,
    async chosen(resource) {
      await ready;
      const active = environments.getActiveEnvironmentPath(resource);
      const resolved = await environments.resolveEnvironment(active);
      return resolved?.executable.uri?.fsPath ?? pathOf(active);
    },
    known: async () => environments.known.flatMap(({ executable }) => (executable.uri ? [executable.uri.fsPath] : [])),
    choose: (program, resource) => environments.updateActiveEnvironmentPath(program, resource),
  };
}

/** `python` alone is the extension's word for "none was chosen". */
function pathOf({ path }: EnvironmentPath): string | undefined {
  return /[\\/]/.test(path) ? path : undefined;
}

function fromEnvironments(api: EnvironmentsApi): ChosenElsewhere {
  const program = (environment: EnvironmentOfApi | undefined) =>
    environment && (environment.execInfo?.run?.executable ?? environment.environmentPath.fsPath);
  return {
    selectCommand: "python-envs.set",
    onDidChange: api.onDidChangeEnvironment,
    chosen: async (resource) => program(await api.getEnvironment(resource)),
    known: async () => (await api.getEnvironments("all")).flatMap((each) => program(each) ?? []),
    async choose(path, resource) {
      const environment = await api.resolveEnvironment(vscode.Uri.file(path));
      if (!environment) throw new Error(`The Python Environments extension does not know ${path}.`);
      await api.setEnvironment(resource, environment);
    },
  };
}
