// The note that lies in an environment from its first moment until it is whole. Knows its name and place only.
import fs from "node:fs";
import path from "node:path";

export const noteIn = (folder: string): string => path.join(folder, "fitlens-unfinished.json");

/** It was begun by Fitlens and lacks something: nothing should run in it yet. */
export const isUnfinished = (folder: string): boolean => fs.existsSync(noteIn(folder));
