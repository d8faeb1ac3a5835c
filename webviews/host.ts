// A page's end of the conversation with its host: sends what the protocol allows, hands on what checks, tells the host of failures of
// the page. Knows no page.
import * as v from "valibot";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<Message> {
  send(message: Message): void;
  state: unknown;
}

/** What every page may send. */
interface Failure {
  readonly kind: "error";
  readonly message: string;
}

/** Messages that do not check are dropped: a newer host may say more than this page knows. */
export function connect<From extends { kind: string }, Schema extends v.GenericSchema>(
  schema: Schema,
  receive: (message: v.InferOutput<Schema>) => void,
): Host<From | Failure> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }) => {
    const checked = v.safeParse(schema, data);
    if (checked.success) receive(checked.output);
  });
  const host: Host<From | Failure> = {
    send: (message) => api.postMessage(message),
    get state() {
      return api.getState();
    },
    set state(state) {
      api.setState(state);
    },
  };
  const report = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.send({ kind: "error", message: text.slice(0, 10_000) });
  };
  // ResizeObserver says so when a resize is handled a frame later, which is how it is meant.
  window.addEventListener("error", ({ error, message }) => {
    if (!message.startsWith("ResizeObserver")) report(error ?? message);
  });
  window.addEventListener("unhandledrejection", ({ reason }) => report(reason));
  return host;
}
