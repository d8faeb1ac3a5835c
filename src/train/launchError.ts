// Why a run could not be started, in words. Its folder, where there is one by then, says the same.

export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly folder: string | undefined;

  constructor(message: string, folder?: string) {
    super(message);
    this.folder = folder;
  }
}
