// The language client: starts the server, sends it what the editor knows, and lets lenses be decorated with what runs do.
import * as vscode from "vscode";
import {
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import { SERVER_FLAGS } from "../protocol/server";
import { asking } from "./asking";
import type { DecorateLenses } from "./languageServer";

export interface Connection {
  request<T>(method: string, params: unknown): Promise<T>;
  notify(method: string, params: unknown): Promise<void>;
  refreshLenses(): void;
  stop(): Promise<void>;
}

/** Python also in the cells of notebooks, which are documents of their own. */
const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact", "python"];

export async function startClient(
  module: string,
  log: vscode.LogOutputChannel,
  decorate: DecorateLenses,
  /** Each time that the server has started: the first one, and those that the client starts after it has died. */
  started: (connection: Connection) => void,
): Promise<Connection> {
  const lensesAgain = asking(() => {
    const feature = client.getFeature("textDocument/codeLens");
    for (const document of vscode.workspace.textDocuments) {
      feature.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
    }
  });
  let usual: ErrorHandler | undefined;
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    synchronize: { configurationSection: "fitlens" },
    outputChannel: log,
    errorHandler: {
      // Messages to a server that has just died fail, some at once; the usual handler gives up at the fourth, before it hears of the end.
      error: () => ({ action: ErrorAction.Continue }),
      closed: () => {
        usual ??= client.createDefaultErrorHandler();
        return usual.closed();
      },
    },
    middleware: {
      provideCodeLenses: async (document, token, next) => {
        lensesAgain.done();
        const lenses = await next(document, token);
        return lenses && decorate(lenses, document);
      },
    },
  };
  const server = { module, transport: TransportKind.ipc, options: { execArgv: [...SERVER_FLAGS] } };
  const client = new LanguageClient("fitlens", "Fitlens", { run: server, debug: server }, options);
  const connection: Connection = {
    request: (method, params) => client.sendRequest(method, params),
    notify: (method, params) => client.sendNotification(method, params),
    refreshLenses: lensesAgain.ask,
    stop: () => client.stop(),
  };
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) started(connection);
  });
  await client.start();
  return connection;
}
