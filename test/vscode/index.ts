// What VS Code's extension host runs in place of a person: mocha over the specs of one mode, a line per test in FITLENS_REPORT.
import fs from "node:fs";
import path from "node:path";
import Mocha from "mocha";

/** Specs are in folders named after the modes of test/harness/inVSCode.mjs; `odd` runs what `plain` does, and more. */
const FOLDERS: Record<string, string> = { plain: "dev", odd: "dev", restricted: "restricted", vsix: "vsix" };

/** In the older VS Code left out: they take minutes and ask of it what their twins in TypeScript ask. */
const ONCE: ReadonlySet<string> = new Set(
  ["python", "pythonArguments", "pythonConvert", "pythonDebug"].map((name) => `${name}.test.js`),
);

/** Mocha must have a reporter; ours listens to the runner instead. */
class Silent extends Mocha.reporters.Base {}

export async function run(): Promise<void> {
  const mode = process.env["FITLENS_MODE"] ?? "plain";
  const folder = path.join(__dirname, FOLDERS[mode] ?? mode);
  const grep = process.env["FITLENS_GREP"];
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 600_000, reporter: Silent, ...(grep ? { grep } : {}) });
  for (const file of fs.readdirSync(folder).sort()) {
    if (file.endsWith(".test.js") && !(mode === "plain" && ONCE.has(file))) mocha.addFile(path.join(folder, file));
  }
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} failed`)) : resolve()));
    runner.on("pass", (test) => tell(test, "passed"));
    runner.on("pending", (test) => tell(test, "skipped"));
    // Also what fails in hooks: those have no "end" of their own.
    runner.on("fail", (test: Mocha.Runnable, error: Error) => tell(test, "failed", error.stack ?? error.message));
  });
}

/** One line for people, which VS Code prints with a format string (so `%` is doubled), and one in the report. */
function tell(test: Mocha.Runnable, outcome: "passed" | "failed" | "skipped", message?: string): void {
  const file = path.relative(path.resolve(__dirname, ".."), test.file ?? "");
  const name = test.fullTitle();
  const seconds = Math.round((test.duration ?? 0) / 100) / 10;
  const report = process.env["FITLENS_REPORT"];
  if (report) fs.appendFileSync(report, `${JSON.stringify({ file, name, outcome, seconds, message })}\n`);
  const line = `${outcome === "passed" ? "  ok " : outcome.toUpperCase()} ${name}${message ? `\n${message}` : ""}`;
  console.log(line.replaceAll("%", "%%"));
}
