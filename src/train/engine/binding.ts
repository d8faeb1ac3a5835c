// Finds the native binding of tfjs-node on disk. Loads nothing.
import fs from "node:fs";
import path from "node:path";

export const BINDING_FILE = "tfjs_binding.node";

/** `lib/napi-v8/tfjs_binding.node` of a tfjs-node package, for the newest Node-API that this Node has. */
export function bindingOf(packageFolder: string): string | undefined {
  const lib = path.join(packageFolder, "lib");
  const newest = Number(process.versions["napi"] ?? 8);
  return folderNames(lib)
    .map((name) => ({ name, api: Number(/^napi-v(\d+)$/.exec(name)?.[1] ?? Number.NaN) }))
    .filter(({ api }) => api <= newest)
    .sort((a, b) => b.api - a.api)
    .map(({ name }) => path.join(lib, name, BINDING_FILE))
    .find((file) => fs.existsSync(file));
}

/** The tfjs-node package in the folder that `installNativeEngine` fills. */
export function installedPackage(nativeFolder: string): string {
  return path.join(nativeFolder, "node_modules", "@tensorflow", "tfjs-node");
}

function folderNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
