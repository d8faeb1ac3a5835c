// Installs packages with the pip of an environment, and tells what it is doing. What is told comes from pip's own lines; how it
// ended comes from its exit.

import { compareVersions } from "../../model/versions";
import { type CommandResult, runCommand } from "../native/command";

const INSTALL_MILLIS = 3 * 60 * 60_000;
const SHORT_MILLIS = 60_000;
/** The first pip that can tell of a download's progress to a program. */
const TELLS_PROGRESS = "24.1";

export interface Pip {
  python: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal | undefined;
  /** One line on what is being done. */
  onProgress(message: string): void;
}

/** What the user's configuration of pip may hold that leads out of the environment, or waits for a keyboard. */
export const PIP_VARIABLES: Readonly<Record<string, string | undefined>> = {
  PIP_USER: "0",
  PIP_NO_INPUT: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_REQUIRE_VIRTUALENV: undefined,
  PIP_TARGET: undefined,
  PIP_PREFIX: undefined,
  PIP_ROOT: undefined,
  PIP_PYTHON: undefined,
  PIP_QUIET: undefined,
  PIP_VERBOSE: undefined,
  PIP_DRY_RUN: undefined,
};

/** The version of the pip in an environment; undefined: it has none that works. */
export async function pipVersion(pip: Pip): Promise<string | undefined> {
  const { ok, stdout } = await run(pip, ["--version"], SHORT_MILLIS);
  return ok ? /^pip (\S+)/m.exec(stdout)?.[1] : undefined;
}

/** A pip that knows newer packages' metadata and can tell of its progress. */
export async function updatePip(pip: Pip): Promise<CommandResult | undefined> {
  const version = await pipVersion(pip);
  if (version !== undefined && compareVersions(version, TELLS_PROGRESS) >= 0) return undefined;
  pip.onProgress("updating pip");
  return run(pip, ["install", "--upgrade", "--progress-bar", "off", "pip"], INSTALL_MILLIS);
}

export async function install(pip: Pip, packages: readonly string[]): Promise<CommandResult> {
  const version = (await pipVersion(pip)) ?? "0";
  const bar = compareVersions(version, TELLS_PROGRESS) >= 0 ? "raw" : "off";
  const teller = new Teller(pip.onProgress);
  return run(pip, ["install", "--progress-bar", bar, ...packages], INSTALL_MILLIS, (line) => teller.read(line));
}

/** What pip sees of its indexes when it looks for a package, one line each: `install` does not tell why it finds nothing. */
export async function lookUp(pip: Pip, requirement: string): Promise<string> {
  const name = requirement.split(/[=<>!~;[(\s]/)[0]!;
  const { output } = await run(
    pip,
    ["index", "versions", name, "-vv", "--retries", "0", "--timeout", "10"],
    SHORT_MILLIS,
  );
  return output;
}

/** Isolated from the folder it is started in and from PYTHON* variables. */
function run(
  { python, env, signal }: Pip,
  args: string[],
  timeoutMs: number,
  onLine?: (line: string) => void,
): Promise<CommandResult> {
  return runCommand(python, ["-I", "-m", "pip", ...args], {
    env: { ...PIP_VARIABLES, ...env },
    timeoutMs,
    ...(signal && { signal }),
    ...(onLine && { onLine }),
  });
}

/** Reads pip's lines. */
export class Teller {
  /** What is being downloaded: `tensorflow-cpu (230.5 MB)`. */
  #file = "";
  #told = "";

  constructor(readonly tell: (message: string) => void) {}

  read(line: string): void {
    const message = this.#message(line.trim());
    if (message === undefined || message === this.#told) return;
    this.#told = message;
    this.tell(message);
  }

  #message(line: string): string | undefined {
    const collecting = /^Collecting (\S+)/.exec(line)?.[1];
    if (collecting !== undefined) return `looking for ${nameOf(collecting)}`;
    const local = /^Processing (\S+\.(?:whl|tar\.gz|zip))$/.exec(line)?.[1];
    if (local !== undefined) return `taking ${nameOf(local.split(/[\\/]/).at(-1)!)}`;
    const file = /^(Downloading|Using cached) (\S+\.(?:whl|tar\.gz|zip)) \(([^)]+)\)/.exec(line);
    if (file) {
      this.#file = `${nameOf(file[2]!.split("/").at(-1)!)} (${file[3]})`;
      return `${file[1] === "Downloading" ? "downloading" : "taking"} ${this.#file}`;
    }
    const progress = /^Progress (\d+) of (\d+)$/.exec(line);
    if (progress && this.#file !== "" && Number(progress[2]) > 0) {
      const share = Math.floor((100 * Number(progress[1])) / Number(progress[2]));
      return `downloading ${this.#file}: ${share} %`;
    }
    const installing = /^Installing collected packages: (.+)$/.exec(line)?.[1]?.split(",").length;
    if (installing !== undefined) return `installing ${installing === 1 ? "1 package" : `${installing} packages`}`;
    if (/^Building wheels? /.test(line)) return "building a package from its source";
    return undefined;
  }
}

/** `tensorflow_cpu-2.15.1-cp311-…whl` and `tensorflow-cpu==2.15.1` → `tensorflow-cpu`. */
function nameOf(text: string): string {
  const file = /^([A-Za-z0-9._]+?)-\d.*\.(whl|tar\.gz|zip)$/.exec(text);
  return (file?.[1] ?? text.split(/[=<>!~;[(]/)[0]!).replaceAll("_", "-");
}
