// `npm test`: sets up, then runs every suite; `npm test -- unit server` runs those, `--grep TEXT` the tests of that name.
// The last line is `N passed, N failed`, with `, N skipped` when some were; the exit status is 1 when any failed.
import fs from "node:fs";
import { parseArgs } from "node:util";
import { endChildrenWithUs } from "./harness/children.mjs";
import { artifacts, root } from "./harness/places.mjs";
import { beginSetUp } from "./harness/setup.mjs";
import { build, chosen, SUITES } from "./harness/suites.mjs";

process.chdir(root);
endChildrenWithUs();
const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: "string" } } });
const names = chosenOrExplain();
const suites = names.map((name) => SUITES[name]);

heading("Set-up");
// A suite waits for what it needs only: the first ones run while the larger environments are still being made.
const steps = beginSetUp([...new Set(suites.flatMap(({ needs }) => needs))]);

const results = [];
let built = !suites.some((suite) => suite.built) || names.includes("build");
for (const suite of suites) {
  heading(suite.title);
  const begin = Date.now();
  const mine = await outcomes(suite);
  results.push(...mine);
  console.log(`${summary(mine)} in ${Math.round((Date.now() - begin) / 1000)} s`);
}

heading("Slowest");
const slowest = results.filter(({ seconds }) => seconds >= 10).sort((a, b) => b.seconds - a.seconds);
for (const { seconds, file, name } of slowest.slice(0, 20))
  console.log(`${seconds.toFixed(0).padStart(4)} s  ${file}: ${name}`);

const failed = results.filter(({ outcome }) => outcome === "failed");
fs.mkdirSync(artifacts, { recursive: true });
fs.writeFileSync(`${artifacts}/results.json`, JSON.stringify(results, null, 1));
if (failed.length > 0) {
  heading("Failed");
  for (const { file, name, message } of failed)
    console.log(`${file}: ${name}\n${message.trimEnd().replace(/^/gm, "    ")}\n`);
}
process.exitCode = failed.length > 0 ? 1 : 0;
console.log(`\n${summary(results)}`);

/** The suites asked for; a name that is none ends with a sentence, not with a stack. */
function chosenOrExplain() {
  try {
    return chosen(positionals);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

/** A suite's results. What it needs and cannot have, and what it throws, is a failure of it, not of the others. */
async function outcomes(suite) {
  const failure = (message) => [{ file: suite.title, name: "could run", outcome: "failed", message }];
  const errors = (await Promise.all(suite.needs.map((step) => steps.get(step)))).filter(Boolean);
  if (errors.length > 0) return failure(errors.map(({ message }) => message).join("\n"));
  try {
    const broken = suite.built && !built ? (await build()).filter(({ outcome }) => outcome === "failed") : [];
    built = true;
    return [...broken, ...(await suite.run({ grep: values.grep }))];
  } catch (error) {
    return failure(error.stack);
  }
}

function summary(all) {
  const count = (outcome) => all.filter((result) => result.outcome === outcome).length;
  const skipped = count("skipped");
  return `${count("passed")} passed, ${count("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function heading(text) {
  console.log(`\n── ${text} ${"─".repeat(Math.max(0, 74 - text.length))}`);
}
