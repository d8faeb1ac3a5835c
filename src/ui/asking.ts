// Asks for something anew, but never twice before it was done: an editor waits a while before it does what it is asked, longer the
// slower it is, and begins to wait anew each time, so that frequent asking would put it off for ever. Knows nothing of the editor.

/** How long after it was done it is asked again at the earliest, and when what was asked counts as forgotten, in milliseconds. */
const REST = 300;
const FORGOTTEN = 10_000;

export interface Asking {
  ask(): void;
  /** It is being done now. */
  done(): void;
}

export function asking(askOnce: () => void): Asking {
  let timer: NodeJS.Timeout | undefined;
  let isWaiting = false;
  let isWanted = false;
  const ask = () => {
    isWanted = timer !== undefined;
    if (isWanted) return;
    isWaiting = true;
    wait(FORGOTTEN);
    askOnce();
  };
  const wait = (millis: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      isWaiting = false;
      if (isWanted) ask();
    }, millis);
    timer.unref();
  };
  return {
    ask,
    done: () => {
      if (!isWaiting) return;
      isWaiting = false;
      wait(REST);
    },
  };
}
