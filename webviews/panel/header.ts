// The top of the page: what runs, how it stands, how far it is and how long still, and the buttons that steer it.
import type { FromPanel } from "../../src/protocol/panel";
import type { RunStatus } from "../../src/protocol/run";
import { formatCount, formatDuration, formatNumber } from "../../src/protocol/words";
import { plannedSteps } from "./axis";
import { button } from "./controls";
import { attribute, h, setText, show } from "./dom";
import { isEnded, type Model } from "./model";
import { baseName } from "./words";

type Request = Extract<FromPanel, { kind: "control" }>["request"];

export interface Header {
  readonly element: HTMLElement;
  update(model: Model, epochLength: number | undefined): void;
}

/** What a button says from the press until the run has changed. */
const ASKED: Record<Request, string> = {
  pause: "Pausing …",
  continue: "Continuing …",
  stop: "Stopping …",
  checkpoint: "Saving …",
  resume: "Resuming …",
};

export function makeHeader(send: (message: FromPanel) => void): Header {
  const name = h("h1");
  const facts = h("p", { class: "facts" });
  const state = h("p", { class: "state" });
  const fill = h("div", { class: "fill" });
  const ticks = h("div", { class: "ticks" });
  const progress = h(
    "div",
    {
      class: "progress",
      role: "progressbar",
      "aria-label": "Training progress",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    fill,
    ticks,
  );
  const [epoch, step, speed, left] = [h("span", { class: "strong" }), h("span"), h("span"), h("span")];
  const live = h("p", { class: "unseen", role: "status" });
  let asked: { request: Request; before: string } | undefined;
  let shown: Model | undefined;

  const ask = (request: Request) => {
    asked = { request, before: standing(shown?.status) };
    send({ kind: "control", request });
    if (shown) buttons(shown);
  };
  const controls = {
    pause: button("secondary", () => ask("pause")),
    continue: button("secondary", () => ask("continue")),
    stop: button("secondary", () => ask("stop")),
    checkpoint: button("secondary", () => ask("checkpoint")),
    resume: button("secondary", () => ask("resume")),
  };
  const convert = button("primary", () => send({ kind: "convert" }));
  const elements = [...Object.values(controls), convert].map((control) => control.element);
  const line = h("p", { class: "line" }, epoch, step, speed, left);
  const element = h(
    "div",
    { class: "top" },
    h("div", { class: "title" }, name, facts, state),
    progress,
    h("div", { class: "standing" }, line, h("div", { class: "buttons" }, ...elements)),
    live,
  );

  const buttons = (model: Model) => {
    const { status, canConvert, canResume } = model;
    if (asked && asked.before !== standing(status)) asked = undefined;
    const going = status?.state === "starting" || status?.state === "running";
    const paused = status?.state === "paused";
    const visible: Record<Request, boolean> = {
      pause: going,
      continue: paused,
      stop: going || paused,
      checkpoint: going || paused,
      resume: canResume && isEnded(status) && status?.state !== "finished",
    };
    const labels: Record<Request, string> = {
      pause: "Pause",
      continue: "Continue",
      stop: "Stop",
      checkpoint: "Checkpoint now",
      resume: "Resume",
    };
    for (const request of Object.keys(controls) as Request[]) {
      const waiting = asked?.request === request;
      controls[request].update({
        label: waiting ? ASKED[request] : labels[request],
        visible: visible[request],
        enabled: !waiting,
      });
    }
    convert.update({ label: "Convert to Estimator", visible: canConvert, enabled: true });
  };

  return {
    element,
    update(model, epochLength) {
      shown = model;
      const { run, status } = model;
      if (!run || !status) return;
      setText(name, baseName(run.script));
      attribute(name, "title", run.script);
      setText(facts, factWords(model));
      attribute(facts, "title", run.interpreter.path);
      setText(state, status.state);
      attribute(state, "class", `state ${status.state}`);
      const said = stateSentence(model);
      if (live.textContent !== said) live.textContent = said;

      const total = plannedSteps(status, epochLength);
      const part = status.state === "finished" ? 1 : total ? Math.min(1, (status.step ?? 0) / total) : undefined;
      show(progress, part !== undefined || !isEnded(status));
      fill.style.width = `${((part ?? 0) * 100).toFixed(2)}%`;
      attribute(progress, "aria-valuenow", part === undefined ? undefined : Math.floor(part * 100));
      const [epochText, stepText, speedText, leftText] = progressWords(status, total);
      attribute(progress, "aria-valuetext", [epochText, stepText, leftText].filter(Boolean).join(", ") || undefined);
      setText(epoch, epochText);
      setText(step, stepText);
      setText(speed, speedText);
      setText(left, leftText);
      drawTicks(ticks, status.epochs ?? 0);
      buttons(model);
    },
  };
}

/** What changes when a request has been served. */
const standing = (status: RunStatus | undefined): string =>
  `${status?.state} ${status?.attempt} ${status?.checkpoint?.at}`;

function factWords({ run, status }: Model): string {
  const { name, createdAt, language, interpreter } = run!;
  const { engine, framework, batchSize } = status!;
  const python = language === "python" && framework !== undefined && interpreter.version;
  const software = framework ?? (run!.language === "python" ? "Python" : "Node");
  return [
    name,
    `started ${timeWords(createdAt)}`,
    engine ? `${software} on ${engine.name}` : software,
    engine?.device,
    python && `Python ${interpreter.version}`,
    batchSize ? `batch ${batchSize.toLocaleString("en-US")}` : undefined,
  ]
    .filter(Boolean)
    .join(" · ");
}

function timeWords(at: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** epoch, step, speed and time, each empty when it is not known. */
function progressWords(status: RunStatus, total: number | undefined): [string, string, string, string] {
  const { epoch, epochs, step, examplesPerSecond, secondsLeft } = status;
  const ended = isEnded(status);
  // A training that is counted in steps, an Estimator's say, has no epochs.
  const counted = epoch !== undefined && (epochs !== undefined || epoch > 0);
  const current = !counted ? undefined : ended || epoch === epochs ? epoch : epoch + 1;
  const start = status.startedAt;
  const end = status.endedAt ?? status.heartbeat;
  const spent = start !== undefined && end !== undefined ? Math.max(0, (end - start) / 1000) : undefined;
  let time = "";
  if (ended)
    time = spent === undefined ? "" : `${status.state === "finished" ? "took" : "after"} ${formatDuration(spent)}`;
  else if (status.state === "paused") time = "paused";
  else if (secondsLeft !== undefined) {
    time = `${formatDuration(secondsLeft)} left${spent === undefined ? "" : ` of ${formatDuration(spent + secondsLeft)}`}`;
  }
  return [
    current === undefined ? "" : `epoch ${formatCount(current)}${epochs ? ` of ${formatCount(epochs)}` : ""}`,
    step === undefined ? "" : `step ${formatCount(step)}${total ? ` of ${formatCount(total)}` : ""}`,
    examplesPerSecond === undefined || ended ? "" : `${formatNumber(examplesPerSecond)} examples/s`,
    time,
  ];
}

/** For screen readers: said once a state, never once a point. */
function stateSentence({ run, status }: Model): string {
  const name = baseName(run!.script);
  switch (status!.state) {
    case "starting":
      return `${name} is starting.`;
    case "running":
      return `${name} is training.`;
    case "paused":
      return `${name} is paused.`;
    case "finished":
      return `${name} has finished training.`;
    case "stopped":
      return `${name} was stopped.`;
    case "failed":
      return `${name} failed${status!.error ? `: ${status!.error.message}` : "."}`;
    case "lost":
      return `The process that trained ${name} is gone.`;
  }
}

/** A tick an epoch, while they can be told apart. */
function drawTicks(into: HTMLElement, epochs: number): void {
  const count = epochs > 1 && epochs <= 100 ? epochs - 1 : 0;
  if (into.childElementCount === count) return;
  into.replaceChildren(
    ...Array.from({ length: count }, (_, index) => {
      const tick = h("i");
      tick.style.left = `${((index + 1) / epochs) * 100}%`;
      return tick;
    }),
  );
}
