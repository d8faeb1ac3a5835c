// node:test reporter: a line per failure for people, and a JSON line per test in the file that FITLENS_REPORT names.
import fs from "node:fs";
import path from "node:path";

const file = process.env.FITLENS_REPORT;
const record = (entry) => file && fs.appendFileSync(file, `${JSON.stringify(entry)}\n`);

/** What failed, in the words of the test: node wraps the error of the test in one of its own. */
function messageOf(error) {
  const cause = error?.cause ?? error;
  const text = typeof cause === "string" ? cause : (cause?.stack ?? cause?.message ?? String(cause));
  return text
    .split("\n")
    .filter((line) => !/^\s+at .*(node:internal|node_modules)/.test(line))
    .join("\n");
}

// biome-ignore lint/style/noDefaultExport: node takes a reporter from the default export only.
export default async function* report(events) {
  const said = new Map();
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr")
      said.set(data.file, (said.get(data.file) ?? "") + data.message);
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    const place = path.relative(process.cwd(), data.file ?? data.name);
    const whole = path.resolve(data.name) === path.resolve(data.file ?? data.name);
    // A test whose subtests failed says nothing that they did not say; a file stands for its tests, unless it has none.
    if (data.details?.error?.failureType === "subtestsFailed") continue;
    if (whole && type === "test:pass") continue;
    if (/does not match/.test(data.skip)) continue; // left out by --grep
    const seconds = Math.round((data.details?.duration_ms ?? 0) / 100) / 10;
    if (data.skip !== undefined && data.skip !== false) record({ file: place, name: data.name, outcome: "skipped" });
    else if (type === "test:pass") record({ file: place, name: data.name, outcome: "passed", seconds });
    else {
      const name = whole ? "the file as a whole" : data.name;
      const message = [messageOf(data.details.error), whole && said.get(data.file)?.slice(-4000)]
        .filter(Boolean)
        .join("\n");
      record({ file: place, name, outcome: "failed", seconds, message });
      yield `\nFAILED ${place}: ${name}\n${indent(message)}\n`;
    }
  }
}

const indent = (text) => text.replace(/^/gm, "  ");
