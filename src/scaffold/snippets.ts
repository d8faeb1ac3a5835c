// Snippets from the parts that new files are made of: the whole script, and the model alone for a file that has its data.
import { KINDS, type Kind, type Language, TASKS, type Task } from "./choices";
import { hole, toSnippet } from "./markup";
import { compose, network } from "./scaffold";
import { TASK_PARTS } from "./tasks";
import { compile } from "./training";

export interface Snippet {
  prefix: string;
  description: string;
  body: string[];
}

const PREFIXES: Record<Kind, string> = {
  sequential: "keras-sequential",
  functional: "keras-functional",
  estimator: "estimator-modelfn",
};

/** The snippets of a language by name, as VS Code's snippet files hold them. */
export function snippets(language: Language): Record<string, Snippet> {
  const made: Record<string, Snippet> = {};
  for (const kind of KINDS) {
    for (const task of TASKS) {
      const answers = { kind: kind.id, task: task.id, language };
      const name = `${kind.label}: ${task.label}`;
      const prefix = `${PREFIXES[kind.id]}-${suffix(task.id)}`;
      made[name] = {
        prefix,
        description: `${kind.label}. ${task.description}; data, training and evaluation included`,
        body: toSnippet(compose(answers)),
      };
      made[`${name}, the model alone`] = {
        prefix: `${prefix}-model`,
        description: `${kind.label}. ${task.description}; the model alone`,
        body: toSnippet(alone(kind.id, task.id, language)),
      };
    }
  }
  return made;
}

/** The model and how it is compiled; the constants that a whole file declares are tab stops here. */
function alone(kind: Kind, task: Task, language: Language): string {
  const model = network({ kind, task, language });
  const text = kind === "estimator" ? model : `${model}\n\n${compile(TASK_PARTS[task])}`;
  return text.replace(/\b(FEATURES|SIZE|CLASSES)\b/g, (name) => hole(name.toLowerCase(), CONSTANTS[name]!));
}

const CONSTANTS: Record<string, number> = { FEATURES: 4, SIZE: 28, CLASSES: 10 };

const suffix = (task: Task) => (task === "multiclass" ? "classes" : task);
