// What New Model… writes: the answers, and a table if there is one, to a file that trains as it is. Text only; whoever calls writes it.
import { type Answers, kindOf, LANGUAGES, type Language, tasksFor } from "./choices";
import * as javascript from "./javascript/file";
import { toFile } from "./markup";
import * as python from "./python/file";

export {
  type Answers,
  KINDS,
  type Kind,
  kindsFor,
  LANGUAGES,
  type Language,
  TASKS,
  type Task,
  tasksFor,
} from "./choices";

export interface NewFile {
  fileName: string;
  text: string;
}

/** What each language's folder gives. */
interface Writer {
  /** What a new file is called by default. */
  fileName(answers: Answers): string;
  /** The whole file, with its holes. */
  compose(answers: Answers): string;
  /** The model alone, with its holes, for a file that has its data already. */
  alone(answers: Answers): string;
}

const WRITERS: Record<Language, Writer> = { typescript: javascript, javascript, python };

export const writerOf = (language: Language): Writer => WRITERS[language];

/** @throws Error when the answers do not fit together, or the table does not fit the task, with what was found in it. */
export function scaffold(answers: Answers): NewFile {
  refuseImpossible(answers);
  const { fileName, compose } = writerOf(answers.language);
  return { fileName: answers.fileName ?? fileName(answers), text: `${toFile(compose(answers))}\n` };
}

/** A new file in a folder: named by default, or counted up where the name is taken. */
export function scaffoldAmong(answers: Answers, existing: readonly string[]): NewFile {
  const fileName = writerOf(answers.language).fileName(answers);
  return scaffold({ ...answers, fileName: suggestFileName(fileName, existing) });
}

function refuseImpossible({ kind, task, language }: Answers): void {
  const said = LANGUAGES.find(({ id }) => id === language)!.label;
  const found = kindOf(kind, language);
  if (!found) {
    throw new Error(`${said} has no ${kind}: only tf.estimator in Python has it. In ${said}, choose estimator.`);
  }
  const tasks = tasksFor(kind);
  if (!tasks.some(({ id }) => id === task)) {
    const known = tasks.map(({ id }) => id).join(", ");
    throw new Error(`A ${found.label} cannot learn ${task}: it takes rows. Choose ${known}, or another kind of model.`);
  }
}

/** A name like `base` that is not taken: `classifier.ts`, `classifier2.ts`, … Case does not tell names apart. */
export function suggestFileName(base: string, existing: readonly string[]): string {
  const taken = new Set(existing.map((name) => name.toLowerCase()));
  const dot = base.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ""];
  let name = base;
  for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${stem}${next}${extension}`;
  return name;
}
