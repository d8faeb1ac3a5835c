// What the end of a Python process means, where its output, its exit code or its signal tells.
import type { SourcePlace } from "../protocol/run";

interface Ending {
  message: string;
  at?: SourcePlace;
}

/** Windows ends a process with one of these instead of a signal. */
const ACCESS_VIOLATION = 0xc0000005;
const ILLEGAL_INSTRUCTION = 0xc000001d;

export function pythonEnding(
  output: string,
  code: number | null,
  signal: NodeJS.Signals | null,
): Ending | string | undefined {
  if (/No module named '?encodings'?|init_fs_encoding/.test(output)) {
    return "Python did not start: it does not find its own library. Its environment is broken, or PYTHONHOME leads elsewhere. Make the environment again, or select another Python.";
  }
  const library = /error while loading shared libraries: (\S+?):/.exec(output)?.[1];
  if (library !== undefined) {
    return `Python did not start: the library ${library} is missing. Reinstall this Python, or select another one.`;
  }
  if (signal === "SIGILL" || code === ILLEGAL_INSTRUCTION) {
    return "A library uses instructions that this machine's processor does not have (SIGILL; TensorFlow needs AVX). Install a build of it that is made for this processor.";
  }
  if (signal === "SIGSEGV" || signal === "SIGBUS" || signal === "SIGFPE" || code === ACCESS_VIOLATION) {
    const at = crashPlace(output);
    return {
      message: `A library crashed in native code (${signal ?? "access violation"})${at ? ", called from here" : ""}. The end of the output has the stack of all threads.`,
      ...(at && { at }),
    };
  }
  if (signal === "SIGABRT") {
    const reason = /^.*\b(?:Check failed|terminate called|what\(\)|F\d{4}|Fatal Python error).*$/m.exec(output)?.[0];
    return `A library gave up (SIGABRT)${reason ? `: ${reason.trim().slice(0, 300)}` : "; the end of the output says why."}`;
  }
  if (signal === null && code === 2) {
    const usage = /^\S+: error: (.+)$/m.exec(output)?.[1];
    if (usage !== undefined) return `The script does not accept its arguments: ${usage.trim().slice(0, 300)}.`;
  }
  return undefined;
}

/** The innermost line of the user's own on the thread that crashed, as faulthandler prints it: `File "/w/a.py", line 3 in step`. */
function crashPlace(output: string): SourcePlace | undefined {
  const crash = output.slice(output.lastIndexOf("Fatal Python error"));
  const stack = /^Current thread [^\n]*\n((?: +File [^\n]*\n?)+)/m.exec(crash)?.[1] ?? "";
  for (const [, file, line] of stack.matchAll(/^ +File "([^"\n]+)", line (\d+) in /gm)) {
    if (!isLibrary(file!)) return { file: file!, line: Number(line) };
  }
  return undefined;
}

const isLibrary = (file: string): boolean =>
  file.startsWith("<") || /[\\/](site-packages|dist-packages|python\d[\d.]*|fitlens)[\\/]/i.test(file);
