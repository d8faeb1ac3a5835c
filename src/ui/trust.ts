// Restricted Mode: nothing of the workspace is started until a person trusts it.
import * as vscode from "vscode";
import { command, UserError } from "./errors";

/** `then` says what does not happen: `nothing in it is started`. */
export function requireTrust(then = "nothing in it is started"): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(`This workspace is in Restricted Mode, so ${then}. Trust the workspace to train its scripts.`, [
    command("Manage Workspace Trust", "workbench.trust.manage"),
  ]);
}
