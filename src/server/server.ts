// The language server on a connection: features answer, documents follow the editor, a fault takes away only its own answer.
import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DocumentDiagnosticReportKind,
  type InitializeParams,
  type InitializeResult,
  RequestType,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { ACTION_KINDS, codeActions } from "../features/actions";
import type { Analysis } from "../features/analysis";
import { convertDocument } from "../features/convert";
import { diagnostics } from "../features/diagnostics";
import { trainingLenses } from "../features/lenses";
import { trainTargets } from "../features/targets";
import {
  CONVERT_REQUEST,
  type ConvertParams,
  type ConvertResult,
  TARGETS_REQUEST,
  type TargetsParams,
  type TrainTarget,
} from "../protocol/server";
import type { Grammars } from "../read/grammars";
import { Documents } from "./documents";
import { Quarantine } from "./quarantine";
import { Settings } from "./settings";

const NAME = "fitlens-language-server";

const TARGETS = new RequestType<TargetsParams, TrainTarget[], void>(TARGETS_REQUEST);
const CONVERT = new RequestType<ConvertParams, ConvertResult, void>(CONVERT_REQUEST);

export function startServer(connection: Connection, loadGrammars: () => Promise<Grammars>): void {
  const documents = new Documents();
  const settings = new Settings(connection);
  const editor = new TextDocuments<TextDocument>({
    create: (...created) => documents.create(...created),
    update: (...updated) => documents.update(...updated),
  });
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
    return quarantine.run(feature, uri, documents.get(uri)?.version, nothing, () => {
      const analysis = documents.analysis(uri);
      return analysis ? run(analysis) : nothing;
    });
  }

  connection.onInitialize((params) => initialize(params, settings));
  connection.onInitialized(() =>
    settings.follow(() => void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {})),
  );

  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    if (!(await settings.get()).codeLens.enabled) return [];
    return answer("code lenses", uri, token, [], trainingLenses);
  });
  connection.onCodeAction(({ textDocument: { uri }, range, context }, token) =>
    answer("code actions", uri, token, [], (analysis) => codeActions(analysis, range, context.only)),
  );
  connection.languages.diagnostics.on(async ({ textDocument: { uri } }, token) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: await answer("diagnostics", uri, token, [], diagnostics),
  }));
  connection.onRequest(TARGETS, ({ uri }, token) => answer("training calls", uri, token, [], trainTargets));
  connection.onRequest(CONVERT, (params, token) => {
    const failed: ConvertResult = {
      ok: false,
      code: "not-readable",
      message: "Fitlens could not read this file. It converts open TypeScript and JavaScript files.",
    };
    return answer("conversion", params.uri, token, failed, (analysis) =>
      convertDocument(analysis, documents.get(params.uri)?.version ?? null, params),
    );
  });

  editor.onDidClose(({ document }) => {
    documents.close(document.uri);
    quarantine.forget(document.uri);
  });
  editor.listen(connection);
  connection.listen();
}

function initialize({ capabilities, initializationOptions }: InitializeParams, settings: Settings): InitializeResult {
  settings.initialize(capabilities, initializationOptions);
  return {
    serverInfo: { name: NAME, version: FITLENS_VERSION },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeLensProvider: { resolveProvider: false },
      codeActionProvider: { codeActionKinds: [...ACTION_KINDS], resolveProvider: false },
      diagnosticProvider: { identifier: "fitlens", interFileDependencies: false, workspaceDiagnostics: false },
    },
  };
}
