// The graph's page: connects to its host and shows what comes. Failures of the page go to the host's log.
import "./graph.css";
import { connect } from "./host";
import { Page } from "./page";

const root = document.body.querySelector("main")!;
const host = connect((message) => page.receive(message));

const report = (error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  host.send({ kind: "error", message: text.slice(0, 10_000) });
};
window.addEventListener("error", ({ error, message }) => {
  if (!message.startsWith("ResizeObserver")) report(error ?? message);
});
window.addEventListener("unhandledrejection", ({ reason }) => report(reason));

const page = new Page(root, host);
host.send({ kind: "ready" });
