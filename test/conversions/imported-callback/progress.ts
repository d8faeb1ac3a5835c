import type { CustomCallbackArgs } from "@tensorflow/tfjs";

export function progress(value: string): CustomCallbackArgs {
  return { onEpochEnd: (epoch, logs) => console.log(epoch, logs?.[value]) };
}
