// Asking an editor anew: at once, once until it is done, and again for what has come up in between.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { asking } from "../../../src/ui/asking";

function asked() {
  mock.timers.enable({ apis: ["setTimeout"] });
  let count = 0;
  const { ask, done } = asking(() => count++);
  const after = (millis: number) => {
    mock.timers.tick(millis);
    return count;
  };
  return { ask, done, after };
}

test("at once, and not again before it is done", (t) => {
  t.after(() => mock.timers.reset());
  const { ask, done, after } = asked();
  ask();
  assert.equal(after(0), 1);
  for (let at = 0; at < 20; at++) {
    ask();
    assert.equal(after(100), 1);
  }
  done();
  assert.equal(after(0), 1);
  assert.equal(after(300), 2, "for what has come up since");
  done();
  assert.equal(after(60_000), 2, "and that was all");
});

test("what it does by itself changes nothing", (t) => {
  t.after(() => mock.timers.reset());
  const { ask, done, after } = asked();
  done();
  ask();
  assert.equal(after(0), 1);
  done();
  done();
  assert.equal(after(1_000), 1);
  ask();
  assert.equal(after(0), 2);
});

test("what is never done is asked again", (t) => {
  t.after(() => mock.timers.reset());
  const { ask, after } = asked();
  ask();
  ask();
  assert.equal(after(9_000), 1);
  assert.equal(after(1_000), 2);
});
