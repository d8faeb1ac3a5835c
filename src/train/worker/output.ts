// Keeps the run's output.log within bounds: where it has grown too large, its newest part stays and the rest goes. The process
// writes to the file itself, in append mode, so cutting it needs nobody's help and no second process.
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES } from "../../protocol/run";

const MOST_BYTES = 8 * 1024 * 1024;
const KEPT_BYTES = 1024 * 1024;
const CHECK_BYTES = 512 * 1024;

export function boundOutput(folder: string): void {
  const file = path.join(folder, RUN_FILES.output);
  if (!writesTo(file)) return;
  let unchecked = 0;
  const check = (): void => {
    unchecked = 0;
    try {
      if (fs.statSync(file).size > MOST_BYTES) cut(file);
    } catch {
      // The user may have deleted it; printing goes on as Node does it.
    }
  };
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = function (this: NodeJS.WriteStream, ...args: unknown[]): boolean {
      const done = write.apply(this, args as Parameters<typeof write>);
      unchecked += (args[0] as string | Uint8Array | undefined)?.length ?? 0;
      if (unchecked >= CHECK_BYTES) check();
      return done;
    } as typeof write;
  }
  // What libraries print past Node.
  setInterval(check, 5_000).unref();
}

/** Under a debugger the output goes to the editor instead. */
function writesTo(file: string): boolean {
  try {
    const [ours, out] = [fs.statSync(file), fs.fstatSync(1)];
    return ours.ino === out.ino && ours.dev === out.dev;
  } catch {
    return false;
  }
}

function cut(file: string): void {
  const fd = fs.openSync(file, "r+");
  try {
    const { size } = fs.fstatSync(fd);
    const kept = Buffer.allocUnsafe(KEPT_BYTES);
    const read = fs.readSync(fd, kept, 0, KEPT_BYTES, size - KEPT_BYTES);
    const note = Buffer.from(
      `[fitlens] The output grew beyond ${MOST_BYTES / 1024 / 1024} MB; what came before is left out.\n`,
    );
    const newest = Buffer.concat([note, kept.subarray(kept.indexOf(10) + 1, read)]);
    fs.ftruncateSync(fd, 0);
    fs.writeSync(fd, newest, 0, newest.length, 0);
  } finally {
    fs.closeSync(fd);
  }
}
