// Brings the native engine of TensorFlow.js into a folder of Fitlens's own: by npm where the download works, else compiled against
// the TensorFlow of the user's Python. The folder is replaced whole when the new engine has proved to load, or not at all.
import fs from "node:fs";
import path from "node:path";
import { BINDING_FILE, bindingOf, installedPackage } from "./engine/binding";
import { findProgram, lastLines, runCommand } from "./native/command";
import { compileBinding } from "./native/compile";
import { installByNpm } from "./native/npm";
import { type PythonTensorFlow, tensorflowIn } from "./native/python";

/** The version whose JavaScript Fitlens brings. */
const TFJS_NODE = "4.22.0";

/** The installed binding's file, where there is one. */
export async function findNativeEngine(nativeFolder: string): Promise<string | undefined> {
  return bindingOf(installedPackage(nativeFolder));
}

export interface InstallOptions {
  /** Made, or replaced whole. */
  folder: string;
  /** The Node.js that will load it. */
  nodePath?: string;
  /** Pythons to look for TensorFlow in, before those on the PATH. */
  pythonCandidates?: readonly string[];
  onProgress?: (message: string) => void;
  signal?: AbortSignal;
  /** Where `binding` and `include` lie. Default: beside the bundle. */
  sources?: string;
  /** Leaves out npm's own way. */
  skipNpm?: boolean;
}

export type InstallResult = { ok: true; description: string } | { ok: false; message: string };

export async function installNativeEngine(options: InstallOptions): Promise<InstallResult> {
  const { folder, signal } = options;
  const fresh = `${folder}.${process.pid}.tmp`;
  try {
    fs.rmSync(fresh, { recursive: true, force: true });
    fs.mkdirSync(fresh, { recursive: true });
    const made = await make(fresh, options);
    if (signal?.aborted) return { ok: false, message: "Cancelled; nothing was changed." };
    if (!made.ok) return made;
    replaceFolder(folder, fresh);
    return made;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `The native engine could not be installed in ${folder}: ${reason}` };
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

async function make(fresh: string, options: InstallOptions): Promise<InstallResult> {
  const { signal, onProgress = () => {} } = options;
  const reasons: string[] = [];
  if (!options.skipNpm) {
    onProgress("asking npm for @tensorflow/tfjs-node");
    const problem = (await installByNpm(fresh, TFJS_NODE, signal)) ?? (await loadProblem(fresh, options));
    if (problem === undefined) return { ok: true, description: `@tensorflow/tfjs-node ${TFJS_NODE} by npm` };
    reasons.push(problem);
    fs.rmSync(path.join(fresh, "node_modules"), { recursive: true, force: true });
  }
  if (signal?.aborted) return { ok: false, message: "" };
  onProgress("looking for a Python with TensorFlow");
  const found = await findTensorFlow(options);
  if (Array.isArray(found)) {
    return { ok: false, message: explain([...reasons, ...found]) };
  }
  onProgress(`compiling the binding against TensorFlow ${found.version} (about half a minute)`);
  const packageFolder = installedPackage(fresh);
  const target = path.join(packageFolder, "lib", "napi-v8", BINDING_FILE);
  const sources = options.sources ?? path.join(__dirname, "engine", "native");
  const problem = (await compileBinding(sources, found, target, signal)) ?? (await loadProblem(fresh, options));
  if (problem !== undefined) return { ok: false, message: explain([...reasons, problem]) };
  const note = {
    name: "@tensorflow/tfjs-node",
    version: TFJS_NODE,
    fitlens: { tensorflow: found.version, python: found.python },
  };
  fs.writeFileSync(path.join(packageFolder, "package.json"), `${JSON.stringify(note, null, 2)}\n`);
  return { ok: true, description: `TensorFlow ${found.version} of ${found.python}` };
}

function explain(reasons: readonly string[]): string {
  const listed = [...new Set(reasons)].join("; ");
  return `The native engine could not be installed: ${listed}. Name a Python with TensorFlow in the setting fitlens.pythonPath (pip install tensorflow), or go online and try again. Until then WebAssembly trains.`;
}

/** The first Python that has one, else why none of them. */
async function findTensorFlow({ pythonCandidates = [], signal }: InstallOptions): Promise<PythonTensorFlow | string[]> {
  const onPath = ["python3", "python"].map(findProgram).filter((program) => program !== undefined);
  const reasons: string[] = [];
  for (const python of new Set([...pythonCandidates.filter((file) => fs.existsSync(file)), ...onPath])) {
    const found = await tensorflowIn(python, signal);
    if (typeof found !== "string") return found;
    reasons.push(found);
  }
  const missing = pythonCandidates.filter((file) => !fs.existsSync(file)).map((file) => `${file} does not exist`);
  return [...missing, ...(reasons.length > 0 ? reasons : ["there is no Python on the PATH"])];
}

/** Loads it in a process of its own, as the trainer will: what crashes there crashes nothing here. */
async function loadProblem(
  folder: string,
  { nodePath = process.execPath, signal }: InstallOptions,
): Promise<string | undefined> {
  const binding = bindingOf(installedPackage(folder));
  if (binding === undefined) return "the binding is missing after the installation";
  const result = await runCommand(nodePath, ["-e", "require(process.argv[1]).TF_Version.length", binding], {
    env: { ELECTRON_RUN_AS_NODE: "1", TF_CPP_MIN_LOG_LEVEL: "3" },
    timeoutMs: 60_000,
    ...(signal && { signal }),
  });
  return result.ok ? undefined : `the binding does not load (${lastLines(result.output, 2)})`;
}

function replaceFolder(folder: string, fresh: string): void {
  const old = `${folder}.${process.pid}.old`;
  fs.rmSync(old, { recursive: true, force: true });
  if (fs.existsSync(folder)) fs.renameSync(folder, old);
  try {
    fs.renameSync(fresh, folder);
  } catch (error) {
    if (fs.existsSync(old)) fs.renameSync(old, folder);
    throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}
