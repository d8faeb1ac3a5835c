// Finds places in the user's source: in stacks, in syntax errors, and of imports that are not found.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { SourcePlace } from "../../protocol/run";

/** Where in the user's own code a stack leads first: not Node, not a package, not Fitlens. */
export function userPlace(stack: string, dist: string): SourcePlace | undefined {
  for (const line of stack.split("\n")) {
    const frame = /^\s+at (?:.*?\()?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/.exec(line);
    if (!frame) continue;
    const place = { file: toPath(frame[1]!), line: Number(frame[2]), column: Number(frame[3]) };
    if (isUsers(place.file, dist)) return place;
  }
  return undefined;
}

/** `/path/file.ts:3` or `file:///path/file.mjs:3:7` at the head of a syntax error's stack. */
export function headPlace(stack: string, dist: string): SourcePlace | undefined {
  const head = /^((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\n]*?):(\d+)(?::(\d+))?$/m.exec(stack);
  if (!head || stack.slice(0, head.index).includes("\n    at ")) return undefined;
  const file = toPath(head[1]!);
  if (!isUsers(file, dist)) return undefined;
  const place: SourcePlace = { file, line: Number(head[2]) };
  if (head[3] !== undefined) place.column = Number(head[3]);
  else {
    const caret = stack.slice(head.index).split("\n")[2];
    if (caret && /^\s*\^/.test(caret)) place.column = caret.indexOf("^") + 1;
  }
  return place;
}

/** The import in the file that asked for what cannot be found. */
export function importPlace(message: string, script: string): SourcePlace | undefined {
  const wanted = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  const importer =
    /imported from (\S.*?)(?:\n|$)/.exec(message)?.[1] ?? /Require stack:\n- (.*?)(?:\n|$)/.exec(message)?.[1];
  if (wanted === undefined) return undefined;
  const file = importer === undefined ? script : toPath(importer);
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const name = path.basename(wanted);
  const lines = text.split(/\r?\n/);
  const line = lines.findIndex((one) => /\b(import|from|require|export)\b/.test(one) && one.includes(name));
  if (line < 0) return { file, line: 1 };
  const column = lines[line]!.search(/["'`]/);
  return { file, line: line + 1, column: Math.max(0, column) + 1 };
}

export function toPath(fileOrUrl: string): string {
  try {
    return fileOrUrl.startsWith("file:") ? fileURLToPath(fileOrUrl) : fileOrUrl;
  } catch {
    return fileOrUrl;
  }
}

function isUsers(file: string, dist: string): boolean {
  return !file.startsWith(dist + path.sep) && !/[\\/]node_modules[\\/]/.test(file) && !file.startsWith("node:");
}
