// The page as a whole: what is shown follows from the models that the host sends and the view that the user has set. A new layout
// leaves what one looks at where it was.
import type { FromGraph, GraphPlace, ModelGraph, ToGraph } from "../../src/protocol/graph";
import type { Host } from "../host";
import { action, h, setText, show } from "../panel/dom";
import { onThemeChange } from "../panel/theme";
import type { Box } from "./boxes";
import { makeCamera } from "./camera";
import { type Cursor, isAtModel, itemsAt } from "./cursor";
import { type Drawn, draw } from "./draw";
import { openAtFirst, type Seen } from "./fold";
import { makeHeader } from "./header";
import { makeLayout, type Placed, workerFrom } from "./layout";
import { readFonts } from "./metrics";
import { isDirection, nextIn } from "./navigate";
import { pictureOf, pngOf } from "./picture";
import { type Scene, sceneOf } from "./scene";
import { s } from "./svg";
import { type Camera, type View, viewForDocument, viewFrom } from "./view";

/** What is on the screen now. */
interface Shown {
  readonly model: string;
  readonly seen: Seen;
  readonly placed: Placed;
  readonly drawn: Drawn;
}

/** How long a layout may take before it is said that it is being made. */
const PATIENCE = 400;

export class Page {
  private models: readonly ModelGraph[] = [];
  private view: View;
  private name = "";
  private cursor: Cursor | undefined;
  private shown: Shown | undefined;
  private wanted = "";
  private readonly layout;
  private readonly header = makeHeader({
    choose: (model) => this.choose(model),
    zoom: (factor) => this.camera.zoom(factor),
    fit: () => this.shown && this.camera.fit(this.shown.placed),
    fold: (isOpen) => this.foldAll(isOpen),
    save: (format) => void this.save(format),
  });
  private readonly stage = s("svg", { class: "stage", role: "group", tabindex: -1 });
  private readonly camera = makeCamera(this.stage, (camera) => this.moved(camera));
  private readonly message = h("h1", {}, "Reading the model …");
  private readonly begin = action("New Model…", () => this.host.send({ kind: "new-model" }));
  private readonly instead = h("div", { class: "empty" }, this.message, this.begin);
  private readonly status = h("p", { class: "status", role: "status" });
  private readonly body: HTMLElement;

  constructor(
    root: HTMLElement,
    private readonly host: Host<FromGraph>,
  ) {
    this.view = viewFrom(host.state);
    this.layout = makeLayout(() => workerFrom(root.dataset["worker"] ?? ""));
    this.body = h("div", { class: "body" }, this.header.element, this.stage as unknown as HTMLElement, this.status);
    show(this.body, false);
    show(this.status, false);
    show(this.begin, false);
    root.append(this.body, this.instead);
    this.stage.addEventListener("click", (event) => this.clicked(event));
    this.stage.addEventListener("keydown", (event) => this.pressed(event));
    this.stage.addEventListener("focusin", (event) => this.focused(event));
    onThemeChange(() => this.render());
  }

  receive(message: ToGraph): void {
    switch (message.kind) {
      case "models":
        this.models = message.models;
        this.name = message.name;
        this.keep(viewForDocument(this.view, message.document));
        this.render();
        break;
      case "cursor":
        this.cursor = message;
        this.follow();
        break;
      case "gone":
        this.say(message.message);
        break;
    }
  }

  private get model(): ModelGraph | undefined {
    const { models } = this;
    return models.find(({ id }) => id === this.view.model) ?? models.find(({ isPart }) => !isPart) ?? models[0];
  }

  /** Instead of a picture. */
  private say(text: string, canBegin = false): void {
    show(this.body, false);
    show(this.instead, true);
    show(this.begin, canBegin);
    setText(this.message, text);
  }

  private isOpen(model: ModelGraph): (group: string) => boolean {
    const byHand = this.view.folds[model.id] ?? {};
    const atFirst = openAtFirst(model);
    return (group) => byHand[group] ?? atFirst.has(group);
  }

  /** Draws what is wanted now, where that is not what is drawn already. */
  private render(anchor?: string): void {
    const { model } = this;
    if (!model) {
      this.say(emptyWords(this.name), true);
      return;
    }
    show(this.body, true);
    show(this.instead, false);
    const scene = sceneOf(model, this.isOpen(model), readFonts());
    const closed = scene.seen.cards.filter(({ isGroup }) => isGroup).length;
    this.header.update(this.models, model, { open: scene.seen.frames.length, closed });
    this.stage.setAttribute("aria-label", `Graph of ${model.title}`);
    if (this.wanted === scene.key) {
      this.mark();
      return;
    }
    this.wanted = scene.key;
    void this.layOut(model.id, scene, anchor);
  }

