// Starts a new training from another one's weights. Knows no training loop.
import fs from "node:fs/promises";
import { CheckpointError, readCheckpoint, readLatestCheckpoint } from "./checkpoint";
import { log } from "./logging";
import { type NamedVariables, restoreVariables } from "./variables";

/**
 * Where the first values of variables come from when `modelDir` has no checkpoint yet.
 *
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/WarmStartSettings
 */
export interface WarmStartSettings {
  /** A checkpoint, or a folder whose newest one is taken. */
  ckptToInitializeFrom: string;
  /** Which variables are taken, by their names. Default: all. */
  varsToWarmStart?: RegExp;
}

/** @throws CheckpointError when there is no checkpoint; Error when a variable is not in it or has another shape. */
export async function warmStart(from: string | WarmStartSettings, variables: NamedVariables): Promise<void> {
  const settings = typeof from === "string" ? { ckptToInitializeFrom: from } : from;
  const place = settings.ckptToInitializeFrom;
  const pattern = "varsToWarmStart" in settings ? settings.varsToWarmStart : undefined;
  const isFolder = (await fs.stat(place).catch(() => null))?.isDirectory() ?? false;
  const checkpoint = isFolder ? (await readLatestCheckpoint(place))?.checkpoint : await readCheckpoint(place);
  if (!checkpoint) throw new CheckpointError(`Warm start: there is no readable checkpoint in ${place}.`, place);
  const chosen = new Map([...variables].filter(([name]) => !pattern || pattern.test(name)));
  restoreVariables(checkpoint, chosen, place);
  log("info", `Warm-starting from: ${place}, ${chosen.size} of ${variables.size} variables.`);
}
