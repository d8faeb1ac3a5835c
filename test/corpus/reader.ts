// Our reader as `npm run corpus` asks for it: the sites of a file as the scorer takes them.
import fs from "node:fs";
import { knownShape } from "../../src/features/knownShape";
import { layerSites, offsetOf } from "../../src/features/layerSites";
import { readModels } from "../../src/features/reading";
import { dialectOf } from "../../src/read/grammars";
import { parse } from "../../src/read/source";
import { workspaceOf } from "../../src/read/workspace";
import { testGrammars } from "../unit/read/script";

interface Prediction {
  readonly line: number;
  readonly col: number;
  readonly layer: string;
  readonly shape: unknown;
  readonly params: number | null;
  readonly unknown?: true;
}

const textOf = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined);

export async function makeReader() {
  const grammars = await testGrammars();
  return {
    sitesOfFile(file: string, keras: "keras2" | "keras3"): Prediction[] {
      const dialect = dialectOf(file);
      if (!dialect) throw new Error(`${file} is not a script.`);
      const source = parse(fs.readFileSync(file, "utf8"), dialect, grammars);
      const workspace = workspaceOf(file, textOf, grammars, new Map());
      const predictions = layerSites(readModels(source, keras, { workspace })).flatMap((site) => {
        const { line, character } = source.positionAt(offsetOf(site));
        return site.variants.map(({ outputs, parameters }): Prediction => {
          const params = parameters === "?" ? null : parameters;
          const entry = { line: line + 1, col: character, layer: site.layer, params };
          const shape = outputs === null ? undefined : knownShape(outputs);
          return shape === undefined ? { ...entry, shape: null, unknown: true } : { ...entry, shape };
        });
      });
      source.dispose();
      return predictions;
    },
  };
}
