// Which file answers the package names that Fitlens knows: the workspace's own copy where the script resolves one, else the
// copy in dist. Only looks; loads nothing.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Package name → absolute path of the CommonJS file that stands for it. */
export type Table = Record<string, string>;

export interface Located {
  table: Table;
  /** TensorFlow.js is the workspace's own. */
  own: boolean;
  /** Folder of the workspace's own tfjs-node, usable or not. */
  ownNode?: string;
  /** The workspace's own wasm backend. */
  ownWasm?: string;
}

const PARTS = ["tfjs-core", "tfjs-layers", "tfjs-converter", "tfjs-data", "tfjs-backend-cpu"] as const;

export function locate(script: string, dist: string): Located {
  const engine = (name: string): string => path.join(dist, "engine", `${name}.js`);
  const from = createRequire(script);
  const nodePackage = ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"]
    .map((name) => resolveFrom(from, `${name}/package.json`))
    .find((file) => file !== undefined);
  const ownNode = nodePackage && path.dirname(nodePackage);
  const union =
    resolveFrom(from, "@tensorflow/tfjs") ??
    (nodePackage ? resolveFrom(createRequire(nodePackage), "@tensorflow/tfjs") : undefined);
  const ownWasm = union ? resolveFrom(from, "@tensorflow/tfjs-backend-wasm") : undefined;
  const table: Table = {
    "@tensorflow/tfjs": union ?? engine("tfjs"),
    "@tensorflow/tfjs-backend-wasm": ownWasm ?? engine("tfjs-backend-wasm"),
    "@tensorflow/tfjs-node": engine("tfjs-node"),
    "@tensorflow/tfjs-node-gpu": engine("tfjs-node"),
  };
  const beside = union ? createRequire(union) : undefined;
  for (const part of PARTS) {
    table[`@tensorflow/${part}`] = (beside && resolveFrom(beside, `@tensorflow/${part}`)) ?? engine(part);
  }
  const estimator = resolveFrom(from, "@fitlens/estimator") ?? broughtEstimator(dist);
  if (estimator) table["@fitlens/estimator"] = estimator;
  const located: Located = { table, own: union !== undefined };
  if (ownNode !== undefined) located.ownNode = ownNode;
  if (ownWasm !== undefined) located.ownWasm = ownWasm;
  return located;
}

function broughtEstimator(dist: string): string | undefined {
  return ["estimator/index.js", "estimator/index.cjs", "estimator.js"]
    .map((name) => path.join(dist, name))
    .find((file) => fs.existsSync(file));
}

function resolveFrom(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}
