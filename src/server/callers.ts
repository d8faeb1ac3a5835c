// What the programs of the workspace that import a document make of it: found by the index of imports, read when nothing else is asked,
// and kept as plain data until they or the document change. Knows no messages.
import { pathToFileURL } from "node:url";
import { type Called, calledOf, hasUnsure } from "../features/called";
import { readCaller } from "../features/callers";
import { notebookCells, notebookText } from "../features/notebook";
import type { Reading } from "../features/reading";
import type { Unit } from "../read/code";
import type { CalledSite } from "../read/evaluate/called";
import type { Workspace } from "../read/evaluate/run";
import { dialectOf, type Grammars } from "../read/grammars";
import { ImportIndex, type OpenFile } from "./importIndex";
import { filePath, WorkspaceFiles } from "./workspace";

/** Programs that are read for one document. */
const MOST_CALLERS = 8;
/** Documents whose callers' files are kept at hand. */
const KEPT = 4;
/** So fast callers are read at once, in milliseconds; others when typing rests. */
const CHEAP = 20;
const REST = 300;
/** How long it is taken for granted that no file has begun to import another. */
const TRUSTED = 5000;
/** How long a walk goes on before others have their turn. */
const SLICE = 8;

interface Program {
  readonly path: string;
  readonly files: WorkspaceFiles;
  /** What it was read with. */
  workspace: Workspace | null;
  sites: readonly CalledSite[];
  /** How long it took to read, in milliseconds. */
  cost: number;
}

const programAt = (path: string, open: (path: string) => OpenFile | undefined): Program => ({
  path,
  files: new WorkspaceFiles(pathToFileURL(path).href, open),
  workspace: null,
  sites: [],
  cost: Number.POSITIVE_INFINITY,
});

interface State {
  generation: number;
  keras: Reading["keras"] | null;
  codes: readonly Unit["code"][];
  programs: Program[];
  called: Called | undefined;
  timer: NodeJS.Timeout | undefined;
}

interface Walked {
  readonly index: ImportIndex;
  checked: number;
  isWalking: boolean;
}

export class Callers {
  private readonly states = new Map<string, State>();
  private readonly indexes = new Map<string, Walked>();
  private roots: readonly string[] = [];

  /** `changed`: what is told of some document is something else than before. */
  constructor(
    private readonly open: (path: string) => OpenFile | undefined,
    private readonly changed: () => void,
  ) {}

  /** The folders that are open. A document outside of them has the files of its own folder beside it. */
  setRoots(uris: readonly string[]): void {
    this.roots = uris.flatMap((uri) => filePath(uri)?.replace(/\/$/, "") ?? []);
  }

  /** Has a document been told something that a file says? */
  reads(path: string): boolean {
    return [...this.states.values()].some(({ programs }) => programs.some(({ files }) => files.has(path)));
  }

  forget(uri: string): void {
    clearTimeout(this.states.get(uri)?.timer);
    this.states.delete(uri);
  }

  /** What is known by now; what is missing comes later. */
  of(uri: string, reading: Reading, grammars: Grammars): Called | undefined {
    const path = filePath(uri);
    if (path === null || !dialectOf(path) || !hasUnsure(reading.program)) return undefined;
    const index = this.indexFor(path);
    if (index.generation === 0) return undefined;
    const state = this.stateOf(uri);
    if (state.generation !== index.generation || this.isDoubtful(state)) {
      const paths = index.importersOf(path, this.open, MOST_CALLERS);
      const known = new Map(state.programs.map((one) => [one.path, one]));
      state.programs = paths.map((one) => known.get(one) ?? programAt(one, this.open));
      state.generation = index.generation;
    }
    if (state.programs.length === 0) return undefined;
    if (isCurrent(state, reading, grammars)) return state.called;
    if (state.programs.reduce((sum, { cost }) => sum + cost, 0) <= CHEAP) {
      clearTimeout(state.timer);
      for (const program of staleOf(state, reading, grammars)) readOne(program, path, reading, grammars);
      finish(state, reading);
    } else this.later(state, path, reading, grammars);
    return state.called;
  }

  /** One whose text an editor has may import something else by now. */
  private isDoubtful({ programs }: State): boolean {
    return programs.some(({ path }) => this.open(path) !== undefined);
  }

  private stateOf(uri: string): State {
    const known = this.states.get(uri);
    const fresh = { generation: 0, keras: null, codes: [], programs: [], called: undefined, timer: undefined };
    const state: State = known ?? fresh;
    this.states.delete(uri);
    this.states.set(uri, state);
    const [oldest] = this.states.keys();
    if (this.states.size > KEPT && oldest !== undefined) this.forget(oldest);
    return state;
  }

