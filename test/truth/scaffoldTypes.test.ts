// Every TypeScript file that New Model… makes, and the sample, is right by the compiler, under all its strictest options.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { CASES, linkPackages, writeCase } from "./scaffoldFiles";

describe("the compiler has nothing to say", () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-scaffold-")));
  linkPackages(folder);
  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  for (const one of CASES) writeCase(one, folder);
  fs.cpSync("resources/sample", path.join(folder, "sample"), { recursive: true });
  fs.rmSync(path.join(folder, "sample/tsconfig.json"));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  /** Options of people's projects: what the sample has, the strictest, and Node's own resolution. */
  const projects: Record<string, object> = {
    "the sample's options": JSON.parse(fs.readFileSync("resources/sample/tsconfig.json", "utf8")).compilerOptions,
    "the strictest options": {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noPropertyAccessFromIndexSignature: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      erasableSyntaxOnly: true,
      module: "esnext",
      moduleResolution: "bundler",
      target: "es2022",
    },
    "module nodenext": { strict: true, module: "nodenext", target: "es2022" },
  };
  for (const [name, options] of Object.entries(projects)) {
    test(name, () => {
      const tsconfig = path.join(folder, "tsconfig.json");
      const compilerOptions = {
        ...options,
        types: ["node"],
        skipLibCheck: true,
        noEmit: true,
        paths: { "@fitlens/estimator": [declarations()] },
      };
      fs.writeFileSync(tsconfig, JSON.stringify({ compilerOptions, include: ["**/*.ts"] }));
      const { stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", tsconfig], {
        encoding: "utf8",
      });
      assert.equal(stdout, "");
    });
  }
});

/** The Estimator library's own declarations, as they are published; its source where they are not built yet. */
function declarations(): string {
  const built = path.resolve("dist/estimator/types/estimator/index.d.ts");
  return fs.existsSync(built) ? built : path.resolve("src/estimator/index.ts");
}
