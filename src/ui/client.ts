// The language client: starts the server, sends it what the editor knows, and lets lenses be decorated with what runs do.
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, TransportKind } from "vscode-languageclient/node";
import type { DecorateLenses } from "./languageServer";

export interface Connection {
  request<T>(method: string, params: unknown): Promise<T>;
  refreshLenses(): void;
  stop(): Promise<void>;
}

const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact"];

export async function startClient(
  module: string,
  log: vscode.LogOutputChannel,
  decorate: DecorateLenses,
): Promise<Connection> {
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    synchronize: { configurationSection: "fitlens" },
    outputChannel: log,
    middleware: {
      provideCodeLenses: async (document, token, next) => {
        const lenses = await next(document, token);
        return lenses && decorate(lenses, document);
      },
    },
  };
  const client = new LanguageClient(
    "fitlens",
    "Fitlens",
    { run: { module, transport: TransportKind.ipc }, debug: { module, transport: TransportKind.ipc } },
    options,
  );
  await client.start();
  return {
    request: (method, params) => client.sendRequest(method, params),
    refreshLenses: () => {
      const feature = client.getFeature("textDocument/codeLens");
      for (const document of vscode.workspace.textDocuments) {
        feature.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
      }
    },
    stop: () => client.stop(),
  };
}
