// A client of the language server that is not VS Code's: JSON-RPC over the standard streams of a real process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

/** How long an answer may take on a busy machine. */
const PATIENCE = 30_000;

export interface ClientOptions {
  /** What workspace/configuration answers; without it the client cannot be asked. */
  configuration?: unknown;
  initializationOptions?: unknown;
}

export class Client {
  readonly logs: string[] = [];
  /** Requests of the server, by method. */
  readonly asked: string[] = [];
  configuration: unknown;
  private readonly waiting: { method: string; resolve: () => void }[] = [];

  private constructor(
    readonly process: ChildProcess,
    private readonly connection: MessageConnection,
  ) {}

  static async start(
    { configuration, initializationOptions }: ClientOptions = {},
    processId: number | undefined = process.pid,
  ): Promise<Client> {
    const child = spawn(process.execPath, [path.resolve("dist/server.js"), "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout!),
      new StreamMessageWriter(child.stdin!),
    );
    const client = new Client(child, connection);
    client.configuration = configuration;
    connection.onNotification(
      "window/logMessage",
      ({ message }: { message: string }) => void client.logs.push(message),
    );
    connection.onRequest((method: string) => {
      client.asked.push(method);
      for (const one of client.waiting.splice(0)) {
        if (one.method === method) one.resolve();
        else client.waiting.push(one);
      }
      return method === "workspace/configuration" ? [client.configuration] : null;
    });
    connection.listen();
    const workspace = {
      codeLens: { refreshSupport: true },
      diagnostics: { refreshSupport: true },
      inlayHint: { refreshSupport: true },
      ...(configuration !== undefined && {
        configuration: true,
        didChangeConfiguration: { dynamicRegistration: true },
      }),
    };
    await client.request("initialize", {
      processId,
      rootUri: null,
      capabilities: { workspace },
      initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return inTime(this.connection.sendRequest<T>(method, params), `an answer to ${method}`);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  /** Opens a document; gives its URI. */
  async open(name: string, text: string, languageId = "typescript"): Promise<string> {
    const uri = path.isAbsolute(name) ? pathToFileURL(name).href : `file:///work/${name}`;
    await this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
    return uri;
  }

  change(uri: string, version: number, contentChanges: unknown[]): Promise<void> {
    return this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
  }

  /** Resolves when the server asks for something. */
  isAsked(method: string): Promise<void> {
    return inTime(new Promise((resolve) => this.waiting.push({ method, resolve })), `the server's request ${method}`);
  }

  async stop(): Promise<number | null> {
    const exit = once(this.process, "exit");
    await this.request("shutdown", null);
    await this.notify("exit", null);
    const [code] = await inTime(exit, "the server's end");
    this.connection.dispose();
    return code;
  }

  kill(): void {
    this.connection.dispose();
    this.process.kill("SIGKILL");
  }
}

export function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${PATIENCE} ms for ${what}.`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
