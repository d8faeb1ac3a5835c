// Edits of a text: put in from left to right, none over another.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits } from "../../../src/model/span";

describe("applyEdits", () => {
  test("in any order", () => {
    const edits = [
      { start: 4, end: 5, text: "E" },
      { start: 0, end: 1, text: "A" },
      { start: 2, end: 2, text: "-" },
    ];
    assert.equal(applyEdits("abcde", edits), "Ab-cdE");
  });
  test("several at one place, in their order, before what is replaced there", () => {
    const edits = [
      { start: 1, end: 1, text: "1" },
      { start: 1, end: 1, text: "2" },
      { start: 1, end: 2, text: "B" },
    ];
    assert.equal(applyEdits("abc", edits), "a12Bc");
  });
  test("none", () => assert.equal(applyEdits("abc", []), "abc"));
  test("over one another is our mistake", () => {
    assert.throws(
      () =>
        applyEdits("abc", [
          { start: 0, end: 2, text: "" },
          { start: 1, end: 3, text: "" },
        ]),
      /Edits overlap at offset 1/,
    );
  });
});
