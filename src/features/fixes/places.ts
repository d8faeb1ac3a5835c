// Places of the evaluator as spans of the text.
import type { Span } from "../../model/span";
import type { Place } from "../../read/evaluate/value";

export const spanIn = ({ unit, start, end }: Place): Span => ({ start: unit.start + start, end: unit.start + end });
