// Trains a corpus of public scripts without and with the hook, with the same seed, and compares what they print and how they
// end: `npm run corpus:train -- DIR [NAME…]`. DIR has estimator/ and keras_io/ with the scripts and what is known of them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { cache, PYTHONS, pythonIn, readJson, root } from "../harness/places.mjs";

const KERAS_SCRIPTS = 30;
const SECONDS = Number(process.env.CORPUS_SECONDS ?? 900);
const AT_ONCE = 2;
const work = path.join(cache, "corpus");
const hook = path.join(root, "src/train/python/fitlens");
const standIn = path.join(root, "test/corpus/stand_in.py");

/** What scripts of the corpus use beyond the frameworks: beside the environments, which stay as they are. */
const EXTRA = {
  estimator: [
    ...["pandas==2.2.3", "python-dateutil==2.9.0.post0", "pytz==2025.2", "tzdata==2025.2"],
    ...["scikit-learn==1.5.2", "scipy==1.13.1", "joblib==1.4.2", "threadpoolctl==3.5.0"],
  ],
  newest: ["pandas==2.3.3", "python-dateutil==2.9.0.post0", "pytz==2025.2", "tzdata==2025.2"],
};

/** Every Estimator script that runs, with the mode it was recorded in; of the Keras scripts those that trained then, cleanest first. */
function casesOf(folder) {
  const estimators = recordsOf(path.join(folder, "estimator"), ".est.json")
    .filter(({ record }) => record.runs)
    .map(({ name, script, record }) => ({
      name: `estimator/${name}`,
      script,
      python: "estimator",
      // Files of unit tests run by themselves.
      mode: record.command?.includes("est_harness") ? record.command.trim().split(/\s+/).at(-1) : undefined,
    }));
  const keras = recordsOf(path.join(folder, "keras_io"), ".truth.json")
    .filter(({ record }) => record.stubs?.includes("fit"))
    .sort((a, b) => a.record.errors.length - b.record.errors.length || (a.name < b.name ? -1 : 1))
    .slice(0, KERAS_SCRIPTS)
    .map(({ name, script, record }) => ({
      name: `keras_io/${name}`,
      script,
      python: record.flavor === "k2" ? "estimator" : "newest",
      mode: "plain",
    }));
  return [...estimators, ...keras];
}

function recordsOf(folder, ending) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => {
      const name = file.slice(0, -ending.length);
      return { name, script: path.join(folder, `${name}.py`), record: readJson(path.join(folder, file)) ?? {} };
    })
    .filter(({ script }) => fs.existsSync(script));
}

async function packages(kind) {
  const target = path.join(work, `packages-${kind}`);
  const list = EXTRA[kind].join(" ");
  const mark = path.join(target, "installed.txt");
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === list) return target;
  fs.rmSync(target, { recursive: true, force: true });
  const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", target, ...EXTRA[kind]];
  const { exitCode, stderr } = await program(pythonIn(PYTHONS[kind]), args, { cwd: root, env: process.env });
  if (exitCode !== 0) throw new Error(`pip could not install ${list}:\n${stderr}`);
  fs.writeFileSync(mark, list);
  return target;
}

function program(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      child.kill("SIGKILL");
    }, SECONDS * 1000);
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (piece) => {
        text[name] += piece;
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      clearTimeout(timer);
      resolve({ exitCode, signal, slow, ...text });
    });
  });
}

/** One way of running a case, in a folder of its own. */
async function train({ name, script, python, mode }, way, site) {
  const cwd = path.join(work, name, way);
  fs.rmSync(cwd, { recursive: true, force: true });
  fs.mkdirSync(path.join(cwd, "run"), { recursive: true });
  const report = path.join(cwd, "report.json");
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(FITLENS_|PYTHON)/.test(key))),
    ...{ PYTHONPATH: site, PYTHONHASHSEED: "0", TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" },
    ...{ TF_ENABLE_ONEDNN_OPTS: "0", KERAS_BACKEND: "tensorflow", MPLBACKEND: "Agg", TMPDIR: cwd },
    CORPUS_REPORT: report,
  };
  const command = mode === undefined ? [script] : [standIn, script, mode];
  if (way === "hooked") {
    const record = { format: 1, id: "run", name: "run", script: command[0], args: command.slice(1), cwd };
    fs.writeFileSync(path.join(cwd, "run", "run.json"), JSON.stringify(record));
    env.FITLENS_RUN = env.FITLENS_PART_OF = path.join(cwd, "run");
    command.unshift(hook);
  }
  const inside = path.join(cwd, "work");
  fs.mkdirSync(inside);
  const end = await program(pythonIn(PYTHONS[python]), command, { cwd: inside, env });
  fs.writeFileSync(path.join(cwd, "stdout.txt"), end.stdout);
  fs.writeFileSync(path.join(cwd, "stderr.txt"), end.stderr);
  return { ...end, cwd, report: readJson(report), status: readJson(path.join(cwd, "run", "status.json")) };
}

