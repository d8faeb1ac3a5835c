// The language of a new model: that of the file one looks at, else that of the workspace's scripts, else the answer to a question.
import * as vscode from "vscode";
import { type Choice, LANGUAGES, type Language } from "../scaffold/choices";

const BY_EDITOR: Readonly<Record<string, Language>> = {
  typescript: "typescript",
  typescriptreact: "typescript",
  javascript: "javascript",
  javascriptreact: "javascript",
  python: "python",
};

const FILES: Readonly<Record<Language, string>> = {
  typescript: "**/*.{ts,tsx,mts,cts}",
  javascript: "**/*.{js,jsx,mjs,cjs}",
  python: "**/*.{py,ipynb}",
};
const NOT_OWN = "**/{node_modules,.venv,venv,.conda,.fitlens,site-packages,dist,out,build}/**";
const LAST = "fitlens.newModelLanguage";

/** Undefined: it is not clear and has to be asked. */
export async function clearLanguage(): Promise<Language | undefined> {
  const editor = vscode.window.activeTextEditor?.document.languageId;
  const active = editor === undefined ? undefined : BY_EDITOR[editor];
  if (active) return active;
  if (vscode.window.activeNotebookEditor) return "python";
  const present = await Promise.all(
    LANGUAGES.map(async ({ id }) => ((await vscode.workspace.findFiles(FILES[id], NOT_OWN, 1)).length > 0 ? [id] : [])),
  );
  const found = present.flat();
  // A project in TypeScript has scripts in JavaScript too, for its tools.
  const meant = found.includes("typescript") ? found.filter((id) => id !== "javascript") : found;
  return meant.length === 1 ? meant[0] : undefined;
}

/** The languages, the one chosen last first: one key takes it again. */
export function languagesInOrder(state: vscode.Memento): readonly Choice<Language>[] {
  const last = state.get<string>(LAST);
  return [...LANGUAGES.filter(({ id }) => id === last), ...LANGUAGES.filter(({ id }) => id !== last)];
}

export const rememberLanguage = (state: vscode.Memento, language: Language): Thenable<void> =>
  state.update(LAST, language);
