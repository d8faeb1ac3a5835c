// The loop around the steps of one call: hooks, stops, and a breath for the rest of the process. Knows no model and no files.

import type { SessionRunContext, SessionRunHook } from "./hooks";
import { type Batch, batchSizeOf, disposeBatch, type Input } from "./input";

/** Longest time between two chances for timers, signals and other work in the process. */
const YIELD_EVERY_MS = 50;

export class Session implements SessionRunContext {
  globalStep: number;
  readonly maxSteps: number | null;
  readonly stepsPerEpoch: number | null;
  stopRequested = false;

  constructor(planned: { globalStep: number; maxSteps: number | null; stepsPerEpoch: number | null }) {
    this.globalStep = planned.globalStep;
    this.maxSteps = planned.maxSteps;
    this.stepsPerEpoch = planned.stepsPerEpoch;
  }

  requestStop(): void {
    this.stopRequested = true;
  }
}

/**
 * Runs `step` on each batch between the hooks' calls, until the input ends, `steps` are done or a stop is requested. `step` gives the
 * loss and moves `globalStep` where it should. `after` runs after the hooks, and may fail the loop.
 */
export async function runSteps(
  session: Session,
  input: Input,
  options: {
    hooks: readonly SessionRunHook[];
    steps: number | null;
    step: (batch: Batch) => Promise<number | null> | number | null;
    after?: (loss: number | null) => Promise<void> | void;
  },
): Promise<{ steps: number; loss: number | null; inputEnded: boolean }> {
  const { hooks, steps, step, after } = options;
  let loss: number | null = null;
  let lastYield = performance.now();
  let done = 0;
  while ((steps === null || done < steps) && !session.stopRequested) {
    const batch = await input.next();
    if (batch === null) return { steps: done, loss, inputEnded: true };
    try {
      for (const hook of hooks) if (hook.beforeRun) await hook.beforeRun(session);
      loss = await step(batch);
      done++;
      const values = { loss, globalStep: session.globalStep, batchSize: batchSizeOf(batch) };
      for (const hook of hooks) if (hook.afterRun) await hook.afterRun(session, values);
    } finally {
      disposeBatch(batch);
    }
    if (after) await after(loss);
    const now = performance.now();
    if (now - lastYield > YIELD_EVERY_MS) {
      await new Promise((resume) => setImmediate(resume));
      lastYield = performance.now();
    }
  }
  return { steps: done, loss, inputEnded: false };
}
