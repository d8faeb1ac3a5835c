// What the folder of a converted model is called. Pure.

/** `model_dir/iris` for `iris.ts`; with a number where the file has that folder already. */
export function modelDirFor(fileName: string, text: string): string {
  const base = /([^/\\]*)$/.exec(fileName)![1]!.replace(/\.[^.]*$/, "");
  const name = base.replace(/[^\p{L}\p{N}._-]+/gu, "_").replace(/^\.+/, "") || "model";
  for (let number = 1; ; number++) {
    const folder = `model_dir/${name}${number === 1 ? "" : `_${number}`}`;
    if (!["'", '"', "`"].some((mark) => text.includes(mark + folder + mark))) return folder;
  }
}