  private async layOut(model: string, scene: Scene, anchor: string | undefined): Promise<void> {
    const timer = setTimeout(() => this.tell("Laying out …"), PATIENCE);
    try {
      const placed = await this.layout.place(scene.question);
      // Something else may be wanted by now.
      if (!placed || this.wanted !== scene.key) return;
      this.put({ model, seen: scene.seen, placed, drawn: draw(scene, placed) }, anchor);
      this.tell("");
    } catch (error) {
      this.wanted = "";
      this.tell(`The graph could not be laid out: ${error instanceof Error ? error.message : error}`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Draws anew, with what one looks at in its old place. */
  private put(next: Shown, anchor: string | undefined): void {
    const before = this.shown;
    const { camera } = this.camera;
    const focused = this.stage.contains(document.activeElement) ? this.view.selected : null;
    this.shown = next;
    this.stage.replaceChildren(next.drawn.content);
    const kept = this.view.cameras[next.model];
    if (before?.model === next.model) {
      const id = this.anchorOf(before, next, anchor);
      const [from, to] = [id && before.drawn.items.get(id)?.box, id && next.drawn.items.get(id)?.box];
      if (from && to) {
        this.camera.set({
          scale: camera.scale,
          x: camera.x + (from.x + from.width / 2 - to.x - to.width / 2) * camera.scale,
          y: camera.y + (from.y - to.y) * camera.scale,
        });
      } else this.camera.set(camera);
    } else if (kept) this.camera.set(kept);
    else this.camera.fit(next.placed, { readable: true });
    this.mark();
    if (focused) next.drawn.items.get(focused)?.element.focus({ preventScroll: true });
  }

  /** What stays in its place: what was folded, what is selected, else what is nearest to the middle of the screen. */
  private anchorOf(before: Shown, next: Shown, wished: string | undefined): string | undefined {
    const isInBoth = (id: string | null | undefined): id is string =>
      typeof id === "string" && before.drawn.items.has(id) && next.drawn.items.has(id);
    if (isInBoth(wished)) return wished;
    const { camera } = this.camera;
    const isOnScreen = (box: Box): boolean => {
      const [x, y] = [box.x * camera.scale + camera.x, box.y * camera.scale + camera.y];
      return x > -box.width && y > -box.height && x < this.stage.clientWidth && y < this.stage.clientHeight;
    };
    const { selected } = this.view;
    if (isInBoth(selected) && isOnScreen(before.drawn.items.get(selected)!.box)) return selected;
    let best: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [id, { box }] of before.drawn.items) {
      if (!next.drawn.items.has(id)) continue;
      const x = (box.x + box.width / 2) * camera.scale + camera.x - this.stage.clientWidth / 2;
      const y = (box.y + box.height / 2) * camera.scale + camera.y - this.stage.clientHeight / 2;
      const far = Math.hypot(x, y);
      if (far < least) [best, least] = [id, far];
    }
    return best;
  }

  /** Shows where the editor's cursor is and what is selected. */
  private mark(): string[] {
    const { shown, model, cursor } = this;
    if (!shown || !model || shown.model !== model.id) return [];
    const items = shown.drawn.items;
    const found = cursor ? itemsAt(model, cursor).map((id) => shown.seen.shownAs.get(id) ?? id) : [];
    const here = new Set(found.filter((id) => items.has(id)));
    const { selected } = this.view;
    const stop = selected !== null && items.has(selected) ? selected : items.keys().next().value;
    for (const [id, { element }] of items) {
      element.classList.toggle("here", here.has(id));
      if (here.has(id)) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
      element.setAttribute("tabindex", id === stop ? "0" : "-1");
    }
    for (const line of shown.drawn.content.querySelectorAll<SVGGElement>(".line")) {
      const { from, to } = line.dataset;
      line.classList.toggle("here", here.has(from ?? "") || here.has(to ?? ""));
    }
    return [...here];
  }

  /** After the editor's cursor: to another model where it is in that, and to the node. */
  private follow(): void {
    const { cursor, model } = this;
    if (!cursor || !model) return;
    if (itemsAt(model, cursor).length === 0) {
      const other = this.models.find((one) => one.id !== model.id && itemsAt(one, cursor).length > 0);
      const made = this.models.find((one) => one.id !== model.id && isAtModel(one, cursor));
      const next = other ?? (isAtModel(model, cursor) ? undefined : made);
      if (next) {
        this.choose(next.id);
        return;
      }
    }
    const here = this.mark();
    const boxes = here.map((id) => this.shown!.drawn.items.get(id)!.box);
    if (boxes.length > 0 && boxes.length <= 8) this.camera.reveal(around(boxes));
  }

  private choose(model: string): void {
    this.keep({ model, selected: null });
    this.render();
  }

  private foldAll(isOpen: boolean): void {
    const { model } = this;
    if (!model) return;
    const folds = Object.fromEntries(model.groups.map(({ id }) => [id, isOpen]));
    this.keep({ folds: { ...this.view.folds, [model.id]: folds } });
    this.render();
  }

  private toggle(id: string): void {
    const { model } = this;
    if (!model || !this.shown) return;
    const isOpen = this.shown.seen.frames.some((frame) => frame.id === id);
    this.keep({ folds: { ...this.view.folds, [model.id]: { ...this.view.folds[model.id], [id]: !isOpen } } });
    this.render(id);
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const id = target.closest<SVGGElement>(".item")?.dataset["id"];
    if (id === undefined) return;
    this.select(id);
    if (target.closest(".fold")) this.toggle(id);
    else this.open(id);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { selected } = this.view;
    const { key } = event;
    const items = this.shown?.drawn.items;
    if (!items) return;
    if (key === "+" || key === "=") this.camera.zoom(1.25);
    else if (key === "-") this.camera.zoom(1 / 1.25);
    else if (key === "0") this.camera.fit(this.shown!.placed);
    else if (key === "Home") this.go(items.keys().next().value);
    else if (key === "End") this.go([...items.keys()].at(-1));
    else if (selected !== null && key === "Enter") this.open(selected);
    else if (selected !== null && key === " ") {
      if (this.model?.groups.some(({ id }) => id === selected)) this.toggle(selected);
    } else if (selected !== null && isDirection(key)) {
      this.go(nextIn(new Map([...items].map(([id, { box }]) => [id, box])), selected, key));
    } else return;
    event.preventDefault();
  }

  private go(id: string | undefined): void {
    const item = id === undefined ? undefined : this.shown?.drawn.items.get(id);
    if (id === undefined || !item) return;
    this.select(id);
    item.element.focus({ preventScroll: true });
    this.camera.reveal(item.box);
  }

  private focused(event: FocusEvent): void {
    const id = (event.target as SVGGElement).dataset["id"];
    if (id !== undefined) this.select(id);
  }

  private select(id: string): void {
    if (this.view.selected === id) return;
    this.keep({ selected: id });
    this.mark();
  }

  /** To the source. */
  private open(id: string): void {
    const { model } = this;
    const item = model && [...model.nodes, ...model.groups].find((one) => one.id === id);
    const at: GraphPlace | null | undefined = item?.place ?? item?.made;
    if (at) this.host.send({ kind: "open-source", at });
    else if (model && item) this.host.send({ kind: "open-source", at: model.place });
  }

  private moved({ x, y, scale }: Camera): void {
    this.shown?.drawn.content.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    if (this.shown) this.keepSoon({ x, y, scale });
  }

  private timer = 0;
  private keepSoon(camera: Camera): void {
    clearTimeout(this.timer);
    const model = this.shown!.model;
    this.timer = window.setTimeout(() => this.keep({ cameras: { ...this.view.cameras, [model]: camera } }), 150);
  }

  private keep(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.host.state = this.view;
  }

  private tell(text: string): void {
    show(this.status, text !== "");
    setText(this.status, text);
  }

  private async save(format: "svg" | "png"): Promise<void> {
    const { shown, model } = this;
    if (!shown || !model) return;
    try {
      const marked = shown.drawn.content.querySelectorAll(".here");
      for (const one of marked) one.classList.remove("here");
      const picture = pictureOf(shown.drawn.content, shown.placed, model.title);
      this.mark();
      const data = format === "svg" ? picture.svg : await pngOf(picture);
      this.host.send({ kind: "export", format, name: model.title, data });
      this.tell("");
    } catch (error) {
      this.tell(error instanceof Error ? error.message : String(error));
    }
  }
}

function around(boxes: readonly Box[]): Box {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

const emptyWords = (name: string): string =>
  `No model in ${name} yet. Write one with keras.Sequential, keras.Model or tf.sequential, and it is drawn here as you type.`;
