// The language server on a connection: features answer, documents follow the editor, a fault takes away only its own answer.
import {
  type CancellationToken,
  type Connection,
  DocumentDiagnosticReportKind,
  type InitializeResult,
  NotebookDocuments,
  RequestType,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { ACTION_KINDS, codeActions } from "../features/actions";
import type { Analysis } from "../features/analysis";
import { completion } from "../features/completion";
import { convertDocument } from "../features/convert";
import { diagnostics } from "../features/diagnostics";
import { graphOf } from "../features/graph";
import { inlayHints } from "../features/hints";
import { hover } from "../features/hover";
import { type KnownPython, kerasDefault } from "../features/keras";
import { trainingLenses } from "../features/lenses";
import { trainTargets } from "../features/targets";
import {
  CONVERT_REQUEST,
  type ConvertParams,
  type ConvertResult,
  GRAPH_REQUEST,
  type GraphParams,
  type GraphResult,
  PYTHON_NOTIFICATION,
  TARGETS_REQUEST,
  type TargetsParams,
  type TrainTarget,
} from "../protocol/server";
import { finished } from "../read/evaluate/program";
import type { Grammars } from "../read/grammars";
import { Documents } from "./documents";
import { Notebooks } from "./notebooks";
import { pythonParams } from "./python";
import { Quarantine } from "./quarantine";
import { Refresh } from "./refresh";
import { Settings } from "./settings";

const NAME = "fitlens-language-server";

const TARGETS = new RequestType<TargetsParams, TrainTarget[], void>(TARGETS_REQUEST);
const GRAPH = new RequestType<GraphParams, GraphResult, void>(GRAPH_REQUEST);
const CONVERT = new RequestType<ConvertParams, ConvertResult, void>(CONVERT_REQUEST);

/** `pages`: the URI of the folder of the problems' pages. */
export function startServer(
  connection: Connection,
  loadGrammars: () => Promise<Grammars>,
  pages: string | null = null,
): void {
  const settings = new Settings(connection);
  const refresh = new Refresh(connection);
  const documents = new Documents(() => refresh.hintsNow());
  let python: KnownPython = null;
  const editor = new TextDocuments<TextDocument>({
    create: (...created) => documents.create(...created),
    update: (...updated) => documents.update(...updated),
  });
  const editorNotebooks = new NotebookDocuments<TextDocument>(editor);
  const notebooks = new Notebooks(documents, editorNotebooks);
  const ready = loadGrammars().then(
    (grammars) => documents.setGrammars(grammars),
    (error: Error) => connection.console.error(error.message),
  );
  const quarantine = new Quarantine((message) => connection.console.error(message));

  /** Answers from the document's analysis, or with nothing: for what is not read, was cancelled or made the feature fail. */
  async function answer<T>(
    feature: string,
    uri: string,
    token: CancellationToken,
    nothing: T,
    run: (analysis: Analysis) => T,
  ): Promise<T> {
    await ready;
    if (token.isCancellationRequested) return nothing;
    const notebook = notebooks.of(uri);
    return quarantine.run(feature, uri, (notebook ?? documents.get(uri))?.version, nothing, () => {
      const analysis = notebook ? notebooks.analysis(notebook, uri) : documents.analysis(uri);
      return analysis ? run(analysis) : nothing;
    });
  }

  connection.onInitialize((params) => {
    settings.initialize(params.capabilities, params.initializationOptions);
    refresh.initialize(params.capabilities);
    documents.callers.setRoots(
      params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []),
    );
    return WHAT_IT_CAN;
  });
  connection.onInitialized(() => settings.follow(() => refresh.now()));
  connection.onNotification(PYTHON_NOTIFICATION, (told: unknown) => {
    python = pythonParams(told);
    refresh.now();
  });

  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    if (!(await settings.get()).codeLens.enabled) return [];
    return answer("code lenses", uri, token, [], (analysis) => trainingLenses(analysis, python));
  });
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    answer("code actions", uri, token, [], (analysis) => codeActions(analysis, range, context.only, python)),
  );
  connection.languages.diagnostics.on(async ({ textDocument: { uri } }, token) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: await answer("diagnostics", uri, token, [], (analysis) => diagnostics(analysis, python, pages)),
  }));
  connection.languages.inlayHint.on(async ({ textDocument: { uri }, range }, token) => {
    const { inlayHints: shown } = await settings.get();
    return answer("inlay hints", uri, token, [], (analysis) =>
      inlayHints(analysis, range, shown, kerasDefault(python)),
    );
  });
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer("completion", uri, token, [], (analysis) => completion(analysis, position, kerasDefault(python))),
  );
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer("hovers", uri, token, null, (analysis) => hover(analysis, position, kerasDefault(python))),
  );
  connection.onRequest(TARGETS, ({ uri }, token) => answer("training calls", uri, token, [], trainTargets));
  connection.onRequest(GRAPH, ({ uri }, token) =>
    answer("graph", uri, token, { models: [] }, (analysis) =>
      graphOf(analysis, finished(analysis.reading(kerasDefault(python)).program)),
    ),
  );
  connection.onRequest(CONVERT, (params, token) => {
    const failed: ConvertResult = {
      ok: false,
      code: "not-readable",
      message:
        "Fitlens could not read this file. It converts open Python, TypeScript and JavaScript files, and cells of open notebooks.",
    };
    return answer("conversion", params.uri, token, failed, (analysis) =>
      convertDocument(analysis, documents.get(params.uri)?.version ?? null, params, python),
    );
  });

  // What a file says counts in those that import it.
  editor.onDidChangeContent(({ document }) => {
    if (documents.isImported(document.uri)) refresh.soon();
  });
  editor.onDidClose(({ document }) => {
    documents.close(document.uri);
    quarantine.forget(document.uri);
  });
  // What one cell says counts in those below it, for which the editor does not ask by itself.
  editorNotebooks.onDidOpen(() => refresh.soon());
  editorNotebooks.onDidChange(() => refresh.soon());
  editorNotebooks.onDidClose(({ uri }) => {
    notebooks.close(uri);
    quarantine.forget(uri);
  });
  editor.listen(connection);
  editorNotebooks.listen(connection);
  connection.listen();
}

const WHAT_IT_CAN: InitializeResult = {
  serverInfo: { name: NAME, version: FITLENS_VERSION },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    notebookDocumentSync: { notebookSelector: [{ notebook: "*", cells: [{ language: "python" }] }] },
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: { resolveProvider: false },
    hoverProvider: true,
    completionProvider: { triggerCharacters: ['"', "'", "`"], resolveProvider: false },
    codeActionProvider: { codeActionKinds: [...ACTION_KINDS], resolveProvider: false },
    diagnosticProvider: { identifier: "fitlens", interFileDependencies: true, workspaceDiagnostics: false },
  },
};
