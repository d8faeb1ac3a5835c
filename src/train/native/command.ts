// Runs a program to its end: output kept, cancellable with everything that it has started, never through a shell.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export interface CommandResult {
  ok: boolean;
  stdout: string;
  /** Both streams, in order. */
  output: string;
  /** How it ended; null where a signal did it or where it did not start. */
  exitCode: number | null;
}

export interface CommandOptions {
  cwd?: string;
  /** Added to the environment; undefined takes a variable out of it. */
  env?: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  timeoutMs: number;
  /** Called with each whole line of either stream, as it comes. */
  onLine?(line: string): void;
}

const MOST_CHARACTERS = 1_000_000;

export function runCommand(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    let [stdout, output] = ["", ""];
    const take = (text: string) => {
      output = (output + text).slice(-MOST_CHARACTERS);
    };
    const child = spawn(program, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...cleanEnvironment(), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const end = () => killTree(child.pid);
    const timer = setTimeout(() => {
      take(`\nIt took longer than ${Math.round(options.timeoutMs / 1000)} s.`);
      end();
    }, options.timeoutMs);
    options.signal?.addEventListener("abort", end, { once: true });
    if (options.signal?.aborted) end();
    const [outLines, errorLines] = [inLines(options.onLine), inLines(options.onLine)];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-MOST_CHARACTERS);
      take(text);
      outLines(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      take(text);
      errorLines(text);
    });
    const done = (exitCode: number | null) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", end);
      resolve({ ok: exitCode === 0, stdout, output, exitCode });
    };
    child.once("error", (error) => {
      take(error.message);
      done(null);
    });
    child.once("close", done);
  });
}

/** The process with all that it has started: its group, which Windows does not have. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  if (process.platform !== "win32") {
    kill(-pid);
    return;
  }
  const taskkill = path.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
  const options = { stdio: "ignore", windowsHide: true } as const;
  spawn(taskkill, ["/PID", String(pid), "/T", "/F"], options).once("error", () => kill(pid));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended in the meantime.
  }
}

/** Puts the pieces of a stream together to lines. */
function inLines(onLine: ((line: string) => void) | undefined): (text: string) => void {
  let rest = "";
  return (text) => {
    if (!onLine) return;
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  };
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/i.test(name));
  return Object.fromEntries(kept);
}

/** Full path of a program on the PATH. Folders that are not absolute could lie in a workspace and are passed over. */
export function findProgram(name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
    }
  }
  return undefined;
}

/** The last lines that say something, for a message. */
export function lastLines(output: string, count = 3): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-count)
    .join(" ")
    .slice(0, 600);
}
