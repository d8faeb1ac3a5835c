// Diagnostics: the problems of a document as the editor shows them.
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types";
import type { Problem } from "../model/problem";
import { type Analysis, partAt, rangeOf } from "./analysis";
import type { KnownPython } from "./keras";
import { problemsOf } from "./problems";

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** `pages`: the URI of the folder of the problems' pages; null where there are none at hand. */
export function diagnostics(analysis: Analysis, python: KnownPython = null, pages: string | null = null): Diagnostic[] {
  return problemsOf(analysis, python).map((problem) => ({
    ...diagnosticOf(analysis, problem),
    ...(pages !== null && { codeDescription: { href: `${pages}/${problem.code}.md` } }),
  }));
}

export function diagnosticOf(analysis: Analysis, { code, severity, message, span, related }: Problem): Diagnostic {
  return {
    range: rangeOf(analysis, span),
    severity: SEVERITY[severity],
    code,
    source: "fitlens",
    message,
    ...(related.length > 0 && {
      relatedInformation: related.map((one) => ({
        location: { uri: partAt(analysis, one.span.start).uri, range: rangeOf(analysis, one.span) },
        message: one.message,
      })),
    }),
  };
}
