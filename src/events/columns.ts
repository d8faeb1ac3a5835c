// Points of one tag as three growing columns.

/** Columns of equal length, in file order. */
export interface Columns {
  steps: Float64Array<ArrayBuffer>;
  /** Milliseconds since 1970. */
  times: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
}

const FIRST_POINTS = 16;
const KEPT_POINTS = 1024;

export class GrowingColumns {
  length = 0;
  #steps = new Float64Array(FIRST_POINTS);
  #times = new Float64Array(FIRST_POINTS);
  #values = new Float64Array(FIRST_POINTS);

  push(step: number, time: number, value: number): void {
    const at = this.length;
    if (at === this.#steps.length) this.#grow();
    this.#steps[at] = step;
    this.#times[at] = time;
    this.#values[at] = value;
    this.length = at + 1;
  }

  /** Copies, so that they may be handed to another thread; then begins anew. */
  take(): Columns {
    const { length } = this;
    const columns = {
      steps: this.#steps.slice(0, length),
      times: this.#times.slice(0, length),
      values: this.#values.slice(0, length),
    };
    this.length = 0;
    // Live points come a few at a time: the same memory serves again. What the beginning of a long run needed is let go.
    if (this.#steps.length > KEPT_POINTS) {
      this.#steps = new Float64Array(FIRST_POINTS);
      this.#times = new Float64Array(FIRST_POINTS);
      this.#values = new Float64Array(FIRST_POINTS);
    }
    return columns;
  }

  #grow(): void {
    const capacity = this.length * 2;
    const longer = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(capacity);
      next.set(column);
      return next;
    };
    this.#steps = longer(this.#steps);
    this.#times = longer(this.#times);
    this.#values = longer(this.#values);
  }
}
