// What differs between Python and JavaScript when code is evaluated: one object for each. Types only.
import type { Run } from "./run";
import type { Place, Value } from "./value";

export interface Language {
  readonly name: "python" | "javascript";
  /** What a name means that the program binds nowhere; null: nothing that is known. */
  builtin(run: Run, name: string): Value | null;
  /** Whether a value counts as true; null where that is not known. */
  truth(run: Run, value: Value): boolean | null;
  /** `left operator right`, for values that no library has a say in. */
  binary(run: Run, operator: string, left: Value, right: Value): Value;
  /** The same for all values: tensors and objects of the user's as well. */
  operate(run: Run, operator: string, left: Value, right: Value, place: Place): Value;
  /** `left operator= right`: a list of Python changes and stays itself. */
  operateInPlace(run: Run, operator: string, left: Value, right: Value, place: Place): Value;
  /** Item `at` of something that is taken apart and whose items are not all known: a data set's element, say. */
  part(run: Run, value: Value, at: number): Value;
  unary(run: Run, operator: string, value: Value): Value;
  /** A method or property of a value of the language itself: a string's, a list's; null: it has none of that name. */
  attribute(run: Run, object: Value, name: string): Value | null;
  /** `object[index]`. */
  index(run: Run, object: Value, index: Value): Value;
  /** `object[index] = value`. */
  setIndex(run: Run, object: Value, index: Value, value: Value): void;
  /** The items that a loop goes over; null where they are not all known. */
  items(run: Run, value: Value): readonly Value[] | null;
  /** The keys that `for … in` of JavaScript goes over. */
  keys(run: Run, value: Value): Value;
  /** What `with value as x` gives to x. */
  enter(run: Run, value: Value): Value;
  /** `@decorator` on a function or class. */
  decorate(run: Run, decorator: Value, value: Value): Value;
  /** What one item of it is, whichever; unknown where nothing is known of it. */
  element(run: Run, value: Value): Value;
  /** A value as text, in a template; null where it is not known. */
  text(run: Run, value: Value, format?: string): string | null;
}
