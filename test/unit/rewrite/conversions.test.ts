// Every folder of test/conversions: the converted script or the refusal, and the notes, as a person sees them.
// UPDATE=1 writes what is there now; without it a missing expectation fails.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import { convertDocument } from "../../../src/features/convert";
import { dialectOf } from "../../../src/read/grammars";
import { parse } from "../../../src/read/source";
import { testGrammars } from "../read/script";

const FOLDER = "test/conversions";
const update = process.env["UPDATE"] === "1";

describe("conversions", () => {
  for (const name of fs.readdirSync(FOLDER).sort()) {
    test(name, async () => {
      const folder = path.join(FOLDER, name);
      const input = fs.readdirSync(folder).find((file) => file.startsWith("input."));
      assert.ok(input, `${folder} has no input script`);
      const before = fs.readFileSync(path.join(folder, input), "utf8");
      const uri = `file:///work/${name}${path.extname(input)}`;
      const read = async (text: string) => analyse(uri, parse(text, dialectOf(input)!, await testGrammars()));
      const result = convertDocument(await read(before), null, {});

      const expected = path.join(folder, input.replace("input", "expected"));
      const notes = path.join(folder, "notes.txt");
      if (result.ok) {
        expect(expected, result.newText);
        expect(notes, `${result.notes.join("\n")}\n`);
        const { source, script } = await read(result.newText);
        assert.equal(source.tree.rootNode.hasError, false, "the converted script does not parse");
        assert.ok(
          script.calls.some(({ method }) => method.startsWith("train")),
          "the converted script has no lens",
        );
      } else {
        assert.ok(!fs.existsSync(expected), `${expected} exists, but the conversion was refused: ${result.message}`);
        const line = result.line === undefined ? "" : ` in line ${result.line + 1}`;
        expect(notes, `refused (${result.code}${line}): ${result.message}\n`);
      }
    });
  }
});

function expect(file: string, actual: string): void {
  if (update) fs.writeFileSync(file, actual);
  assert.ok(fs.existsSync(file), `${file} is missing; UPDATE=1 writes it`);
  assert.equal(actual, fs.readFileSync(file, "utf8"));
}
