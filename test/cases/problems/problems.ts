// Reads cases of problems: Markdown whose code says under a line, with `^`, what is wrong in it. Below that, after `=`, what is said, and
// after `+` each fix with the line that it leaves (` ⏎ ` where it leaves several, `-` where it leaves none).

export interface Expected {
  line: number;
  from: number;
  to: number;
  severity: string;
  code: string;
  message: string | null;
  fixes: string[];
}

export interface ProblemCase {
  title: string;
  language: "python" | "typescript" | "javascript";
  /** Which Keras is selected; null: that is not known, and errors are errors in both. */
  keras: "keras2" | "keras3" | null;
  /** What is expected alone, and not checked in the libraries: `unchecked`. */
  isChecked: boolean;
  code: string;
}

export function problemCasesIn(markdown: string): ProblemCase[] {
  const found = markdown.matchAll(
    /^## (.+)\n(?:\n[^`#][^\n]*\n)*\n```(python|typescript|javascript)([ \w]*)\n([\s\S]*?)^```$/gm,
  );
  return [...found].map(([, title, language, options, code]) => ({
    title: title!,
    language: language as ProblemCase["language"],
    keras: /keras2/.test(options!) ? "keras2" : /keras3/.test(options!) ? "keras3" : null,
    isChecked: !/unchecked/.test(options!),
    code: code!,
  }));
}

const MARK = /^\s*(?:#|\/\/)\s*(\^+) (error|warning|information|hint) ([a-z-]+)$/;

export function expectedIn(code: string): Expected[] {
  const lines = code.split("\n");
  const expected: Expected[] = [];
  let last = -1;
  for (const [at, line] of lines.entries()) {
    const comment = /^\s*(?:#|\/\/)\s*([=+]) (.*)$/.exec(line);
    const mark = MARK.exec(line);
    if (mark) {
      const from = line.indexOf("^");
      const [, marks, severity, problem] = mark;
      expected.push({
        line: last,
        from,
        to: from + marks!.length,
        severity: severity!,
        code: problem!,
        message: null,
        fixes: [],
      });
    } else if (comment && expected.length > 0) {
      const one = expected.at(-1)!;
      if (comment[1] === "=") one.message = comment[2]!;
      else one.fixes.push(comment[2]!);
    } else last = at;
  }
  return expected;
}
