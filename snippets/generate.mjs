// Writes the snippet files from src/scaffold: `node snippets/generate.mjs`. A test fails when they are out of date.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["src/scaffold/snippets.ts"],
  bundle: true,
  format: "esm",
  write: false,
});
const { snippets } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
for (const language of ["typescript", "javascript", "python"]) {
  writeFileSync(new URL(`${language}.json`, import.meta.url), `${JSON.stringify(snippets(language), null, 2)}\n`);
}