  private later(state: State, path: string, reading: Reading, grammars: Grammars): void {
    clearTimeout(state.timer);
    const before = state.called;
    let left: Program[] | null = null;
    const step = () => {
      left ??= staleOf(state, reading, grammars);
      const program = left.shift();
      if (program) {
        readOne(program, path, reading, grammars);
        state.timer = setTimeout(step, 0).unref();
        return;
      }
      finish(state, reading);
      if (!isSame(before, state.called)) this.changed();
    };
    // The first time there is nothing that typing would disturb.
    state.timer = setTimeout(step, state.codes.length === 0 ? 0 : REST).unref();
  }

  private indexFor(path: string): ImportIndex {
    const root = this.roots.find((one) => path.startsWith(`${one}/`));
    const folder = root ?? path.slice(0, path.lastIndexOf("/"));
    let walked = this.indexes.get(folder);
    if (!walked) {
      walked = {
        index: new ImportIndex(folder, root !== undefined),
        checked: Number.NEGATIVE_INFINITY,
        isWalking: false,
      };
      this.indexes.set(folder, walked);
    }
    if (!walked.isWalking && Date.now() - walked.checked > TRUSTED) this.walk(walked);
    return walked.index;
  }

  private walk(walked: Walked): void {
    walked.isWalking = true;
    const { generation } = walked.index;
    const steps = walked.index.walk();
    const go = () => {
      const until = performance.now() + SLICE;
      while (performance.now() < until)
        if (steps.next().done) {
          Object.assign(walked, { isWalking: false, checked: Date.now() });
          if (walked.index.generation !== generation) this.changed();
          return;
        }
      setTimeout(go, 0).unref();
    };
    setTimeout(go, 0).unref();
  }
}

/** All at once, for those who have the time: a command. */
export function readCallers(
  paths: readonly string[],
  path: string,
  reading: Reading,
  grammars: Grammars,
): Called | undefined {
  const programs = paths.map((one) => programAt(one, () => undefined));
  const state: State = { programs, codes: [], keras: null, called: undefined, generation: 0, timer: undefined };
  for (const program of programs) readOne(program, path, reading, grammars);
  finish(state, reading);
  return state.called;
}

const isOfSameText = ({ codes, keras }: State, reading: Reading): boolean =>
  keras === reading.keras &&
  codes.length === reading.units.length &&
  reading.units.every(({ code }, at) => code === codes[at]);

const isFresh = ({ files, workspace }: Program, grammars: Grammars): boolean =>
  workspace !== null && files.current(grammars) === workspace;

const isCurrent = (state: State, reading: Reading, grammars: Grammars): boolean =>
  isOfSameText(state, reading) && state.programs.every((one) => isFresh(one, grammars));

function staleOf(state: State, reading: Reading, grammars: Grammars): Program[] {
  const isSameText = isOfSameText(state, reading);
  return state.programs.filter((one) => !isSameText || !isFresh(one, grammars));
}

function readOne(program: Program, path: string, reading: Reading, grammars: Grammars): void {
  const from = performance.now();
  program.workspace = program.files.current(grammars);
  const text = program.workspace?.read(program.path);
  const cells = program.path.endsWith(".ipynb") && text !== undefined ? notebookCells(text) : undefined;
  const written = cells && notebookText(cells.map((cell) => ({ uri: String(cell.at), text: cell.text })));
  try {
    const caller = program.workspace &&
      text !== undefined &&
      cells !== null && {
        path: program.path,
        text: written?.text ?? text,
        workspace: program.workspace,
        ...(written && { parts: written.parts }),
      };
    program.sites = (caller && readCaller(caller, { path, units: reading.units }, reading.keras, grammars)) || [];
  } catch {
    // What cannot be read tells nothing.
    program.sites = [];
  }
  program.files.forgetUnits();
  program.cost = performance.now() - from;
}

function finish(state: State, reading: Reading): void {
  state.codes = reading.units.map(({ code }) => code);
  state.keras = reading.keras;
  const called = calledOf(
    reading.units,
    state.programs.map(({ sites }) => sites),
  );
  if (!isSame(state.called, called)) state.called = called.size > 0 ? called : undefined;
}

function isSame(before: Called | undefined, now: Called | undefined): boolean {
  if ((before?.size ?? 0) !== (now?.size ?? 0)) return false;
  for (const [code, sites] of before ?? []) {
    const others = now?.get(code);
    if (!others || JSON.stringify(others) !== JSON.stringify(sites)) return false;
  }
  return true;
}

/** Programs that a document's callers are looked for among, of a folder that is walked to its end. */
export function importersIn(root: string, isDeep: boolean): (path: string) => string[] {
  const index = new ImportIndex(root, isDeep);
  for (const _ of index.walk());
  return (path) => index.importersOf(path, () => undefined, MOST_CALLERS);
}
