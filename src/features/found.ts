// What the evaluator has found as problems: each with its range in the text and the edits that would mend it.
import type { Problem, ProblemCode } from "../model/problem";
import type { Span, TextEdit } from "../model/span";
import type { Found, Related } from "../read/evaluate/found";
import { type Program, recordedOf } from "../read/evaluate/program";
import type { Place } from "../read/evaluate/value";
import type { Source } from "../read/source";
import { pathAt } from "../read/tree";
import { type Analysis, partAt } from "./analysis";
import { editsOf } from "./fixes/edits";
import { spanOfSpot } from "./fixes/parts";
import { isKerasKnown, type KnownPython, kerasDefault } from "./keras";
import { callAt, spanIn } from "./place";

/** One way to mend a problem. */
export interface Mending {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface FoundProblem extends Problem {
  /** Found when they are asked for: they look at the tree. */
  readonly mendings: () => Mending[];
}

/** Problems whose argument should not be there at all: its name is what is wrong. */
const BY_NAME = new Set<string>(
  "unknown-argument removed-argument repeated-argument removed-option ignored-option unknown-option unknown-output".split(
    " ",
  ),
);

/** Where a script tells Keras of objects of its own, any text may name one. */
const OWN_OBJECTS = /custom_object|register_keras_serializable|registerClass/;

export function foundProblems(analysis: Analysis, python: KnownPython): FoundProblem[] {
  const { source } = analysis;
  const seen = new Set<string>();
  const { program } = analysis.reading(kerasDefault(python));
  const isUncompiled = uncompiled(analysis, program);
  const isKnown = source.dialect !== "python" || isKerasKnown(analysis, python);
  return recordedOf(program, "found")
    .filter(({ failure }) => failure.fails !== "unknown-name" || !OWN_OBJECTS.test(source.text))
    .filter((found) => found.failure.fails !== "fit-before-compile" || isUncompiled(found))
    .filter((found) => isOwn(found) && isOfOneCell(analysis, { ...found, related: found.related?.filter(isOwn) ?? [] }))
    .flatMap((found): FoundProblem[] => {
      const { failure, place, at, fixes = [] } = found;
      const related = [...laterCompiles(program, found), ...(found.related ?? [])];
      const severity = isKnown ? found.severity : (found.unsure ?? found.severity);
      if (severity === "none") return [];
      const span = spanOfSpot(source, spanIn(place), at, BY_NAME.has(failure.fails));
      const key = `${failure.fails} ${span.start} ${span.end}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [
        {
          code: failure.fails as ProblemCode,
          severity,
          message: inWordsOf(source, spanIn(place), failure.message),
          span,
          related: related.filter(isOwn).map((one) => ({ span: spanIn(one.place), message: one.message })),
          mendings: () =>
            fixes.filter(isOwn).flatMap((fix) => {
              const edits = editsOf(source, fix);
              return edits ? [{ title: fix.title, edits }] : [];
            }),
        },
      ];
    });
}

/** What fails in another file is told there: here it has no place. */
const isOwn = ({ place }: { readonly place: Place }): boolean => place.unit.file === undefined;

/** The cells of a notebook run in any order; only what lies in one is certain. */
function isOfOneCell(analysis: Analysis, { place, related = [], severity }: Found): boolean {
  if (analysis.parts.length < 2 || severity !== "error") return true;
  const part = partAt(analysis, spanIn(place).start);
  return related.every((one) => partAt(analysis, spanIn(one.place).start) === part);
}

/** The names that the text has for what is called. */
function inWordsOf(source: Source, span: Span, message: string): string {
  const callee = message.includes("{model}") ? callAt(source, span)?.childForFieldName("function") : null;
  if (!callee) return message;
  const model = callee.childForFieldName("object")?.text ?? callee.text;
  return message.replaceAll("{model}", () => model).replaceAll("{call}", () => callee.text);
}

/** A text with errors in it may compile the model where it cannot be read. */
function uncompiled({ source }: Analysis, program: Program): (found: Found) => boolean {
  let isSure: boolean | undefined;
  const compiles = recordedOf(program, "compiles");
  return (found) => {
    isSure ??= !source.tree.rootNode.hasError && recordedOf(program, "unsureCompiles").length === 0;
    if (!isSure || source.dialect === "python") return isSure;
    // What JavaScript has put off runs after what is written below: only within one function is the order certain.
    const later = compiles.filter(({ made }) => found.related?.some(({ place }) => isSame(place, made)));
    return later.every(({ place }) => functionAround(source, place) === functionAround(source, found.place));
  };
}

const functionAround = (source: Source, place: Place): number | undefined =>
  pathAt(source, spanIn(place).start).findLast(({ type }) => /function|method_definition/.test(type))?.id;

function laterCompiles(program: Program, { failure, related = [] }: Found): Related[] {
  if (failure.fails !== "fit-before-compile") return [];
  return recordedOf(program, "compiles")
    .filter(({ made }) => related.some(({ place }) => isSame(place, made)))
    .slice(0, 1)
    .map(({ place }) => ({ place, message: "It is compiled only here." }));
}

const isSame = (a: Place, b: Place): boolean => a.unit === b.unit && a.start === b.start && a.end === b.end;
