// The commands that package.json contributes, each with its handler. A failure in any of them is told in one way.
import * as vscode from "vscode";
import { COMMAND_NAMES } from "./commandNames";
import type { Reporter } from "./errors";

export type CommandName = (typeof COMMAND_NAMES)[number];
export type Handler = (...args: unknown[]) => unknown;
export type Handlers = Record<CommandName, Handler>;

export function registerCommands(handlers: Handlers, reporter: Reporter): vscode.Disposable {
  return vscode.Disposable.from(
    ...COMMAND_NAMES.map((name) =>
      vscode.commands.registerCommand(`fitlens.${name}`, async (...args: unknown[]) => {
        try {
          return await handlers[name](...args);
        } catch (error) {
          reporter.tell(error);
          return undefined;
        }
      }),
    ),
  );
}
