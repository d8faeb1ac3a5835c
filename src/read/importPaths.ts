// Which modules a text imports, by its text alone, and whether that may be a certain file: a cheap first look at many files. What is
// told here of an import that is none, in a string or comment, costs a look at the file and nothing else.

/** `pkg.mod` of Python, with what is taken out of it as further parts; `./model` of JavaScript. */
export function importPaths(text: string, language: "python" | "javascript"): string[] {
  const found = new Set<string>();
  if (language === "javascript") {
    for (const [, path] of text.matchAll(SCRIPT)) if (/^\.{1,2}(\/|$)/.test(path!)) found.add(path!);
    return [...found];
  }
  for (const [, path, names] of text.matchAll(FROM)) {
    found.add(path!);
    const dot = path!.endsWith(".") ? "" : ".";
    for (const [name] of names!.replace(/\bas\s+\w+|#.*$/gm, "").matchAll(/\w+/g)) found.add(path! + dot + name);
  }
  for (const [, paths] of text.matchAll(IMPORT))
    for (const path of paths!.split(",")) {
      const name = /^\s*([\w.]+)/.exec(path)?.[1];
      if (name) found.add(name);
    }
  return [...found];
}

const SCRIPT = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["'`]([^"'`\n]{1,300})["'`]/g;
const FROM = /^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]{0,4000}\)|[^\n(]+)/gm;
const IMPORT = /^[ \t]*import[ \t]+([\w., \t]+)/gm;

/** May a path in one file mean another? Files have "/" between their parts. */
export function mayMean(path: string, from: string, file: string): boolean {
  const stem = file.replace(/\.[cm]?[jt]sx?$|\.py$/, "").replace(/\/(index|__init__)$/, "");
  if (file.endsWith(".py")) {
    const dots = /^\.*/.exec(path)![0].length;
    const tail = path.slice(dots).split(".").filter(Boolean).join("/");
    if (dots === 0) return stem.endsWith(`/${tail}`) && from.startsWith(stem.slice(0, -tail.length));
    let folder = folderOf(from);
    for (let up = 1; up < dots; up++) folder = folderOf(folder);
    return stem === (tail ? `${folder}/${tail}` : folder);
  }
  let folder = folderOf(from);
  const parts = path.split("/");
  const rest: string[] = [];
  for (const part of parts) {
    if (part === "..") folder = folderOf(folder);
    else if (part !== "." && part !== "") rest.push(part);
  }
  const meant = [folder, ...rest].join("/");
  return meant.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "") === stem;
}

/** The folder of a file; paths have "/" between their parts. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** A file as it is named from another: `../data/make.py`. */
export function relativePath(from: string, to: string): string {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  let same = 0;
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same++;
  return [...here.slice(same).map(() => ".."), ...there.slice(same)].join("/");
}

/** Files that try things out: what they call functions with is not what these are for. */
export const isTest = (path: string): boolean =>
  /(^|\/)(tests?|__tests__|specs?|testing)\/|(^|\/)(test_[^/]*|conftest\.py|[^/]*(_test|\.test|[._-]spec)\.\w+)$/.test(
    path,
  );
