// Quick fixes of problems, as the editor applies them. How each is written is in edits.ts.
import { type CodeAction, CodeActionKind, type TextEdit, type WorkspaceEdit } from "vscode-languageserver-types";
import { overlaps, type Span } from "../../model/span";
import { type Analysis, partAt, rangeOf } from "../analysis";
import { diagnosticOf } from "../diagnostics";
import type { FoundProblem, Mending } from "../found";

export function quickFixesOf(analysis: Analysis, span: Span, problems: readonly FoundProblem[]): CodeAction[] {
  return problems
    .filter((problem) => overlaps(problem.span, span))
    .flatMap((problem) =>
      problem.mendings().map((mending, at) => ({
        title: mending.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(analysis, problem)],
        ...(at === 0 && { isPreferred: true }),
        edit: editOf(analysis, mending),
      })),
    );
}

function editOf(analysis: Analysis, { edits }: Mending): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const { uri } = partAt(analysis, edit.start);
    const inDocument = changes[uri] ?? [];
    inDocument.push({ range: rangeOf(analysis, edit), newText: edit.text });
    changes[uri] = inDocument;
  }
  return { changes };
}
