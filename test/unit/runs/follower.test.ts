// The follower on its worker thread: the same as in process, in batches, for several runs, and again after the thread died.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { EventWriter } from "../../../src/events/writer";
import type { SeriesPoints } from "../../../src/protocol/panel";
import { writeJsonAtomic } from "../../../src/runs/files";
import { startFollower } from "../../../src/runs/follower";
import { runsFolderOf, writeStatus } from "../../../src/runs/store";
import { program, temporaryFolder, Until, words } from "../events/helpers";
import { newRun } from "./helpers";

test("two runs on one thread, with model and status kept", async (t) => {
  const temporary = temporaryFolder(t);
  const follower = startFollower(program(temporary, "follower", `import "./src/runs/followerThread";`));
  t.after(() => follower.dispose());
  const until = new Until();
  const followed = [0, 1].map((at) => {
    const folder = newRun(runsFolderOf(temporary));
    writeJsonAtomic(path.join(folder, "model.json"), {
      format: 1,
      name: `model ${at}`,
      layers: [],
      parameters: 0,
      trainableParameters: 0,
    });
    const points: SeriesPoints[] = [];
    const following = follower.follow(folder, {
      onPoints: (series, reset) => {
        if (reset) points.length = 0;
        points.push(...series);
        until.changed();
      },
      onModel: () => until.changed(),
      onStatus: () => until.changed(),
    });
    return { at, folder, points, following };
  });
  for (const { at, folder } of followed) {
    const writer = new EventWriter(path.join(folder, "train"));
    for (let step = 0; step < 100; step++) {
      writer.scalar("loss", step + at, step);
      if (step % 10 === 0) writer.flush();
    }
    writer.close();
    writeStatus(folder, { state: "finished", step: 100 });
  }
  for (const { at, points, following } of followed) {
    await until.is(() => words(points).length === 100, `the points of run ${at}`);
    assert.deepEqual(
      words(points),
      Array.from({ length: 100 }, (_, step) => `loss@${step}=${step + at}`),
    );
    await until.is(() => following.status?.state === "finished", `the end of run ${at}`);
    assert.equal(following.model?.name, `model ${at}`);
  }
});

test("disposed of, it says nothing more; the others go on", async (t) => {
  const temporary = temporaryFolder(t);
  const follower = startFollower(program(temporary, "follower", `import "./src/runs/followerThread";`));
  t.after(() => follower.dispose());
  const until = new Until();
  const folder = newRun(runsFolderOf(temporary));
  let [quiet, heard] = [0, 0];
  const first = follower.follow(folder, { onPoints: () => void quiet++ });
  first.dispose();
  follower.follow(folder, {
    onPoints: (series) => {
      heard += series.length;
      until.changed();
    },
  });
  const writer = new EventWriter(path.join(folder, "train"));
  writer.scalar("loss", 1, 1);
  writer.close();
  await until.is(() => heard === 1, "the point");
  assert.equal(quiet, 0);
});

test("a thread that dies is started again, and each run is told anew", async (t) => {
  const temporary = temporaryFolder(t);
  const mark = path.join(temporary, "died");
  const dying = `
    import fs from "node:fs";
    import "./src/runs/followerThread";
    if (!fs.existsSync(${JSON.stringify(mark)})) setTimeout(() => { fs.writeFileSync(${JSON.stringify(mark)}, ""); throw new Error("out of luck"); }, 100);`;
  const follower = startFollower(program(temporary, "dying", dying));
  t.after(() => follower.dispose());
  const folder = newRun(runsFolderOf(temporary));
  const writer = new EventWriter(path.join(folder, "train"));
  writer.scalar("loss", 1, 1);
  writer.close();
  const until = new Until();
  const resets: string[][] = [];
  const problems: string[] = [];
  follower.follow(folder, {
    onPoints: (series, reset) => {
      if (reset) resets.push(words(series));
      until.changed();
    },
    onProblem: (problem) => void problems.push(problem),
  });
  await until.is(() => resets.length === 2, "the points told anew");
  assert.deepEqual(resets, [["loss@1=1"], ["loss@1=1"]]);
  assert.match(problems[0]!, /out of luck.*It is started again/);
});

test("a script that always dies is given up with a sentence", async (t) => {
  const file = path.join(temporaryFolder(t), "broken.cjs");
  fs.writeFileSync(file, `throw new Error("broken build");`);
  const follower = startFollower(file);
  t.after(() => follower.dispose());
  const until = new Until();
  const problems: string[] = [];
  follower.follow("/nowhere", {
    onProblem: (problem) => {
      problems.push(problem);
      until.changed();
    },
  });
  await until.is(() => problems.length === 5, "the last sentence");
  assert.match(problems[4]!, /broken build.*It is not started again: reload the window/);
});
