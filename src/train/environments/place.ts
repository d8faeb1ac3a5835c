// The folder of an environment on disk: what it is now, and the note in it that says what is still missing.
import fs from "node:fs";
import path from "node:path";
import { BACKENDS } from "../../protocol/server";
import { pythonIn } from "../interpreters";
import { isUnfinished, noteIn } from "./note";
import type { Wish } from "./plan";

export type Place =
  | { kind: "free" }
  /** Begun by Fitlens and not finished. */
  | { kind: "unfinished"; wish: Wish }
  /** An environment, whoever has made it. */
  | { kind: "environment"; python: string }
  /** A file, a link, or a folder with something else in it. */
  | { kind: "taken" };

export function lookAt(folder: string): Place {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (!stat) return { kind: "free" };
  if (!stat.isDirectory()) return { kind: "taken" };
  const wish = readNote(folder);
  if (wish) return { kind: "unfinished", wish };
  const python = pythonIn(folder);
  if (python !== undefined) return { kind: "environment", python };
  return fs.readdirSync(folder).length === 0 ? { kind: "free" } : { kind: "taken" };
}

/** Before anything else is in the folder. */
export function beginNote(folder: string, wish: Wish): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(noteIn(folder), `${JSON.stringify({ format: 1, ...wish })}\n`);
}

export function endNote(folder: string): void {
  fs.rmSync(noteIn(folder), { force: true });
  try {
    // Newer Pythons do so themselves; what the user made of it stays.
    fs.writeFileSync(path.join(folder, ".gitignore"), "*\n", { flag: "wx" });
  } catch {
    // It is there.
  }
}

function readNote(folder: string): Wish | undefined {
  try {
    const note = JSON.parse(fs.readFileSync(noteIn(folder), "utf8")) as Record<string, unknown>;
    const backend = BACKENDS.find((name) => name === note["backend"]);
    return {
      need: note["need"] === "estimator" ? "estimator" : "keras",
      ...(backend !== undefined && { backend }),
      ...(note["notebook"] === true && { notebook: true }),
    };
  } catch {
    return isUnfinished(folder) ? { need: "keras" } : undefined;
  }
}

/**
 * What an installer that was killed leaves: packages that look installed, because their description is there, but whose list of
 * files was never written. Without the description they are installed again.
 */
export function forgetHalfInstalled(folder: string): void {
  for (const packages of packageFolders(folder)) {
    for (const name of fs.readdirSync(packages)) {
      const full = path.join(packages, name);
      const half = name.endsWith(".dist-info") && !fs.existsSync(path.join(full, "RECORD"));
      if (half || name.startsWith("~")) fs.rmSync(full, { recursive: true, force: true });
    }
  }
}

function packageFolders(folder: string): string[] {
  if (process.platform === "win32")
    return [path.join(folder, "Lib", "site-packages")].filter((each) => fs.existsSync(each));
  const libraries = path.join(folder, "lib");
  const versions = fs.existsSync(libraries) ? fs.readdirSync(libraries) : [];
  return versions.map((name) => path.join(libraries, name, "site-packages")).filter((each) => fs.existsSync(each));
}
