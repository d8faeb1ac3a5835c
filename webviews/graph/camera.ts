// Where on the screen the picture is, and how large: wheel, drag, pinch, keys and buttons move it. Knows no graph.
import type { Box } from "./boxes";
import type { Camera } from "./view";

const [LEAST, MOST] = [0.05, 3];
/** Cards are not shown smaller than this at first, however large the graph is. */
const READABLE = 0.7;
const MARGIN = 24;

export interface Moving {
  readonly camera: Camera;
  set(camera: Camera): void;
  zoom(factor: number, at?: { x: number; y: number }): void;
  pan(x: number, y: number): void;
  /** All of it; `readable`: its beginning where all of it were too small. */
  fit(size: { width: number; height: number }, options?: { readable?: boolean }): void;
  /** The least move that brings a box into sight. */
  reveal(box: Box): void;
}

export function makeCamera(stage: SVGSVGElement, moved: (camera: Camera) => void): Moving {
  let camera: Camera = { x: 0, y: 0, scale: 1 };
  const size = () => ({ width: stage.clientWidth || 800, height: stage.clientHeight || 600 });
  const set = (next: Camera): void => {
    camera = next;
    moved(camera);
  };
  const zoom = (factor: number, at = { x: size().width / 2, y: size().height / 2 }): void => {
    const scale = Math.min(MOST, Math.max(LEAST, camera.scale * factor));
    const by = scale / camera.scale;
    set({ x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by, scale });
  };
  const pan = (x: number, y: number): void => set({ ...camera, x: camera.x + x, y: camera.y + y });

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      const bounds = stage.getBoundingClientRect();
      // A pinch on a touch pad comes as a wheel with Control.
      if (event.ctrlKey || event.metaKey) {
        const strength = Math.max(-60, Math.min(60, event.deltaY * lines));
        zoom(Math.exp(-strength / 180), { x: event.clientX - bounds.left, y: event.clientY - bounds.top });
      } else if (event.shiftKey && event.deltaX === 0) pan(-event.deltaY * lines, 0);
      else pan(-event.deltaX * lines, -event.deltaY * lines);
    },
    { passive: false },
  );
  drag(stage, pan);

  return {
    get camera() {
      return camera;
    },
    set,
    zoom,
    pan,
    fit(picture, { readable = false } = {}) {
      const { width, height } = size();
      const whole = Math.min((width - MARGIN) / picture.width, (height - MARGIN) / picture.height, 1);
      const scale = Math.max(LEAST, readable ? Math.max(whole, READABLE) : whole);
      const y = picture.height * scale > height ? 0 : Math.max(0, (height - picture.height * scale) / 2);
      const x = (width - picture.width * scale) / 2;
      set({ x, y: readable ? Math.min(y, MARGIN) : y, scale });
    },
    reveal(box) {
      const { width, height } = size();
      const { x, y, scale } = camera;
      const [left, top] = [box.x * scale + x, box.y * scale + y];
      const dx = inside(left, box.width * scale, width);
      const dy = inside(top, box.height * scale, height);
      if (dx !== 0 || dy !== 0) pan(dx, dy);
    },
  };
}

/** How far something must move to lie within a stretch. */
function inside(start: number, length: number, whole: number): number {
  if (start < MARGIN) return MARGIN - start;
  const over = start + length - (whole - MARGIN);
  return over > 0 ? -Math.min(over, start - MARGIN) : 0;
}

/** A press that moves is no click: what is under it is not opened. */
function drag(stage: SVGSVGElement, pan: (x: number, y: number) => void): void {
  let last: { x: number; y: number } | undefined;
  let travelled = 0;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    last = { x: event.clientX, y: event.clientY };
    travelled = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    if (!last || event.buttons === 0) {
      last = undefined;
      return;
    }
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled <= 4) return;
    if (!stage.hasPointerCapture(event.pointerId)) stage.setPointerCapture(event.pointerId);
    stage.classList.add("dragged");
    last = { x: event.clientX, y: event.clientY };
    pan(dx, dy);
  });
  const end = (): void => {
    last = undefined;
    setTimeout(() => stage.classList.remove("dragged"));
  };
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
  stage.addEventListener(
    "click",
    (event) => {
      if (travelled > 4) event.stopPropagation();
      travelled = 0;
    },
    { capture: true },
  );
}
