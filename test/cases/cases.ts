// Reads cases: Markdown whose headings are titles and whose code says at the end of a line, after `#:` or `//:`, what is shown there.

export interface Case {
  title: string;
  language: "python" | "typescript" | "javascript";
  code: string;
}

export function casesIn(markdown: string): Case[] {
  const found = markdown.matchAll(/^## (.+)\n\n```(python|typescript|javascript)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, title, language, code]) => ({
    title: title!,
    language: language as Case["language"],
    code: code!,
  }));
}

/** What each line expects; "" where nothing is to be shown. */
export const expectedOf = (code: string): string[] =>
  code.split("\n").map((line) => /(?:#|\/\/): (.*)$/.exec(line)?.[1]?.trim() ?? "");
