// Finds a TensorFlow in a Python, without importing it and without running anything of the folder one is in.
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "./command";

export interface PythonTensorFlow {
  python: string;
  version: string;
  /** The package's folder, with `include` and the libraries. */
  folder: string;
  libraries: [string, string];
}

/** `-I`: no workspace code, no PYTHON* variables, no user site. Looks at metadata and specs only. */
const PROBE = `
import importlib.metadata, importlib.util, json
spec = importlib.util.find_spec("tensorflow")
version = None
for name in ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly", "intel-tensorflow"):
    try:
        version = importlib.metadata.version(name)
        break
    except importlib.metadata.PackageNotFoundError:
        pass
places = list(spec.submodule_search_locations or []) if spec else []
print(json.dumps({"folder": places[0] if places else None, "version": version}))
`;

const LIBRARIES: Partial<Record<NodeJS.Platform, [string, string]>> = {
  linux: ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"],
  darwin: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
};

/** The TensorFlow, or why it cannot be used. */
export async function probePython(python: string, signal?: AbortSignal): Promise<PythonTensorFlow | string> {
  const names = LIBRARIES[process.platform];
  if (!names) return "the libraries inside TensorFlow's Python package can be used on Linux and macOS only";
  const result = await runCommand(python, ["-I", "-c", PROBE], { timeoutMs: 20_000, ...(signal && { signal }) });
  if (!result.ok) return `${python} does not answer (${result.output.trim().split("\n").at(-1)})`;
  const found = parse(result.stdout);
  if (!found?.folder) return `${python} has no TensorFlow`;
  const libraries = names.map((name) => path.join(found.folder!, name)) as [string, string];
  const missing = [...libraries, path.join(found.folder, "include", "tensorflow", "c", "c_api.h")].find(
    (file) => !fs.existsSync(file),
  );
  if (missing !== undefined) return `${python} has TensorFlow ${found.version ?? ""} without ${missing}`;
  return { python, version: found.version ?? "of unknown version", folder: found.folder, libraries };
}

function parse(text: string): { folder: string | null; version: string | null } | undefined {
  try {
    return JSON.parse(text) as { folder: string | null; version: string | null };
  } catch {
    return undefined;
  }
}
