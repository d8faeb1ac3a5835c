// The language server as the rest of the extension sees it. The client's code is loaded after activation, from its own bundle.
import * as vscode from "vscode";
import {
  CONVERT_REQUEST,
  type ConvertParams,
  type ConvertResult,
  GRAPH_REQUEST,
  type GraphResult,
  PYTHON_NOTIFICATION,
  type PythonParams,
  TARGETS_REQUEST,
  type TrainTarget,
} from "../protocol/server";
import type * as Client from "./client";
import type { Installation } from "./installation";
import { isNotebook } from "./scripts";

export type DecorateLenses = (lenses: vscode.CodeLens[], document: vscode.TextDocument) => vscode.CodeLens[];

export class LanguageServer implements vscode.Disposable {
  private connection: Promise<Client.Connection> | undefined;
  private python: PythonParams | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly log: vscode.LogOutputChannel,
    private readonly decorate: DecorateLenses,
  ) {}

  /** Starts the server once activation is over; what needs it waits for it. */
  start(): void {
    setImmediate(() => {
      void this.connect().catch((error) => this.log.error(`The language server did not start: ${error}`));
    });
  }

  async convert(params: ConvertParams): Promise<ConvertResult> {
    return (await this.connect()).request<ConvertResult>(CONVERT_REQUEST, params);
  }

  /** The calls that train in a script. It is opened first, because the server reads only what the editor has open. */
  async targets(script: vscode.Uri): Promise<TrainTarget[]> {
    const documents = isNotebook(script) ? await codeCells(script) : [await vscode.workspace.openTextDocument(script)];
    const connection = await this.connect();
    const found = documents.map(({ uri }) =>
      connection.request<TrainTarget[]>(TARGETS_REQUEST, { uri: uri.toString() }),
    );
    return (await Promise.all(found)).flat();
  }

  /** The models of a script or a notebook as graphs. It is opened first, as above. */
  async graph(script: vscode.Uri): Promise<GraphResult> {
    const [document] = isNotebook(script) ? await codeCells(script) : [await vscode.workspace.openTextDocument(script)];
    if (!document) return { models: [] };
    return (await this.connect()).request<GraphResult>(GRAPH_REQUEST, { uri: document.uri.toString() });
  }

  /** What the server should know of Python; it is told again after it has been started. */
  tellPython(params: PythonParams): void {
    if (JSON.stringify(params) === JSON.stringify(this.python)) return;
    this.python = params;
    void this.connection?.then((connection) => this.sendPython(connection)).catch(() => {});
  }

  /** Lets the editor ask for its lenses again, because what is known of runs has changed. */
  refreshLenses(): void {
    void this.connection?.then((connection) => connection.refreshLenses()).catch(() => {});
  }

  dispose(): void {
    void this.connection?.then((connection) => connection.stop()).catch(() => {});
  }

  private connect(): Promise<Client.Connection> {
    this.connection ??= Promise.resolve().then(() => {
      const { startClient } = require("./client.js") as typeof Client;
      return startClient(this.installation.dist("server.js"), this.log, this.decorate, (connection) => {
        void this.sendPython(connection).catch(() => {});
      });
    });
    return this.connection;
  }

  private async sendPython(connection: Client.Connection): Promise<void> {
    if (this.python) await connection.notify(PYTHON_NOTIFICATION, this.python);
  }
}

async function codeCells(notebook: vscode.Uri): Promise<vscode.TextDocument[]> {
  const cells = (await vscode.workspace.openNotebookDocument(notebook)).getCells();
  return cells.map(({ document }) => document).filter(({ languageId }) => languageId === "python");
}
