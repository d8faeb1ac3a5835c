// Watches how the process ends and says it in the status: an exception with its place in the source, an exit code, or well.
// It only looks: what Node prints and the exit code stay as they are.
import type { RunStatus } from "../../protocol/run";
import { headPlace, importPlace, userPlace } from "./places";
import type { StatusFile } from "./status";
import { syntaxErrorPlace } from "./syntax";

type Failure = NonNullable<RunStatus["error"]>;

export interface Ending {
  /** Stop was asked for. */
  stopped(): boolean;
  /** Writes what is still to write. */
  flush(): void;
}

export function watchEnd(status: StatusFile, script: string, dist: string, ending: Ending): void {
  let failure: Failure | undefined;
  process.on("uncaughtExceptionMonitor", (error: unknown) => {
    failure = describe(error, script, dist);
    // Deep inside TensorFlow.js the stack ends before the user's own code: then it is the call that trains.
    const { call } = status.current;
    if (!failure.at && call) failure.at = call;
    status.set({ error: failure });
  });
  process.on("exit", (code) => {
    ending.flush();
    // Node sets 13 while this event is on its way, where a top-level await never ended.
    const exitCode = Number(process.exitCode ?? code);
    if (exitCode === 0) {
      status.end({ state: ending.stopped() ? "stopped" : "finished", exitCode });
    } else if (ending.stopped() && !failure) {
      status.end({ state: "stopped", exitCode });
    } else {
      if (failure && !failure.at && failure.message.startsWith("SyntaxError")) {
        const at = syntaxErrorPlace(script, dist);
        if (at) failure = { ...failure, at };
      }
      status.end({ state: "failed", exitCode, error: failure ?? { message: exitMessage(exitCode) } });
    }
  });
}

export function describe(error: unknown, script: string, dist: string): Failure {
  if (!(error instanceof Error) && !isErrorLike(error)) {
    return { message: `Thrown: ${short(error)}` };
  }
  const { name, message } = error;
  const stack = error.stack ?? "";
  const at = headPlace(stack, dist) ?? importPlace(message, script) ?? userPlace(stack, dist);
  const plain = message.split("\n")[0] ?? "";
  const failure: Failure = { message: name === "Error" || plain === "" ? plain || name : `${name}: ${plain}`, stack };
  if (at) failure.at = at;
  return failure;
}

/** Errors of another realm, and those that came over from the thread of the hooks. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "message" in value && typeof value.message === "string";
}

function exitMessage(exitCode: number): string {
  if (exitCode === 13) {
    return "The script ended while its top-level await was still waiting for something that never came (exit code 13).";
  }
  return `The script ended itself with exit code ${exitCode}.`;
}

function short(value: unknown): string {
  try {
    return String(value).slice(0, 500);
  } catch {
    return typeof value;
  }
}
