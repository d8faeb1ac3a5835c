// The environment of the trainer: the user's, without what this editor has put into its own.
import path from "node:path";
import type { LaunchOptions } from "./launch";

/** Names by which the trainer is told things; it takes FITLENS_RUN away before the script sees it. */
export function trainerVariables(folder: string, { engine, nativeFolder, env }: LaunchOptions): Record<string, string> {
  return {
    ...env,
    FITLENS_RUN: folder,
    /** Inherited by all that the script starts, so that Stop finds it. */
    FITLENS_PART_OF: folder,
    FITLENS_ENGINE: engine ?? "auto",
    ...(nativeFolder !== undefined && {
      FITLENS_NATIVE: nativeFolder,
      FITLENS_CACHE: path.join(path.dirname(nativeFolder), "compile-cache"),
    }),
    /** Where Node is VS Code's own program, it should be Node. */
    ELECTRON_RUN_AS_NODE: "1",
  };
}

export function trainerEnvironment(folder: string, options: LaunchOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !isEditors(name));
  return { ...Object.fromEntries(inherited), ...trainerVariables(folder, options) };
}

function isEditors(name: string): boolean {
  return /^(VSCODE_|ELECTRON_|FITLENS_)/i.test(name) || /^(NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID)$/i.test(name);
}
