// The files beside a document, which its program may import: as they are being edited where they are open, else as they lie on disk.
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import type { Workspace } from "../read/evaluate/run";
import type { Grammars } from "../read/grammars";
import { type KnownModules, workspaceOf } from "../read/workspace";

/** How long it is taken for granted that no file on disk has changed, in milliseconds. */
const TRUSTED = 500;
/** Text whose statements are kept for the next time. */
const MOST_KEPT = 50_000;
/** Larger ones are neither code nor tables that a model is read from. */
const MOST_BYTES = 4_000_000;

interface Open {
  readonly version: number;
  getText(): string;
}

/** One document's. While nothing of what it has read changes it gives the same object. */
export class WorkspaceFiles {
  private workspace: Workspace | undefined;
  /** What was read, and what told that it was this. */
  private readonly read = new Map<string, { stamp: string; text: string | undefined }>();
  private readonly modules: KnownModules = new Map();
  private checked = 0;

  /** `open`: the document that is open of a path. */
  constructor(
    private readonly uri: string,
    private readonly open: (path: string) => Open | undefined,
  ) {}

  /** Null for a document that is no file: it has none beside it. */
  current(grammars: Grammars): Workspace | null {
    const own = filePath(this.uri);
    if (own === null) return null;
    if (!this.workspace || this.hasChanged()) {
      this.read.clear();
      this.workspace = workspaceOf(own, (path) => this.textOf(path), grammars, this.modules);
    }
    return this.workspace;
  }

  /** Has it read, or looked for, a file? */
  has(path: string): boolean {
    return this.read.has(path);
  }

  /** Lets go of what was split, where that is much: it can be split again. */
  forgetUnits(): void {
    let size = 0;
    for (const { text } of this.modules.values()) size += text.length;
    if (size > MOST_KEPT) this.modules.clear();
  }

  private hasChanged(): boolean {
    const isDue = Date.now() - this.checked > TRUSTED;
    if (isDue) this.checked = Date.now();
    for (const [path, { stamp }] of this.read) {
      const mayDiffer = isDue || stamp.startsWith("open") || this.open(path) !== undefined;
      if (mayDiffer && this.stampOf(path) !== stamp) return true;
    }
    return false;
  }

  private textOf(path: string): string | undefined {
    const known = this.read.get(path);
    if (known) return known.text;
    const stamp = this.stampOf(path);
    const text = this.open(path)?.getText() ?? (stamp.startsWith("file") ? textOnDisk(path) : undefined);
    this.read.set(path, { stamp, text });
    return text;
  }

  private stampOf(path: string): string {
    const document = this.open(path);
    if (document) return `open ${document.version}`;
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() && stat.size <= MOST_BYTES ? `file ${stat.mtimeMs} ${stat.size}` : "none";
  }
}

function textOnDisk(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch {
    // Not to be read by this user: for the program it is not there.
    return undefined;
  }
}

/** The path of a file's URI, with "/" between its parts; null for what is no file. */
export function filePath(uri: string): string | null {
  if (!uri.startsWith("file:")) return null;
  try {
    return fileURLToPath(uri).replaceAll("\\", "/");
  } catch {
    return null;
  }
}
