// Takes something of the user's away so that it can come back.
import * as vscode from "vscode";

/** To the trash; where there is none, for good, but only if that is wanted. `what`: `the run`. Resolves to whether it is gone. */
export async function toTrash(uri: vscode.Uri, what: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
    return true;
  } catch {
    const forGood = await vscode.window.showWarningMessage(
      `There is no trash here. Delete ${what} for good?`,
      { modal: true },
      "Delete for Good",
    );
    if (!forGood) return false;
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
    return true;
  }
}
