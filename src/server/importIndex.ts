// Which files of a folder import which, by their text alone: walked in small steps, so that whoever walks can rest between them. Keeps
// of each file what it imports and nothing else.
import fs from "node:fs";
import { notebookCells } from "../features/notebook";
import { dialectOf } from "../read/grammars";
import { importPaths, isTest, mayMean, relativePath } from "../read/importPaths";

/** Files that are looked at, and bytes that are read of them at most. */
const MOST_FILES = 3000;
const MOST_BYTES = 40_000_000;
const MOST_DEPTH = 8;
/** Larger ones are no scripts that somebody wrote; notebooks have their pictures with them. */
const MOST_OF_SCRIPT = 200_000;
const MOST_OF_NOTEBOOK = 4_000_000;
const NO_CODE_OF_ONES_OWN =
  /^(\..*|node_modules|__pycache__|venv|env|site-packages|dist|build|out|bower_components|vendor|third_party)$/;

interface Entry {
  readonly stamp: string;
  readonly imports: readonly string[];
}

/** A file that is being edited. */
export interface OpenFile {
  readonly version: number;
  getText(): string;
}

export class ImportIndex {
  /** Counts the walks that found something else than the one before; 0: none has ended. */
  generation = 0;
  private entries = new Map<string, Entry>();
  private readonly edited = new WeakMap<OpenFile, { version: number; imports: readonly string[] }>();

  /** `isDeep`: with the folders in it. */
  constructor(
    private readonly root: string,
    private readonly isDeep: boolean,
  ) {}

  /** Looks at the folder anew; a step is a folder or a file. */
  *walk(): Generator<void> {
    const { entries: before } = this;
    const entries = new Map<string, Entry>();
    let hasChanged = this.generation === 0;
    let bytes = 0;
    const folders: { path: string; depth: number }[] = [{ path: this.root, depth: 0 }];
    for (let at = 0; at < folders.length && entries.size < MOST_FILES; at++) {
      const { path, depth } = folders[at]!;
      for (const item of itemsIn(path)) {
        const file = `${path}/${item.name}`;
        if (item.isDirectory()) {
          const isWanted = this.isDeep && depth < MOST_DEPTH && !NO_CODE_OF_ONES_OWN.test(item.name);
          if (isWanted && folders.length < MOST_FILES) folders.push({ path: file, depth: depth + 1 });
          continue;
        }
        if (!item.isFile() || !isCode(file) || entries.size >= MOST_FILES) continue;
        const stat = fs.statSync(file, { throwIfNoEntry: false });
        if (!stat || stat.size > (isNotebook(file) ? MOST_OF_NOTEBOOK : MOST_OF_SCRIPT)) continue;
        const stamp = `${stat.mtimeMs} ${stat.size}`;
        const known = before.get(file);
        if (known?.stamp !== stamp) {
          hasChanged = true;
          bytes += stat.size;
          if (bytes > MOST_BYTES) break;
        }
        entries.set(file, known?.stamp === stamp ? known : { stamp, imports: importsOf(file, textOf(file)) });
        yield;
      }
      yield;
    }
    this.entries = entries;
    if (hasChanged || entries.size !== before.size) this.generation++;
  }

  /** Files that import one, and those that import these: nearest first. */
  importersOf(file: string, open: (path: string) => OpenFile | undefined, most: number): string[] {
    const found: string[] = [];
    let targets = [file];
    for (let level = 0; level < MOST_LEVELS && targets.length > 0 && found.length < most; level++) {
      const next: string[] = [];
      for (const [path, entry] of this.entries) {
        if (path === file || found.includes(path) || isPython(path) !== isPython(file)) continue;
        const imports = this.importsNow(path, entry, open(path));
        if (targets.some((one) => isAmong(imports, path, one))) next.push(path);
      }
      next.sort((a, b) => distance(file, a) - distance(file, b) || (a < b ? -1 : 1));
      found.push(...next);
      targets = next.slice(0, most);
    }
    return found.slice(0, most);
  }

  private importsNow(path: string, { imports }: Entry, document: OpenFile | undefined): readonly string[] {
    if (!document) return imports;
    const known = this.edited.get(document);
    if (known?.version === document.version) return known.imports;
    const now = { version: document.version, imports: importsOf(path, document.getText()) };
    this.edited.set(document, now);
    return now.imports;
  }
}

/** A name that is not written there is not imported: far fewer are looked at closely. */
function isAmong(imports: readonly string[], from: string, file: string): boolean {
  const parts = file.replace(/\.\w+$/, "").split("/");
  const name = /^(index|__init__)$/.test(parts.at(-1)!) ? parts.at(-2)! : parts.at(-1)!;
  return imports.some((path) => (path.includes(name) || /^[./]+$/.test(path)) && mayMean(path, from, file));
}

/** The files that import it, those that import these, and one more. */
const MOST_LEVELS = 3;

const isNotebook = (file: string): boolean => file.endsWith(".ipynb");
const isPython = (file: string): boolean => /\.(py|ipynb)$/.test(file);

const isCode = (file: string): boolean =>
  (isNotebook(file) || dialectOf(file) !== undefined) && !/\.d\.[cm]?ts$|\.min\.js$/.test(file);

/** How many steps it is from folder to folder. */
const distance = (from: string, to: string): number => relativePath(from, to).split("/").length;

function itemsIn(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function importsOf(file: string, text: string): readonly string[] {
  // Below the folder that is open: that this itself lies in one of tests says nothing.
  if (isTest(file.split("/").slice(-3).join("/"))) return [];
  if (!isNotebook(file)) return importPaths(text, isPython(file) ? "python" : "javascript");
  if (!/\bimport\b/.test(text)) return [];
  const cells = notebookCells(text) ?? [];
  return importPaths(cells.map((cell) => cell.text).join("\n"), "python");
}
