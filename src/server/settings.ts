// The settings that the server obeys: from the editor's configuration where it has one, else from initializationOptions.

import { type ClientCapabilities, type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import type { HintSettings } from "../features/hints";

export interface ServerSettings {
  codeLens: { enabled: boolean };
  inlayHints: HintSettings;
}

export class Settings {
  private readonly connection: Connection;
  private asks = false;
  private registers = false;
  private current: Promise<ServerSettings> | undefined;
  private given: unknown;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  initialize({ workspace }: ClientCapabilities, options: unknown): void {
    this.asks = workspace?.configuration === true;
    this.registers = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    // Editors give either the section itself or the whole with the section in it.
    this.given = member(options, "fitlens") ?? options;
  }

  get(): Promise<ServerSettings> {
    this.current ??= this.read();
    return this.current;
  }

  /** `refresh` is called after a change. */
  follow(refresh: () => void): void {
    this.connection.onDidChangeConfiguration(({ settings }) => {
      if (!this.asks) this.given = member(settings, "fitlens") ?? this.given;
      this.current = undefined;
      refresh();
    });
    if (this.asks && this.registers) {
      void this.connection.client
        .register(DidChangeConfigurationNotification.type, { section: "fitlens" })
        .catch(() => {});
    }
  }

  private async read(): Promise<ServerSettings> {
    const answer = this.asks
      ? await this.connection.workspace.getConfiguration("fitlens").catch(() => null)
      : this.given;
    const isOn = (section: string, name: string) => member(member(answer, section), name) !== false;
    return {
      codeLens: { enabled: isOn("codeLens", "enabled") },
      inlayHints: {
        enabled: isOn("inlayHints", "enabled"),
        shapes: isOn("inlayHints", "shapes"),
        parameters: isOn("inlayHints", "parameters"),
        models: isOn("inlayHints", "models"),
      },
    };
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
