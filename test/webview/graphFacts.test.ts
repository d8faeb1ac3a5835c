// What the graph's page makes of models: what is seen of them, where the cursor is, where an arrow key goes. Pure functions.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelGraph } from "../../src/protocol/graph";
import { plain } from "../../webviews/graph/colours";
import { itemsAt } from "../../webviews/graph/cursor";
import { insidesOf, openAtFirst, seenOf } from "../../webviews/graph/fold";
import { nextIn } from "../../webviews/graph/navigate";
import { viewForDocument, viewFrom } from "../../webviews/graph/view";
import { BLOCKS, long, modelsMessage, URI } from "./graphs";

const read = async (code: string): Promise<ModelGraph> =>
  (await modelsMessage(code)).models.find((one) => !one.isPart)!;

test("a closed group stands for all that is in it, and its edges for theirs", async () => {
  const model = await read(BLOCKS);
  const closed = seenOf(model, () => false);
  assert.deepEqual(
    closed.lines.map(({ from, to, shapes }) => `${from} → ${to}: ${shapes}`),
    [
      "input:image → /Rescaling: 64 × 64 × 3",
      "/Rescaling → /turn: 64 × 64 × 3",
      "/turn → /turn#2: 32 × 32 × 16",
      "/turn#2 → /GlobalAveragePooling2D: 16 × 16 × 32",
      "/GlobalAveragePooling2D → /Attention: 32",
      "/Attention → /name:kind: 32",
      "/Attention → /name:age: 32",
      "/name:kind → output: 10",
      "/name:age → output#2: 1",
    ],
  );
  assert.equal(closed.shownAs.get("/turn/residual_block/Add"), "/turn");
  const outer = seenOf(model, (id) => id === "/turn");
  assert.equal(outer.shownAs.get("/turn/residual_block/Add"), "/turn/residual_block");
  assert.equal(outer.cards.find(({ id }) => id === "/turn/residual_block")!.group, "/turn");
});

test("small models begin open, large ones as far open as can be read", async () => {
  const small = await read(BLOCKS);
  assert.equal(openAtFirst(small).size, small.groups.length);
  assert.equal(openAtFirst(await read(long(300))).size, 0);
});

test("what is in a group is counted once, and is not known where a part of it is not", async () => {
  const model = await read(BLOCKS);
  assert.deepEqual(insidesOf(model).get("/turn"), { parameters: 576, layers: 5 });
  const vague = { ...model, nodes: model.nodes.map((node) => ({ ...node, parameters: null })) };
  assert.deepEqual(insidesOf(vague).get("/turn"), { parameters: null, layers: 5 });
  const again = { ...model, nodes: model.nodes.map((node) => ({ ...node, isShared: true })) };
  assert.deepEqual(insidesOf(again).get("/turn"), { parameters: 0, layers: 5 });
});

test("the cursor is at the innermost call, at a line's only one, or at none", async () => {
  const model = await read(BLOCKS);
  const lines = BLOCKS.split("\n");
  const at = (text: string, inner = text) => {
    const line = lines.findIndex((one) => one.includes(text));
    return itemsAt(model, { uri: URI, position: { line, character: lines[line]!.indexOf(inner) } });
  };
  assert.deepEqual(at('name="age"'), ["/name:age"]);
  assert.deepEqual(at("age = layers.Dense", "age"), ["/name:age"]);
  assert.deepEqual(at("x = residual_block", "residual_block"), ["/turn/residual_block", "/turn#2/residual_block"]);
  assert.deepEqual(at("for filters in"), []);
  assert.deepEqual(itemsAt(model, { uri: "file:///other.py", position: { line: 6, character: 10 } }), []);
});

test("arrow keys go to what is straight ahead before what is nearer but aside", () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });
  const boxes = new Map([
    ["top", box(100, 0)],
    ["aside", box(320, 50)],
    ["below", box(100, 120)],
    ["left", box(-20, 4)],
  ]);
  assert.equal(nextIn(boxes, "top", "ArrowDown"), "below");
  assert.equal(nextIn(boxes, "below", "ArrowUp"), "top");
  assert.equal(nextIn(boxes, "top", "ArrowLeft"), "left");
  assert.equal(nextIn(boxes, "top", "ArrowUp"), undefined);
  assert.equal(nextIn(boxes, "nothing", "ArrowUp"), undefined);
});

test("colours as every reader of SVG knows them", () => {
  assert.deepEqual(plain("rgb(1, 2, 3)"), { colour: "rgb(1, 2, 3)", opacity: 1 });
  assert.deepEqual(plain("rgba(1, 2, 3, 0.5)"), { colour: "rgb(1, 2, 3)", opacity: 0.5 });
  assert.deepEqual(plain("color(srgb 0.2 0 1 / 0.24)"), { colour: "rgb(51, 0, 255)", opacity: 0.24 });
  assert.deepEqual(plain("none"), { colour: "none", opacity: 1 });
});

test("a state of another version, or of another document, blanks nothing", () => {
  const fresh = viewFrom(null);
  assert.deepEqual(viewFrom({ document: 7, cameras: { a: { x: 1 } }, folds: [], selected: {} }), fresh);
  const kept = { ...fresh, document: "a", selected: "x" };
  assert.equal(viewForDocument(kept, "a"), kept);
  assert.deepEqual(viewForDocument(kept, "b"), { ...fresh, document: "b" });
});
