// Diagnostics: what is certain to fail when the script runs. A doubt shows nothing.
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver-types";
import type { Problem } from "../model/problem";
import { fitBeforeCompile } from "../read/javascript/compiled";
import { type Analysis, rangeOf } from "./analysis";

const SEVERITY = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning } as const;

export function diagnostics({ uri, source, script }: Analysis): Diagnostic[] {
  return fitBeforeCompile(script).map(({ code, severity, message, span, related }: Problem) => ({
    range: rangeOf(source, span),
    severity: SEVERITY[severity],
    code,
    source: "fitlens",
    message,
    ...(related.length > 0 && {
      relatedInformation: related.map((one) => ({
        location: { uri, range: rangeOf(source, one.span) },
        message: one.message,
      })),
    }),
  }));
}
