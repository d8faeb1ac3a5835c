// Runs a program to its end: output kept, cancellable with everything that it has started, never through a shell.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

export interface CommandResult {
  ok: boolean;
  stdout: string;
  /** Both streams, in order. */
  output: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs: number;
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
    const kill = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
      } catch {
        // It has ended in the meantime.
      }
    };
    const timer = setTimeout(() => {
      take(`\nIt took longer than ${Math.round(options.timeoutMs / 1000)} s.`);
      kill();
    }, options.timeoutMs);
    options.signal?.addEventListener("abort", kill, { once: true });
    if (options.signal?.aborted) kill();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-MOST_CHARACTERS);
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    const done = (ok: boolean) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", kill);
      resolve({ ok, stdout, output });
    };
    child.once("error", (error) => {
      take(error.message);
      done(false);
    });
    child.once("close", (code) => done(code === 0));
  });
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
