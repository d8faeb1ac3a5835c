// Claims: of any number of processes that want to train a run, one does; a dead one's claim is passed over.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { claimAttempt, lastAttempt } from "../../../src/runs/attempts";
import { runsFolderOf } from "../../../src/runs/store";
import { deadline, program, temporaryFolder } from "../events/helpers";
import { newRun } from "./helpers";

const CLAIM = `
  import fs from "node:fs";
  import { claimAttempt } from "./src/runs/attempts";
  const folder = process.argv[2]!;
  let got = 0;
  process.stdin.on("data", () => {
    got++;
    fs.writeSync(1, JSON.stringify({ round: got, ...claimAttempt(folder + "/" + got) }) + "\\n");
  });
  process.stdin.on("end", () => process.exit());
`;

test("row 14: two processes, 100 rounds, one winner each", async (t) => {
  const folder = temporaryFolder(t);
  for (let round = 1; round <= 100; round++) fs.mkdirSync(path.join(folder, String(round)));
  const file = program(folder, "claim", CLAIM);
  const children = [0, 1].map(() => spawn(process.execPath, [file, folder], { stdio: ["pipe", "pipe", "inherit"] }));
  t.after(() => children.forEach((child) => void child.kill("SIGKILL")));
  const lines: { round: number; ok: boolean }[][] = [[], []];
  let answered = (): void => {};
  children.forEach((child, at) => {
    let rest = "";
    child.stdout.on("data", (data) => {
      const parts = (rest + data).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) lines[at]!.push(JSON.parse(part));
      answered();
    });
  });
  for (let round = 1; round <= 100; round++) {
    for (const child of children) child.stdin.write(".");
    await deadline(
      new Promise<void>((resolve) => {
        answered = () => lines.every((said) => said.length >= round) && resolve();
        answered();
      }),
      `both answers of round ${round}`,
    );
    assert.equal(lines.filter((said) => said[round - 1]!.ok).length, 1, `round ${round}`);
  }
});

test("row 14: a killed holder's claim is passed over", async (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  t.after(() => void holder.kill("SIGKILL"));
  assert.deepEqual(claimAttempt(folder, { pid: holder.pid! }), { ok: true, attempt: 1 });
  assert.deepEqual(claimAttempt(folder), { ok: false, holder: holder.pid });
  const closed = new Promise((resolve) => holder.once("close", resolve));
  holder.kill("SIGKILL");
  await deadline(closed, "the holder's end");
  assert.deepEqual(claimAttempt(folder), { ok: true, attempt: 2 });
  assert.equal(lastAttempt(folder), 2);
});

test("a claim left empty by a process that died while making it is passed over", (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, "attempt-1.json");
  fs.writeFileSync(file, "");
  assert.deepEqual(claimAttempt(folder), { ok: false, holder: 0 });
  const long = new Date(Date.now() - 10_000);
  fs.utimesSync(file, long, long);
  assert.deepEqual(claimAttempt(folder), { ok: true, attempt: 2 });
});
