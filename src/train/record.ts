// What run.json keeps of how a run was started.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { NewRun } from "../runs/store";
import { languageOf, runtimeOf } from "./languages";
import type { LaunchOptions } from "./launch";

const GIT_MILLIS = 500;

export async function recordOf(options: LaunchOptions): Promise<NewRun> {
  const { script, args = [], cwd } = options;
  const language = languageOf(script);
  const record: NewRun = {
    script: path.resolve(script),
    args: [...args],
    cwd: path.resolve(cwd),
    language,
    ...(await runtimeOf(language).choose(options)),
    sourceHash: createHash("sha256").update(fs.readFileSync(script)).digest("hex"),
    fitlensVersion: FITLENS_VERSION,
  };
  const commit = await gitCommit(path.dirname(record.script));
  return commit === undefined ? record : { ...record, gitCommit: commit };
}

/** Commit of the script's repository, with `+` when tracked files were changed. Nothing where git does not answer soon. */
function gitCommit(folder: string): Promise<string | undefined> {
  if (!isInRepository(folder)) return Promise.resolve(undefined);
  const args = ["-c", "core.fsmonitor=false", "status", "--porcelain=v2", "--branch", "--untracked-files=no"];
  return new Promise((resolve) => {
    execFile("git", args, { cwd: folder, timeout: GIT_MILLIS, windowsHide: true }, (error, stdout) => {
      const commit = /^# branch\.oid ([0-9a-f]{7,64})$/m.exec(stdout)?.[1];
      if (error || commit === undefined) resolve(undefined);
      else resolve(/^[^#]/m.test(stdout) ? `${commit}+` : commit);
    });
  });
}

function isInRepository(folder: string): boolean {
  if (fs.existsSync(path.join(folder, ".git"))) return true;
  const parent = path.dirname(folder);
  return parent !== folder && isInRepository(parent);
}
