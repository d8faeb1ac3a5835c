// A feature that throws takes away its own answer on that document, until it changes; it is told of once.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Quarantine } from "../../src/server/quarantine";

describe("quarantine", () => {
  let told: string[] = [];
  let quarantine: Quarantine;
  let runs = 0;
  const fail = (): string => {
    runs++;
    throw new Error("a mistake of ours");
  };
  beforeEach(() => {
    told = [];
    runs = 0;
    quarantine = new Quarantine((message) => told.push(message));
  });

  test("a fault gives nothing and is told once", () => {
    for (const version of [1, 1, 2])
      assert.equal(quarantine.run("lenses", "file:///a.ts", version, "nothing", fail), "nothing");
    assert.equal(runs, 2);
    assert.equal(told.length, 1);
    assert.match(told[0]!, /^lenses failed on file:\/\/\/a\.ts: Error: a mistake of ours/);
  });

  test("other features and documents go on", () => {
    quarantine.run("lenses", "file:///a.ts", 1, "", fail);
    assert.equal(
      quarantine.run("actions", "file:///a.ts", 1, "", () => "fine"),
      "fine",
    );
    assert.equal(
      quarantine.run("lenses", "file:///b.ts", 1, "", () => "fine"),
      "fine",
    );
  });

  test("an edit or reopening ends it", () => {
    quarantine.run("lenses", "file:///a.ts", 1, "", fail);
    assert.equal(
      quarantine.run("lenses", "file:///a.ts", 2, "", () => "fine"),
      "fine",
    );
    quarantine.run("lenses", "file:///a.ts", 3, "", fail);
    quarantine.forget("file:///a.ts");
    assert.equal(
      quarantine.run("lenses", "file:///a.ts", 3, "", () => "fine"),
      "fine",
    );
  });
});