/** What is the same in two runs of the same script: without times, addresses, folders and the dates of files. */
export function normal(text, cwd) {
  return stripVTControlCharacters(text)
    .replaceAll(cwd, "HERE")
    .split(/[\r\n\b]+/)
    .map((line) =>
      line
        .replace(/HERE\/run\/checkpoints\/model(-\d+)?|HERE\/(work\/)?tmp\/tmp\w+|HERE\/tmp\w+|\/tmp\/[\w./-]+/g, "TMP")
        .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?/g, "DATE")
        .replace(/\b\d{8}-\d{6}\b/g, "DATE")
        .replace(/\b1[789]\d{8}(\.\d+)?\b/g, "STAMP")
        .replace(/\b((?:time|took|elapsed)(?: taken)?[:= ]{1,3})\d+(\.\d+)?/gi, "$1N")
        .replace(/\b\d+(\.\d+)?\s?(ms|us|µs|s|secs?|seconds?|minutes?)\b(\/\w+)?/g, "TIME")
        .replace(/(\w+\/sec: )[\d.]+/g, "$1N")
        .replace(/0x[0-9a-f]{6,}/g, "ADDRESS")
        .replace(/[━=>.]{4,}/g, "BAR")
        .trimEnd(),
    )
    .filter(Boolean);
}

/** Of a file of unit tests, which prints its results where others print warnings. */
const results = (text, cwd) => normal(text, cwd).filter((line) => /^(\[|Ran |OK|FAILED|ERROR|FAIL)/.test(line));

/** What two runs printed, compared: the first difference, or undefined. */
function outputsDiffer(one, other, mode) {
  for (const [name, of] of [["stdout", normal], ...(mode === undefined ? [["stderr", results]] : [])]) {
    const [a, b] = [of(one[name], one.cwd), of(other[name], other.cwd)];
    const at = a.findIndex((line, index) => line !== b[index]);
    if (at < 0 && a.length === b.length) continue;
    const line = at >= 0 ? at : a.length;
    return `${name}: ${JSON.stringify(b[line])} instead of ${JSON.stringify(a[line])}`;
  }
}

function judge(plain, hooked, mode) {
  if (plain.slow || hooked.slow) return { verdict: "slow", why: `longer than ${SECONDS} s` };
  const cut = [...(plain.report?.cut ?? []), ...(hooked.report?.cut ?? [])];
  if (cut.length > 0) return { verdict: "slow", why: `line ${cut[0]} takes too long on this machine` };
  const ends = [plain, hooked].map(({ exitCode, signal }) => signal ?? exitCode);
  if (ends[0] !== ends[1]) return { verdict: "differs", why: `ends with ${ends[1]} instead of ${ends[0]}` };
  const difference = outputsDiffer(plain, hooked, mode);
  if (difference) return { verdict: "differs", why: difference };
  if (ends[0] !== 0)
    return { verdict: "not here", why: `it ends with ${ends[0]} without the hook too: ${lastLine(plain.stderr)}` };
  const trained = mode === undefined || plain.report?.trained > 0;
  const failed = plain.report?.failed ?? [];
  if (!trained) return { verdict: "not here", why: `nothing in it can train here: ${failed[0] ?? "no call trains"}` };
  const complaint = /\[fitlens\] .*/.exec(hooked.stderr)?.[0];
  if (complaint) return { verdict: "differs", why: complaint };
  const steps = hooked.status?.step ?? 0;
  if (steps === 0 || !hasPoints(path.join(hooked.cwd, "run", "train")))
    return { verdict: "differs", why: "it trained, and nothing was recorded" };
  if (hooked.status.state !== "finished") return { verdict: "differs", why: `the run is ${hooked.status.state}` };
  return {
    verdict: "same",
    why: `${steps} steps${failed.length > 0 ? `; ${failed.length} statements cannot run here` : ""}`,
  };
}

const lastLine = (text) => text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";

/** More than the record that every event file begins with. */
function hasPoints(folder) {
  if (!fs.existsSync(folder)) return false;
  return fs.readdirSync(folder).some((file) => fs.statSync(path.join(folder, file)).size > 60);
}

async function main([folder, ...names]) {
  if (!folder) throw new Error("Name the corpus: npm run corpus:train -- DIR [NAME…]");
  const all = casesOf(path.resolve(folder));
  if (all.length === 0) {
    throw new Error(
      `${folder} has no scripts: expected estimator/NAME.py with NAME.est.json and keras_io/NAME.py with NAME.truth.json.`,
    );
  }
  const chosen = names.length === 0 ? all : all.filter(({ name }) => names.some((part) => name.includes(part)));
  if (chosen.length === 0)
    throw new Error(`No script is called ${names.join(", ")}. There are: ${all.map(({ name }) => name).join(", ")}`);
  const sites = {};
  for (const kind of new Set(chosen.map(({ python }) => python))) sites[kind] = await packages(kind);
  const counts = { same: 0, differs: 0, varies: 0, "not here": 0, slow: 0 };
  const waiting = [...chosen];
  const one = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const plain = await train(next, "plain", sites[next.python]);
      const hooked = await train(next, "hooked", sites[next.python]);
      let { verdict, why } = judge(plain, hooked, next.mode);
      if (verdict === "differs") {
        // Some add up in another order each time: then they differ from themselves as well.
        const again = await train(next, "again", sites[next.python]);
        if (outputsDiffer(plain, again, next.mode))
          [verdict, why] = ["varies", "two runs without the hook differ as well"];
      }
      counts[verdict]++;
      console.log(`${verdict.padEnd(8)}  ${next.name}  ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  console.log(
    `${chosen.length} scripts: ${counts.same} the same with and without the hook, ${counts.differs} differ, ` +
      `${counts.varies} are not the same twice without it, ` +
      `${counts["not here"]} cannot train here without it either, ${counts.slow} too slow here`,
  );
  process.exitCode = counts.differs > 0 ? 1 : 0;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
