// Finds the libraries of a TensorFlow inside a Python: what tfjs-node's binding is compiled against.
import fs from "node:fs";
import path from "node:path";
import { probePython } from "../interpreters";

export interface PythonTensorFlow {
  python: string;
  version: string;
  /** The package's folder, with `include` and the libraries. */
  folder: string;
  libraries: [string, string];
}

const LIBRARIES: Partial<Record<NodeJS.Platform, [string, string]>> = {
  linux: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
  darwin: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
};

/** The TensorFlow, or why it cannot be used. */
export async function tensorflowIn(python: string, signal?: AbortSignal): Promise<PythonTensorFlow | string> {
  const names = LIBRARIES[process.platform];
  if (!names) return "the libraries inside TensorFlow's Python package can be used on Linux and macOS only";
  const { problem, packages, tensorflowFolder: folder } = await probePython(python, signal);
  if (problem !== undefined) return problem.replace(/\.$/, "");
  const version = packages["tensorflow"];
  if (version === undefined || folder === undefined) return `${python} has no TensorFlow`;
  const libraries = names.map((name) => path.join(folder, name)) as [string, string];
  const missing = [...libraries, path.join(folder, "include", "tensorflow", "c", "c_api.h")].find(
    (file) => !fs.existsSync(file),
  );
  if (missing !== undefined) return `${python} has TensorFlow ${version} without ${missing}`;
  return { python, version, folder, libraries };
}
