// Where the grammars and the problems' pages lie on disk: beside the bundle. The only place of the server that reads files.
import fs from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Grammars, loadGrammars } from "../read/grammars";

/** The URI of the folder of the problems' pages, which lies beside the folder of the bundle. */
export const pagesBeside = (folder: string): string =>
  pathToFileURL(path.join(folder, "..", "resources", "problems")).href;

export async function grammarsBeside(folder: string): Promise<Grammars> {
  return loadGrammars(async (name) => {
    const file = path.join(folder, name);
    try {
      return await fs.readFile(file);
    } catch (error) {
      throw new Error(`The grammar ${file} could not be read (${(error as Error).message}). Install Fitlens again.`);
    }
  });
}
