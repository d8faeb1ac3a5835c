// Keeps the engines' start from changing how the user's process behaves: emscripten takes over the handling of exceptions.

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** Runs `work`, then takes away the listeners that it has put on the process. */
export async function quietly<T>(work: () => T | Promise<T>): Promise<T> {
  const before = new Map(EVENTS.map((event) => [event, process.listeners(event as "uncaughtException")]));
  try {
    return await work();
  } finally {
    for (const event of EVENTS) {
      for (const listener of process.listeners(event as "uncaughtException")) {
        if (!before.get(event)?.includes(listener)) process.removeListener(event, listener);
      }
    }
  }
}
