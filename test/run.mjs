// `npm test`: sets up, then runs every suite; `npm test -- unit server` runs those, `--grep TEXT` the tests of that name.
// The last line is `N passed, N failed`, with `, N skipped` when some were; the exit status is 1 when any failed.
import fs from "node:fs";
import { parseArgs } from "node:util";
import { endChildrenWithUs } from "./harness/children.mjs";
import { artifacts, root } from "./harness/places.mjs";
import { beginSetUp } from "./harness/setup.mjs";
import { built, chosen, SUITES } from "./harness/suites.mjs";

process.chdir(root);
endChildrenWithUs();
const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: "string" } } });
const names = chosenOrExplain();
const suites = names.map((name) => SUITES[name]);

heading("Set-up");
// A suite waits for what it needs only: the first ones run while the larger environments are still being made.
const steps = beginSetUp([...new Set(suites.flatMap(({ needs }) => needs))]);

const results = [];
// VS Code's windows wait for half of their time, so the other suites run beside them, and give way to them.
const lanes = [(suite) => !suite.windows && !suite.alone, (suite) => suite.windows].map((fits) => suites.filter(fits));
const beside = lanes.every((lane) => lane.length > 0);
await Promise.all(lanes.map(inTurn));
await inTurn(suites.filter(({ alone }) => alone));

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

async function inTurn(lane) {
  for (const suite of lane) await perform(suite);
}

/** Runs a suite. What windows print beside others is shown when they are done. */
async function perform(suite) {
  const later = beside && suite.windows ? [] : undefined;
  const print = (data) => (later ? later.push(data) : process.stdout.write(data));
  if (!later) heading(suite.title);
  const missing = await lacking(suite);
  const begin = Date.now();
  const nice = beside && !suite.windows;
  const mine = missing ?? (await outcomes(suite, { grep: values.grep, print, nice }));
  results.push(...mine);
  if (later) heading(suite.title);
  for (const data of later ?? []) process.stdout.write(data);
  console.log(`${suite.title}: ${summary(mine)} in ${Math.round((Date.now() - begin) / 1000)} s`);
}

const failure = (suite, message) => [{ file: suite.title, name: "could run", outcome: "failed", message }];

/** What a suite needs and cannot have is a failure of it, not of the others. */
async function lacking(suite) {
  const errors = (await Promise.all(suite.needs.map((step) => steps.get(step)))).filter(Boolean);
  if (errors.length > 0) return failure(suite, errors.map(({ message }) => message).join("\n"));
}

/** A suite's results. What it throws is a failure of it; so is a build that broke, of the first that meets it. */
async function outcomes(suite, options) {
  try {
    const build = suite.built ? await built(options) : [];
    const broken = build.filter((result) => result.outcome === "failed" && !results.includes(result));
    return [...broken, ...(await suite.run(options))];
  } catch (error) {
    return failure(suite, error.stack);
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
