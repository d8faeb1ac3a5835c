// What is wrong with a model, as data: every problem that Fitlens can tell is made here. Knows no editor.
import type { Span } from "./span";

export interface Problem {
  readonly code: keyof typeof PROBLEMS;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly span: Span;
  /** Places that explain it. */
  readonly related: readonly { span: Span; message: string }[];
}

/** Messages by code: what was expected, what was found, what to do. */
export const PROBLEMS = {
  "fit-before-compile": ({ model, call, compile }: { model: string; call: string; compile: string }) =>
    `\`${model}\` is not compiled when \`${call}\` runs. Call \`${compile}\` before it.`,
  "estimator-removed": ({ name, version }: { name: string; version: string }) =>
    `The selected Python has TensorFlow ${version}, which has no \`${name}\`: it left TensorFlow with 2.16. Run this file with TensorFlow 2.15.`,
} as const satisfies Record<string, (facts: never) => string>;
