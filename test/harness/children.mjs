// Runs programs that may hang or crash: their output passes through, its end is kept, and they end when their time is up.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

const running = new Set();

/** Ends what still runs when this process is told to end. */
export function endChildrenWithUs() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, async () => {
      await Promise.all([...running].map(end));
      process.exit(130);
    });
  }
}

/**
 * Runs a program. Resolves to its exit status, the end of its output, and whether its time was up. `print` takes its output
 * in place of ours; `nice` lets others go first on the processors.
 */
export async function runProgram(program, args, { cwd, env = process.env, seconds = 900, print, nice = false } = {}) {
  const posix = process.platform !== "win32";
  // A group of its own, so that what the program starts ends with it. Only npm is a script on Windows.
  const shell = /\.cmd$/i.test(program);
  const child = spawn(program, args, { cwd, env, detached: posix, shell, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  if (nice && child.pid) letOthersGoFirst(child.pid);
  let tail = "";
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    stream.on("data", (data) => {
      tail = (tail + data).slice(-8000);
      if (print) print(data);
      else out.write(data);
    });
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end(child);
  }, seconds * 1000);
  const status = await new Promise((resolve) => {
    child.on("error", (error) => {
      tail += error.message;
      resolve(127);
    });
    // Not "close": a grandchild that outlives the program may hold its output open.
    child.on("exit", (code, signal) => setTimeout(resolve, 100, code ?? signal));
  });
  clearTimeout(timer);
  running.delete(child);
  return { status, tail, timedOut };
}

/** Linux may weigh sessions against each other, where a process's own priority counts within its session only: it has both set. */
function letOthersGoFirst(pid) {
  const priority = os.constants.priority.PRIORITY_BELOW_NORMAL;
  try {
    os.setPriority(pid, priority);
    if (process.platform === "linux") fs.writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // It has ended already, or this system does not weigh sessions: it goes on as it is.
  }
}

/** Asks the program's group to end, and ends it if it has not after ten seconds. */
async function end(child) {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  signal(child, "SIGTERM");
  await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
  signal(child, "SIGKILL");
}

function signal(child, name) {
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // Already gone.
  }
}
