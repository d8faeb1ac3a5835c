// The way that tfjs-node's authors meant: npm installs the package, and its install step downloads the library.
import fs from "node:fs";
import path from "node:path";
import { findProgram, lastLines, runCommand } from "./command";

const LIBRARY_HOST = "https://storage.googleapis.com/";
const REACH_MILLIS = 5_000;
const INSTALL_MILLIS = 20 * 60_000;

/** Nothing when it is installed into `folder`, else why not. */
export async function installByNpm(folder: string, version: string, signal?: AbortSignal): Promise<string | undefined> {
  const npm = findNpm();
  if (!npm) return "npm is not on the PATH";
  if (!(await isReachable(signal))) return "the library's download (storage.googleapis.com) cannot be reached";
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1"];
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const [program, ...first] = npm;
  const result = await runCommand(program!, [...first, ...args, `@tensorflow/tfjs-node@${version}`], {
    cwd: folder,
    timeoutMs: INSTALL_MILLIS,
    ...(signal && { signal }),
  });
  return result.ok ? undefined : `npm could not install it (${lastLines(result.output)})`;
}

/** On Windows npm is a script for the shell; its own program stands beside it. */
function findNpm(): string[] | undefined {
  const npm = findProgram("npm");
  if (npm === undefined || process.platform !== "win32") return npm === undefined ? undefined : [npm];
  const folder = path.dirname(npm);
  const program = path.join(folder, "node_modules", "npm", "bin", "npm-cli.js");
  const node = path.join(folder, "node.exe");
  return fs.existsSync(program) && fs.existsSync(node) ? [node, program] : undefined;
}

/** Where there is a proxy only npm knows how to go through it. */
async function isReachable(signal?: AbortSignal): Promise<boolean> {
  const names = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "npm_config_proxy",
    "npm_config_https_proxy",
  ];
  if (names.some((name) => process.env[name])) return true;
  try {
    const limit = AbortSignal.timeout(REACH_MILLIS);
    await fetch(LIBRARY_HOST, { method: "HEAD", signal: signal ? AbortSignal.any([signal, limit]) : limit });
    return true;
  } catch {
    return false;
  }
}
