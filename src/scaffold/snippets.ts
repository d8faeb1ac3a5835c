// Snippets from the parts that new files are made of: the whole script, and the model alone for a file that has its data.
import { type Answers, type Kind, kindsFor, type Language, type Task, tasksFor } from "./choices";
import { toSnippet } from "./markup";
import { writerOf } from "./scaffold";

export interface Snippet {
  prefix: string;
  description: string;
  body: string[];
}

const PREFIXES: Record<Kind, string> = {
  sequential: "keras-sequential",
  functional: "keras-functional",
  estimator: "estimator-modelfn",
  dnn: "estimator-dnn",
  linear: "estimator-linear",
  "wide-deep": "estimator-wide-deep",
  baseline: "estimator-baseline",
};

/** The snippets of a language by name, as VS Code's snippet files hold them. */
export function snippets(language: Language): Record<string, Snippet> {
  const { compose, alone } = writerOf(language);
  const made: Record<string, Snippet> = {};
  for (const kind of kindsFor(language)) {
    for (const task of tasksFor(kind.id)) {
      const answers: Answers = { kind: kind.id, task: task.id, language };
      const name = `${kind.label}: ${task.label}`;
      const prefix = `${prefixOf(kind.id, language)}-${suffix(task.id)}`;
      made[name] = {
        prefix,
        description: `${kind.label}. ${task.description}; data, training and evaluation included`,
        body: toSnippet(compose(answers)),
      };
      made[`${name}, the model alone`] = {
        prefix: `${prefix}-model`,
        description: `${kind.label}. ${task.description}; the model alone`,
        body: toSnippet(alone(answers)),
      };
    }
  }
  return made;
}

/** As the language writes the name of the function. */
function prefixOf(kind: Kind, language: Language): string {
  return kind === "estimator" && language === "python" ? "estimator-model-fn" : PREFIXES[kind];
}

const suffix = (task: Task) => (task === "multiclass" ? "classes" : task);
