// A plugin of the editor's TypeScript server: gives the declarations that Fitlens ships to imports that the workspace cannot answer,
// so that a new file is right before anything is installed. Changes nothing where the workspace has the package itself.
import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";
import type { CreateInfo, Host, PluginModule, TypeScript } from "./server";

/** `dist/`, where this bundle lies. */
const DIST = __dirname;
const TYPES = path.join(DIST, "types");
const ESTIMATOR = path.join(DIST, "estimator/types/estimator/index.d.ts");
const NODE = path.join(TYPES, "@types/node/index.d.ts");
const BUILTIN = new Set(builtinModules);

/** What the server calls to get the plugin. */
export function plugin({ typescript }: { typescript: TypeScript }): PluginModule {
  return {
    create(info) {
      answerModules(typescript, info);
      answerTypes(info.languageServiceHost);
      return info.languageService;
    },
  };
}

function answerModules(typescript: TypeScript, { languageServiceHost: host, project, serverHost }: CreateInfo): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (!resolve) return;
  const workspaceFile = () => path.join(project.getCurrentDirectory(), "index.ts");

  host.resolveModuleNameLiterals = (literals, file, redirected, options, ...rest) => {
    const resolutions = resolve(literals, file, redirected, options, ...rest);
    const ours = isShipped(file);
    return resolutions.map((resolution, index) => {
      const name = literals[index]?.text ?? "";
      if (resolution.resolvedModule && !ours) return resolution;
      const found =
        // What Fitlens ships asks the workspace first too, so that both speak of one TensorFlow.js.
        (ours && typescript.resolveModuleName(name, workspaceFile(), options, serverHost).resolvedModule) ||
        declarations(shippedFile(name)) ||
        (isNode(name) && !hasNodeTypes() ? declarations(NODE) : undefined);
      return found ? { ...resolution, resolvedModule: found } : resolution;
    });

    function hasNodeTypes(): boolean {
      const { resolvedTypeReferenceDirective } = typescript.resolveTypeReferenceDirective(
        "node",
        file,
        options,
        serverHost,
      );
      return resolvedTypeReferenceDirective !== undefined;
    }
  };
}

/** `"types": ["node"]` of a tsconfig.json, and `/// <reference types="node" />`. */
function answerTypes(host: Host): void {
  const resolve = host.resolveTypeReferenceDirectiveReferences?.bind(host);
  if (!resolve) return;
  host.resolveTypeReferenceDirectiveReferences = (references, file, ...rest) =>
    resolve(references, file, ...rest).map((resolution, index) => {
      const reference = references[index];
      const name = typeof reference === "string" ? reference : reference?.fileName;
      if (resolution.resolvedTypeReferenceDirective || name !== "node" || !fs.existsSync(NODE)) return resolution;
      const resolvedTypeReferenceDirective = {
        primary: true,
        resolvedFileName: slashes(NODE),
        isExternalLibraryImport: true,
      };
      return { ...resolution, resolvedTypeReferenceDirective };
    });
}

/** The declarations of a module that Fitlens ships, by its name. */
function shippedFile(name: string): string | undefined {
  if (name === "@fitlens/estimator") return ESTIMATOR;
  if (!name.startsWith("@tensorflow/") && name !== "undici-types") return undefined;
  const base = path.join(TYPES, name);
  return [path.join(base, "index.d.ts"), `${base}.d.ts`].find((file) => fs.existsSync(file));
}

function declarations(file: string | undefined) {
  if (!file || !fs.existsSync(file)) return undefined;
  return { resolvedFileName: slashes(file), extension: ".d.ts", isExternalLibraryImport: true };
}

const isNode = (name: string) => name.startsWith("node:") || BUILTIN.has(name);
const isShipped = (file: string) =>
  !path.relative(DIST, file).startsWith("..") && !path.isAbsolute(path.relative(DIST, file));
/** The server's paths have slashes on every platform. */
const slashes = (file: string) => file.replaceAll("\\", "/");
