// The open notebooks, each read as one program over its Python cells. Knows no messages; the cells themselves are among the documents.
import type { NotebookDocument, NotebookDocuments } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Analysis, analyse, askedAbout } from "../features/analysis";
import { notebookText } from "../features/notebook";
import type { ModelReader } from "../features/reading";
import type { Source } from "../read/source";
import type { Documents } from "./documents";

interface Open {
  source: Source;
  /** The cells in their order: they may move while the text stays. */
  order: string;
  analysis: Analysis;
  models: ModelReader;
}

export class Notebooks {
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly documents: Documents,
    private readonly editor: NotebookDocuments<TextDocument>,
  ) {}

  /** The notebook that a URI names: its own, or that of one of its cells. */
  of(uri: string): NotebookDocument | undefined {
    const notebook = this.editor.findNotebookDocumentForCell(uri);
    // A cell that was taken out is still remembered there.
    if (notebook?.cells.some(({ document }) => document === uri)) return notebook;
    return this.editor.getNotebookDocument(uri);
  }

  /** What was read of a notebook, for one of its cells or for all; undefined while the grammars are being loaded. */
  analysis(notebook: NotebookDocument, uri: string): Analysis | undefined {
    const cells = notebook.cells.flatMap(({ document }) => {
      const cell = this.documents.get(document);
      return cell?.languageId === "python" ? [{ uri: document, text: cell.getText() }] : [];
    });
    if (cells.length === 0) return undefined;
    const { text, parts } = notebookText(cells);
    const order = parts.map((part) => `${part.uri} ${part.start}`).join("\n");
    const known = this.open.get(notebook.uri);
    const isSame =
      known?.source.text === text &&
      known.order === order &&
      known.analysis.parts.every((part, at) => part.text === parts[at]!.text);
    if (known && isSame) return askedAbout(known.analysis, uri);
    const source = this.documents.parsed(text, "python", known?.source);
    if (!source) return undefined;
    if (known && known.source !== source) known.source.dispose();
    const models = known?.models ?? this.documents.modelsOf(notebook.uri);
    const analysis = analyse(notebook.uri, source, parts, models);
    this.open.set(notebook.uri, { source, order, analysis, models });
    return askedAbout(analysis, uri);
  }

  close(uri: string): void {
    this.open.get(uri)?.source.dispose();
    this.open.delete(uri);
    this.documents.close(uri);
  }
}
