// The environment of the trainer: the user's, without what this editor and its watched terminals have put into it.
import path from "node:path";
import type { RunRecord } from "../protocol/run";
import { runtimeOf } from "./languages";
import type { LaunchOptions } from "./launch";

export type EnvironmentOptions = Pick<LaunchOptions, "distFolder" | "nativeFolder" | "env">;

/** Names by which the hook is told things; it takes FITLENS_RUN away before the script sees it. */
export function trainerVariables(
  folder: string,
  record: RunRecord,
  options: EnvironmentOptions,
): Record<string, string> {
  return {
    ...options.env,
    ...runtimeOf(record.language).variables(record, options),
    FITLENS_RUN: folder,
    /** Inherited by all that the script starts, so that Stop finds it. */
    FITLENS_PART_OF: folder,
  };
}

export function trainerEnvironment(folder: string, record: RunRecord, options: EnvironmentOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env)
    .filter(([name]) => !isEditors(name))
    .map(([name, value]) => [name, name === "PYTHONPATH" ? withoutOurs(value, options.distFolder) : value])
    .filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(inherited), ...trainerVariables(folder, record, options) };
}

function isEditors(name: string): boolean {
  return /^(VSCODE_|ELECTRON_|FITLENS_)/i.test(name) || /^(NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID)$/i.test(name);
}

/** A watched terminal's PYTHONPATH leads to our sitecustomize.py: what is started by us needs no watching. */
function withoutOurs(searched: string | undefined, distFolder: string): string | undefined {
  const ours = path.join(distFolder, "python", "terminal");
  const entries = searched?.split(path.delimiter) ?? [];
  if (!entries.includes(ours)) return searched;
  const left = entries.filter((entry) => entry !== ours);
  return left.length > 0 ? left.join(path.delimiter) : undefined;
}
