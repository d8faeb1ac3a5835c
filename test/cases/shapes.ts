// Reads test/cases/shapes: Markdown whose code has an expression a line and, after `#:` or `//:`, the shape of its value.
import fs from "node:fs";
import path from "node:path";

export interface ShapeCase {
  readonly expression: string;
  /** `3 × 4`, `one number`; `?` where nothing is known. */
  readonly shape: string;
}

export interface ShapeCases {
  readonly name: string;
  readonly language: "python" | "javascript";
  readonly cases: readonly ShapeCase[];
}

const folder = path.resolve("test/cases/shapes");

export const shapeCases = (): ShapeCases[] =>
  fs.readdirSync(folder).map((file) => {
    const [, language, code] = /^```(\w+)\n([\s\S]*?)^```$/m.exec(fs.readFileSync(path.join(folder, file), "utf8"))!;
    const cases = code!
      .trimEnd()
      .split("\n")
      .map((line) => {
        const [, expression, shape] = /^(.*\S)\s+(?:#|\/\/): (.*)$/.exec(line) ?? [];
        if (!expression || !shape) throw new Error(`${file}: no expression with its shape: ${line}`);
        return { expression, shape };
      });
    return { name: path.basename(file, ".md"), language: language as ShapeCases["language"], cases };
  });

/** As a reader is told it; null is a size that is None. */
export const shapeWords = (shape: readonly (number | null | "?")[]): string =>
  shape.length === 0 ? "one number" : shape.map((dim) => (dim === null ? "None" : String(dim))).join(" × ");
