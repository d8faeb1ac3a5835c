// Draws at most once a frame, nothing while the page is hidden, and no longer than a budget: what is left over waits for
// the next frame, so that a page full of charts stays smooth.

export interface Drawable {
  /** Is it where it can be seen. */
  readonly visible: boolean;
  draw(): void;
}

/** Milliseconds of drawing after which the rest waits for the next frame. */
const BUDGET = 2;

export class Frames {
  private readonly waiting = new Set<Drawable>();
  private handle = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => this.request());
  }

  want(drawable: Drawable): void {
    this.waiting.add(drawable);
    this.request();
  }

  forget(drawable: Drawable): void {
    this.waiting.delete(drawable);
  }

  private request(): void {
    if (this.handle === 0 && this.waiting.size > 0 && document.visibilityState === "visible") {
      this.handle = requestAnimationFrame(() => this.frame());
    }
  }

  private frame(): void {
    this.handle = 0;
    const start = performance.now();
    let left = false;
    for (const drawable of [...this.waiting]) {
      if (!drawable.visible) continue;
      if (performance.now() - start > BUDGET) {
        left = true;
        break;
      }
      this.waiting.delete(drawable);
      drawable.draw();
    }
    if (left) this.request();
  }
}
