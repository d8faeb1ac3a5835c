// What the walks share: a copy of the sample in a window of the newest VS Code, pictures, and what the run folders say.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { artifacts, readJson, root } from "../harness/places.mjs";
import { until } from "../harness/ui.mjs";
import { openVSCode } from "../harness/vscode.mjs";

const THEMES = { dark: "Default Dark Modern", light: "Default Light Modern", contrast: "Default High Contrast" };
const LIVE = ["starting", "running", "paused"];

/** A workspace of its own: a copy of the sample, with more files where `files` has them. `remove()` ends what still trains there. */
export function makeWorkspace({ name = "sample", files = {} } = {}) {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-walk-"));
  const folder = path.join(parent, name);
  fs.cpSync(path.join(root, "resources/sample"), folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
  const runsFolder = path.join(folder, ".fitlens/runs");

  /** Every run as its files tell it, the newest first. */
  const runs = () => {
    const names = fs.existsSync(runsFolder) ? fs.readdirSync(runsFolder).sort().reverse() : [];
    return names.map((id) => {
      const place = path.join(runsFolder, id);
      return {
        folder: place,
        record: readJson(path.join(place, "run.json")),
        status: readJson(path.join(place, "status.json")),
      };
    });
  };
  /** The newest run of a script. */
  const runOf = (script) => runs().find(({ record }) => record && path.basename(record.script) === script);

  return {
    folder,
    runs,
    runOf,
    read: (file) => fs.readFileSync(path.join(folder, file), "utf8"),
    /** Waits until the newest run of a script is in one of the states. */
    reaches(script, ...states) {
      const what = () =>
        `${script} to be ${states.join(" or ")}; it is ${runOf(script)?.status?.state}: ${tail(runOf(script))}`;
      return until(
        what,
        () => {
          const run = runOf(script);
          return states.includes(run?.status?.state) ? run : undefined;
        },
        300,
      );
    },
    remove() {
      for (const { status } of runs()) {
        if (!LIVE.includes(status?.state)) continue;
        try {
          process.kill(status.pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
      fs.rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function tail(run) {
  const file = run && path.join(run.folder, "output.log");
  return file && fs.existsSync(file) ? fs.readFileSync(file, "utf8").slice(-1500) : "";
}

/** A window on a folder with the extension from the source tree. `shot(name)` keeps a picture in artifacts/. */
export async function openWindow(folder, { theme = "dark", size, settings, ...options } = {}) {
  const window = await openVSCode({
    folder,
    installed: root,
    size: size ?? { width: 1440, height: 900 },
    settings: { "workbench.colorTheme": THEMES[theme], "editor.minimap.enabled": false, ...settings },
    ...options,
  });
  window.page.setDefaultTimeout(45_000);
  fs.mkdirSync(artifacts, { recursive: true });
  const shot = (name) => window.page.screenshot({ path: path.join(artifacts, `${name}.png`) });
  return { ...window, shot };
}

/** Does the steps of a walk in their order, each a test of its own; the first that fails leaves a picture and ends the walk. */
export async function walk(t, shot, steps) {
  for (const [title, step] of Object.entries(steps)) {
    let failed = false;
    await t.test(title, async () => {
      try {
        await step();
      } catch (error) {
        failed = true;
        await shot(`failed-${title.replaceAll(/[^a-z0-9]+/gi, "-")}`).catch(() => {});
        throw error;
      }
    });
    if (failed) return;
  }
}

/** A script that trains for as long as a walk needs. */
export const longScript = (epochs = 2000, delay = 10) => `import * as tf from "@tensorflow/tfjs";

const x = tf.randomNormal([512, 4], 0, 1, "float32", 7);
const y = x.mul(tf.tensor1d([1, -2, 3, 0.5])).sum(1, true);

const model = tf.sequential({
  layers: [tf.layers.dense({ inputShape: [4], units: 8, activation: "relu" }), tf.layers.dense({ units: 1 })],
});
model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError", metrics: ["mae"] });

await model.fit(x, y, {
  epochs: ${epochs},
  batchSize: 32,
  validationSplit: 0.2,
  verbose: 0,
  callbacks: { onBatchEnd: () => new Promise((resolve) => setTimeout(resolve, ${delay})) },
});
`;
