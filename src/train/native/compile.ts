// Compiles tfjs-node's binding (three files, Apache-2.0, brought along) against the libraries of a TensorFlow that Python has.
import fs from "node:fs";
import path from "node:path";
import { findProgram, lastLines, runCommand } from "./command";
import type { PythonTensorFlow } from "./python";

const COMPILE_MILLIS = 10 * 60_000;

/** Nothing when `target` is written, else why not. `sources` holds `binding` and `include`. */
export async function compileBinding(
  sources: string,
  tensorflow: PythonTensorFlow,
  target: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const compiler = ["c++", "g++", "clang++"].map(findProgram).find((program) => program !== undefined);
  if (compiler === undefined) {
    return process.platform === "darwin"
      ? "there is no C++ compiler: run xcode-select --install"
      : "there is no C++ compiler: install g++ (Debian, Ubuntu: apt install g++)";
  }
  const parts = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => path.join(sources, "binding", name));
  const include = [path.join(sources, "include"), path.join(tensorflow.folder, "include")];
  const link = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const args = [
    ...["-shared", "-fPIC", "-O2", "-std=c++17", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION", "-w"],
    ...include.flatMap((folder) => ["-I", folder]),
    ...parts,
    ...["-o", target],
    ...tensorflow.libraries,
    `-Wl,-rpath,${tensorflow.folder}`,
    ...link,
  ];
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const result = await runCommand(compiler, args, { timeoutMs: COMPILE_MILLIS, ...(signal && { signal }) });
  if (result.ok) return undefined;
  const error = result.output.split("\n").find((line) => /\berror\b/.test(line));
  return `the binding could not be compiled by ${compiler} (${error?.trim().slice(0, 300) ?? lastLines(result.output)})`;
}
