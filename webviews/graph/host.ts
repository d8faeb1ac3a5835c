// The page's end of the conversation with its host: sends what FromGraph allows, hands on what checks as ToGraph.
import * as v from "valibot";
import { type FromGraph, ToGraph } from "../../src/protocol/graph";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  send(message: FromGraph): void;
  state: unknown;
}

/** Messages that do not check are dropped: a newer host may say more than this page knows. */
export function connect(receive: (message: ToGraph) => void): Host {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }) => {
    const checked = v.safeParse(ToGraph, data);
    if (checked.success) receive(checked.output);
  });
  return {
    send: (message) => api.postMessage(message),
    get state() {
      return api.getState();
    },
    set state(state) {
      api.setState(state);
    },
  };
}
