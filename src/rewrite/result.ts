// What a rewrite gives: edits with what is worth knowing about them, or a refusal with its reason. Data, never a throw.
import type { TextEdit } from "../model/span";

export type Rewrite = { ok: true; edits: readonly TextEdit[]; notes: readonly string[] } | Refusal;

/** Why a rewrite is not done. `line` counts from 0. */
export interface Refusal {
  ok: false;
  /** A name in the table of refusals of the language. */
  code: string;
  message: string;
  line?: number;
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && (value as { ok?: unknown }).ok === false;
