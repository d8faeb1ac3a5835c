// The open documents with their trees, parsed incrementally and analysed once a version. Knows no messages.
import { type Range, TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { type Analysis, analyse, pathOf } from "../features/analysis";
import { ModelReader } from "../features/reading";
import { type Dialect, dialectOf, type Grammars } from "../read/grammars";
import { difference, parse, reparse, type Source, type TextEdit } from "../read/source";
import { Callers } from "./callers";
import { filePath, WorkspaceFiles } from "./workspace";

interface Open {
  document: TextDocument;
  source: Source | undefined;
  analysis: Analysis | undefined;
  models: ModelReader;
  /** Of its file; null where it is none. */
  path: string | null;
}

/** Documents whose trees and models are kept. Others are read anew when they are asked about: an editor shows few at a time. */
const KEPT = 24;

export class Documents {
  private readonly open = new Map<string, Open>();
  private readonly files = new Map<string, WorkspaceFiles>();
  /** Programs that import what is open. */
  readonly callers: Callers;
  /** Those that were asked about, the last one last. */
  private readonly asked = new Set<string>();
  private grammars: Grammars | undefined;

  /** `changed`: what other files say of a document has come, or has become something else. */
  constructor(changed: () => void = () => {}) {
    this.callers = new Callers((path) => this.opened(path), changed);
  }

  /** Without grammars documents are kept, but nothing is read. */
  setGrammars(grammars: Grammars): void {
    this.grammars = grammars;
  }

  /** What TextDocuments of vscode-languageserver calls for a document that is opened. */
  create(uri: string, languageId: string, version: number, text: string): TextDocument {
    this.close(uri);
    const document = TextDocument.create(uri, languageId, version, text);
    const models = this.modelsOf(uri);
    this.open.set(uri, { document, source: undefined, analysis: undefined, models, path: filePath(uri) });
    return document;
  }

  /** What it calls for changes: the tree learns of each edit, so that only what changed is parsed anew. */
  update(document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number): TextDocument {
    const entry = this.open.get(document.uri);
    if (!entry) return TextDocument.update(document, changes, version);
    for (const change of changes) {
      const edit = "range" in change ? editOf(document, change.range, change.text) : null;
      TextDocument.update(document, [change], version);
      if (entry.source) this.replace(entry, edit && this.edited(entry.source, edit));
    }
    return document;
  }

  /** A reader of the models of a document or notebook, which knows the files beside it. */
  modelsOf(uri: string): ModelReader {
    const files = new WorkspaceFiles(uri, (path) => this.opened(path));
    this.files.set(uri, files);
    return new ModelReader(
      () => (this.grammars ? files.current(this.grammars) : null),
      (reading) => (this.grammars ? this.callers.of(uri, reading, this.grammars) : undefined),
    );
  }

  /** Does another document take something from this one? */
  isImported(uri: string): boolean {
    const path = this.open.get(uri)?.path;
    if (path != null && this.callers.reads(path)) return true;
    return path != null && [...this.files].some(([other, files]) => other !== uri && files.has(path));
  }

  private opened(path: string): TextDocument | undefined {
    for (const one of this.open.values()) if (one.path === path) return one.document;
    return undefined;
  }

  close(uri: string): void {
    this.open.get(uri)?.source?.dispose();
    this.open.delete(uri);
    this.asked.delete(uri);
    this.files.delete(uri);
    this.callers.forget(uri);
  }

  get(uri: string): TextDocument | undefined {
    return this.open.get(uri)?.document;
  }

  /** What was read of a document; undefined for languages that are not read and while the grammars are being loaded. */
  analysis(uri: string): Analysis | undefined {
    const entry = this.open.get(uri);
    if (!entry || !this.grammars) return undefined;
    const dialect = dialectOf(pathOf(uri), entry.document.languageId);
    if (!dialect) return undefined;
    this.keep(uri);
    entry.source ??= parse(entry.document.getText(), dialect, this.grammars);
    entry.analysis ??= analyse(uri, entry.source, undefined, entry.models);
    return entry.analysis;
  }

  /** A text parsed from what changed since an earlier one, which stays as it was. Undefined while the grammars are being loaded. */
  parsed(text: string, dialect: Dialect, before?: Source): Source | undefined {
    if (!this.grammars) return undefined;
    const edit = before && difference(before.text, text);
    if (before && edit === null) return before;
    return (before && edit && this.edited(before, edit)) ?? parse(text, dialect, this.grammars);
  }

  private keep(uri: string): void {
    this.asked.delete(uri);
    this.asked.add(uri);
    const [oldest] = this.asked;
    const entry = this.asked.size > KEPT && oldest !== undefined ? this.open.get(oldest) : undefined;
    if (!entry || oldest === undefined) return;
    this.asked.delete(oldest);
    this.replace(entry, null);
    entry.models = this.modelsOf(oldest);
  }

  /** Null where the tree cannot follow: then the next question has the text parsed anew. */
  private edited(source: Source, edit: TextEdit): Source | null {
    try {
      return this.grammars ? reparse(source, edit, this.grammars) : null;
    } catch {
      return null;
    }
  }

  private replace(entry: Open, source: Source | null): void {
    entry.source?.dispose();
    entry.source = source ?? undefined;
    entry.analysis = undefined;
  }
}

/** Ends that are the wrong way round are turned, as TextDocument does it. */
function editOf(document: TextDocument, { start, end }: Range, text: string): TextEdit {
  const [a, b] = [document.offsetAt(start), document.offsetAt(end)];
  return { start: Math.min(a, b), end: Math.max(a, b), text };
}
