// What the graph view asks of the editor: to go to a place in a document or a cell, and to save a picture.
import * as vscode from "vscode";
import type { GraphPlace } from "../../protocol/graph";
import { cellOf } from "../scripts";

/** In the group where the document is open already, so that the graph stays beside it. */
export async function openGraphPlace({ uri: text, start }: GraphPlace): Promise<void> {
  const uri = vscode.Uri.parse(text);
  const position = new vscode.Position(start.line, start.character);
  const selection = new vscode.Range(position, position);
  const cell = cellOf(uri);
  if (!cell) {
    await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri), selection });
    return;
  }
  const selections = [new vscode.NotebookRange(cell.index, cell.index + 1)];
  await vscode.window.showNotebookDocument(cell.notebook, { viewColumn: columnOf(cell.notebook.uri), selections });
  await vscode.window.showTextDocument(cell.document, { selection });
}

function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const shows = ({ input }: vscode.Tab): boolean =>
    (input instanceof vscode.TabInputText || input instanceof vscode.TabInputNotebook) &&
    input.uri.toString() === uri.toString();
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(shows))?.viewColumn ?? vscode.ViewColumn.One;
}

const FILTERS = { svg: "SVG picture", png: "PNG picture" } as const;

export async function savePicture(name: string, format: "svg" | "png", data: string): Promise<void> {
  const file = `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "") || "model"}.${format}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    filters: { [FILTERS[format]]: [format] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
  });
  if (uri) await vscode.workspace.fs.writeFile(uri, Buffer.from(data, format === "svg" ? "utf8" : "base64"));
}
