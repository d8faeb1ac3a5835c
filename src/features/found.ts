// What the evaluator has found as problems: each with its range in the text and the edits that would mend it.
import type { Problem, ProblemCode } from "../model/problem";
import type { TextEdit } from "../model/span";
import type { Found } from "../read/evaluate/found";
import { recordedOf } from "../read/evaluate/program";
import type { Place } from "../read/evaluate/value";
import { type Analysis, partAt } from "./analysis";
import { editsOf } from "./fixes/edits";
import { spanOfSpot } from "./fixes/parts";
import { isKerasKnown, type KnownPython, kerasDefault } from "./keras";
import { spanIn } from "./place";

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
  "unknown-argument removed-argument repeated-argument removed-option ignored-option unknown-option".split(" "),
);

/** Where a script tells Keras of objects of its own, any text may name one. */
const OWN_OBJECTS = /custom_object|register_keras_serializable|registerClass/;

export function foundProblems(analysis: Analysis, python: KnownPython): FoundProblem[] {
  const { source } = analysis;
  const seen = new Set<string>();
  const { program } = analysis.reading(kerasDefault(python));
  const isKnown = source.dialect !== "python" || isKerasKnown(analysis, python);
  return recordedOf(program, "found")
    .filter(({ failure }) => failure.fails !== "unknown-name" || !OWN_OBJECTS.test(source.text))
    .filter((found) => isOwn(found) && isOfOneCell(analysis, { ...found, related: found.related?.filter(isOwn) ?? [] }))
    .flatMap((found): FoundProblem[] => {
      const { failure, place, at, related = [], fixes = [] } = found;
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
          message: failure.message,
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
