// The names of the commands, apart from what they do, so that a test without an editor can read them.

/** The commands without their prefix, as in package.json; a test compares the two. */
export const COMMAND_NAMES = [
  "newModel",
  "train",
  "trainWithArguments",
  "debug",
  "convertToEstimator",
  "applyConversion",
  "discardConversion",
  "showMetrics",
  "showGraph",
  "stop",
  "pause",
  "continue",
  "resume",
  "showOutput",
  "openScript",
  "revealRun",
  "deleteRun",
  "selectPython",
  "createEnvironment",
  "toggleWatchTerminals",
  "selectBackend",
  "selectEngine",
  "installNativeEngine",
  "openSample",
] as const;
