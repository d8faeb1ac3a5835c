// uv, where it is needed: it brings a Python that is not installed, and makes environments where Python comes without the part
// that does. Taken from the PATH, else installed by pip into a folder of Fitlens's own.
import fs from "node:fs";
import path from "node:path";
import { pythonIn } from "../interpreters";
import { type CommandResult, findProgram, runCommand } from "../native/command";
import { PIP_VARIABLES } from "./pip";

const MILLIS = 30 * 60_000;

export interface UvOptions {
  /** A folder of Fitlens's own. */
  storage: string;
  /** Pythons that may install it. */
  pythons: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal | undefined;
  onProgress(message: string): void;
}

/** Where the Pythons lie that it has brought. */
export const broughtFolder = (storage: string): string => path.join(storage, "pythons");

/** The program, or what was printed while it was tried to get it. */
export async function bringUv(options: UvOptions): Promise<{ program: string } | { output: string }> {
  const { storage, pythons, env, signal, onProgress } = options;
  const helper = path.join(storage, "uv");
  const packages = path.join(storage, "uv-packages");
  const there = () =>
    findProgram("uv") ?? [...programsIn(helper), ...programsIn(packages)].find((file) => fs.existsSync(file));
  const found = there();
  if (found !== undefined) return { program: found };
  onProgress("installing uv, which brings Python");
  let output = "";
  const run = async (python: string, args: string[]) => {
    const result = await runCommand(python, ["-I", "-m", ...args], {
      env: { ...PIP_VARIABLES, ...env },
      timeoutMs: MILLIS,
      ...(signal && { signal }),
    });
    output += result.output;
    return result.ok;
  };
  for (const python of pythons) {
    if (signal?.aborted) break;
    fs.rmSync(helper, { recursive: true, force: true });
    const own = (await run(python, ["venv", helper])) && pythonIn(helper);
    if (own) await run(own, ["pip", "install", "uv"]);
    // Debian's Python may have pip, but not what makes environments.
    else await run(python, ["pip", "install", "--target", packages, "--upgrade", "uv"]);
    const program = there();
    if (program !== undefined) return { program };
  }
  return { output };
}

function programsIn(folder: string): string[] {
  return ["bin/uv", "Scripts/uv.exe", "bin/uv.exe"].map((name) => path.join(folder, name));
}

/** A Python of a version; undefined in `python`: it could not be brought. */
export async function bringPython(
  program: string,
  minor: number,
  options: UvOptions,
): Promise<{ python: string | undefined; output: string }> {
  options.onProgress(`bringing Python 3.${minor} by uv`);
  const result = await runUv(program, ["python", "install", `3.${minor}`], options);
  return { python: broughtPython(options.storage, minor), output: result.output };
}

function broughtPython(storage: string, minor: number): string | undefined {
  const home = broughtFolder(storage);
  const names = fs.existsSync(home) ? fs.readdirSync(home) : [];
  const fitting = names.filter((name) => name.startsWith(`cpython-3.${minor}.`)).sort();
  return fitting.map((name) => pythonIn(path.join(home, name))).findLast((python) => python !== undefined);
}

/** An environment with pip in it, into a folder that may be there. */
export function makeByUv(program: string, folder: string, python: string, options: UvOptions): Promise<CommandResult> {
  return runUv(program, ["venv", "--seed", "--allow-existing", "--python", python, folder], options);
}

function runUv(program: string, args: string[], { storage, env, signal }: UvOptions): Promise<CommandResult> {
  fs.mkdirSync(storage, { recursive: true });
  const certificate = process.env["PIP_CERT"];
  return runCommand(program, args, {
    // Outside of the workspace, whose own configuration of uv is about something else.
    cwd: storage,
    env: {
      UV_PYTHON_INSTALL_DIR: broughtFolder(storage),
      UV_PYTHON_INSTALL_BIN: "0",
      UV_PYTHON_INSTALL_REGISTRY: "0",
      ...(certificate !== undefined && { SSL_CERT_FILE: process.env["SSL_CERT_FILE"] ?? certificate }),
      ...env,
    },
    timeoutMs: MILLIS,
    ...(signal && { signal }),
  });
}
