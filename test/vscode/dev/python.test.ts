// Training Python from the editor: a Keras script, an Estimator script and a notebook, from lens to run folder, with stop and resume.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import type { RunInfo } from "../../../src/runs/store";
import {
  activate,
  closeAll,
  lensTitles,
  open,
  output,
  processIsGone,
  reaches,
  stopAll,
  train,
  until,
  workspace,
  write,
} from "../helpers";
import {
  estimatorPython,
  estimatorScript,
  kerasScript,
  newestPython,
  notebook,
  selectedInPythonExtension,
  selectInPythonExtension,
  usePython,
} from "../python";

const eventFiles = (run: RunInfo, source: string): string[] => {
  const folder = path.join(run.folder, source);
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.includes("tfevents")) : [];
};

/** Waits for lenses that fit, and gives their titles. */
const lensesThat = (uri: vscode.Uri, what: string, fits: (titles: string[]) => boolean) =>
  until(what, async () => {
    const titles = await lensTitles(uri);
    return fits(titles) ? titles : undefined;
  });

describe("training Python", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await stopAll(api);
    await closeAll();
    await usePython(undefined);
    await selectInPythonExtension(undefined);
  });

  it("trains a Keras script in the interpreter of the setting, and its metrics arrive", async () => {
    await usePython(newestPython());
    const uri = write("keras_script.py", kerasScript());
    await open(uri);
    const titles = await lensTitles(uri);
    assert.equal(titles[0], "▶ Train", titles.join(" · "));
    assert.ok(titles.includes("Debug"), titles.join(" · "));
    assert.ok(
      titles.some((title) => title.startsWith("Backend: tensorflow")),
      titles.join(" · "),
    );
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
    assert.equal(run.status.epoch, 3);
    assert.match(run.status.framework ?? "", /^Keras 3\./);
    assert.equal(run.status.engine?.name, "tensorflow");
    assert.equal(run.record?.language, "python");
    assert.equal(run.record.interpreter.path, newestPython());
    assert.match(run.record.interpreter.version ?? "", /^3\.\d+\.\d+$/);
    assert.equal(path.dirname(run.folder), path.join(workspace().uri.fsPath, ".fitlens", "runs"));
    assert.match(output(run), /^done$/m);
    for (const source of ["train", "validation"]) assert.equal(eventFiles(run, source).length, 1, source);
    const after = await lensesThat(uri, "the result", (now) => now.some((title) => title.startsWith("last:")));
    assert.equal(after[0], "▶ Train");
    assert.equal(after.includes("Resume"), false);
  });

  it("stops a Keras script after its batch, and resumes it from its lens", async () => {
    await usePython(newestPython());
    const uri = write("stopped.py", kerasScript({ epochs: 40, delay: 60 }));
    await open(uri);
    const started = await train(api, uri);
    await until("the first epochs", () => (api.runs.look(started.folder)?.status.epoch ?? 0) >= 2);
    const live = await lensesThat(uri, "Stop", (now) => now.includes("■ Stop"));
    assert.ok(
      live.some((title) => /epoch \d+ of 40/.test(title)),
      live.join(" · "),
    );
    await vscode.commands.executeCommand("fitlens.stop", started.folder);
    const stopped = await reaches(api, started, "stopped");
    await until("the process to end", () => processIsGone(stopped.status.pid));
    assert.ok(stopped.status.checkpoint, JSON.stringify(stopped.status));
    // Stopped is not killed: the script's own end was run.
    assert.match(output(stopped), /^done$/m);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
    const resume = lenses.find(({ command }) => command?.title === "Resume")?.command;
    assert.ok(resume, lenses.map(({ command }) => command?.title).join(" · "));
    await vscode.commands.executeCommand(resume.command, ...(resume.arguments ?? []));
    const resumed = await until("epochs after the stop", () => {
      const now = api.runs.look(started.folder);
      return (now?.status.epoch ?? 0) > (stopped.status.epoch ?? 0) ? now : undefined;
    });
    assert.equal(resumed.status.attempt, 2);
    assert.ok((resumed.status.step ?? 0) > (stopped.status.step ?? 0));
  });

  it("trains an Estimator script under TensorFlow 2.15, stops it and resumes it", async () => {
    await usePython(estimatorPython());
    const uri = write("estimator_script.py", estimatorScript({ steps: 400, delay: 50 }));
    await open(uri);
    const titles = await lensTitles(uri);
    assert.equal(titles[0], "▶ Train", titles.join(" · "));
    assert.equal(
      titles.some((title) => title.startsWith("Backend")),
      false,
    );
    const started = await train(api, uri);
    await until("the first steps", () => (api.runs.look(started.folder)?.status.step ?? 0) >= 25);
    assert.match(api.runs.look(started.folder)?.status.framework ?? "", /^tf\.estimator 2\.15/);
    await vscode.commands.executeCommand("fitlens.stop", started.folder);
    const stopped = await reaches(api, started, "stopped");
    await vscode.commands.executeCommand("fitlens.resume", started.folder);
    await until(
      "steps after the stop",
      () => (api.runs.look(started.folder)?.status.step ?? 0) > (stopped.status.step ?? 0) + 5,
    );
    assert.equal(api.runs.look(started.folder)?.record?.interpreter.path, estimatorPython());
    assert.equal(eventFiles(started, "train").length > 0, true);
  });

  it("takes the workspace's .venv where nothing is set", async () => {
    const venv = path.join(workspace().uri.fsPath, ".venv");
    fs.mkdirSync(path.join(venv, "bin"), { recursive: true });
    // As the tests' environment is made, so its packages are found through it.
    const program = path.join(venv, "bin", "python");
    fs.writeFileSync(program, `#!/bin/sh\nexec ${JSON.stringify(newestPython())} "$@"\n`, { mode: 0o755 });
    try {
      const uri = write("in_venv.py", kerasScript({ epochs: 1 }));
      await open(uri);
      const run = await reaches(api, await train(api, uri), "finished", "failed");
      assert.equal(run.record?.interpreter.path, program, output(run));
      assert.equal(run.status.state, "finished", output(run));
    } finally {
      fs.rmSync(venv, { recursive: true });
    }
  });

  it("takes the interpreter selected in the Python extension before all others, and follows a change of it", async () => {
    await usePython(newestPython());
    await selectInPythonExtension(estimatorPython());
    const uri = write("selected.py", estimatorScript({ steps: 20 }));
    await open(uri);
    const shown = (program: string) =>
      until(`the state of ${program}`, () =>
        api.activePython.state?.script.fsPath === uri.fsPath && api.activePython.state.python?.path === program
          ? api.activePython.state
          : undefined,
      );
    const state = await shown(estimatorPython());
    assert.equal(state.python?.source, "extension");
    assert.equal(state.lacking, undefined);
    const run = await train(api, uri);
    assert.equal(run.record?.interpreter.path, estimatorPython());
    await reaches(api, run, "finished");
    await selectInPythonExtension(newestPython());
    assert.match((await shown(newestPython())).lacking ?? "", /no tf\.estimator any more/);
    await selectInPythonExtension(undefined);
    await until("the setting to count again", () => api.activePython.state?.python?.source === "setting");
  });

  it("selects the Python that is picked in the list, in the Python extension where there is one", async () => {
    await usePython(estimatorPython());
    const uri = write("picked.py", kerasScript());
    await open(uri);
    let isDone = false;
    const picking = Promise.resolve(vscode.commands.executeCommand("fitlens.selectPython", uri)).then(() => {
      isDone = true;
    });
    // The first in the list is the one of now; accepted once it is there.
    await until("the choice", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return isDone;
    });
    await picking;
    assert.equal(await selectedInPythonExtension(), estimatorPython());
  });

  it("starts nothing with a Python that does not exist", async () => {
    await usePython(path.join(workspace().uri.fsPath, "nowhere", "python"));
    const uri = write("no_python.py", kerasScript());
    await open(uri);
    const before = api.runs.all().length;
    await vscode.commands.executeCommand("fitlens.train", uri);
    assert.equal(api.runs.all().length, before);
    const state = await until("the state of the Python", () =>
      api.activePython.state?.script.fsPath === uri.fsPath ? api.activePython.state : undefined,
    );
    assert.match(state.lacking ?? "", /nowhere.python does not exist/);
  });

  it("says before it starts that tf.estimator is missing, and starts nothing by itself", async () => {
    await usePython(newestPython());
    const uri = write("too_new.py", estimatorScript());
    await open(uri);
    const state = await until("the state of the Python", () =>
      api.activePython.state?.script.fsPath === uri.fsPath ? api.activePython.state : undefined,
    );
    assert.match(state.lacking ?? "", /no tf\.estimator any more/);
    const before = api.runs.all().length;
    // The command waits for the answer to its question, which nobody gives here.
    void vscode.commands.executeCommand("fitlens.train", uri);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.equal(api.runs.all().length, before);
    await vscode.commands.executeCommand("notifications.clearAll");
  });

  it("gives a run the backend that was chosen for its file, and tells it in the lens", async () => {
    await usePython(newestPython());
    const uri = write("with_jax.py", kerasScript({ epochs: 1 }));
    await open(uri);
    await lensTitles(uri);
    await api.remembered.setBackend(uri, "jax");
    await lensesThat(uri, "the chosen backend", (now) => now.some((title) => title.startsWith("Backend: jax")));
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
    assert.equal(run.record?.backend, "jax");
    assert.equal(run.status.engine?.name, "jax");
    await api.remembered.setBackend(uri, undefined);
  });

  it("tells the line of an exception", async () => {
    await usePython(newestPython());
    const text = kerasScript({ before: 'rows = []\nprint("the first is", rows[0])' });
    const uri = write("throws.py", text);
    await open(uri);
    const { status } = await reaches(api, await train(api, uri), "failed");
    assert.match(status.error?.message ?? "", /^IndexError: list index out of range/);
    assert.equal(status.error?.at?.file, uri.fsPath);
    assert.equal(status.error?.at?.line, text.split("\n").findIndex((line) => line.includes("rows[0]")) + 1);
  });

  it("trains a notebook up to the cell of the lens, and tells the cell of an error", async () => {
    await usePython(newestPython());
    const [imports, rest] = [kerasScript().split("\n\n\nclass")[0]!, kerasScript().split("\n\n\nclass")[1]!];
    const text = notebook(imports, `class${rest}`, "raise ValueError('the cell after')\n");
    const uri = write("notebook.ipynb", text);
    const document = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(document);
    const cell = document.cellAt(2).document.uri;
    const lenses = await until("lenses in the cell", async () => {
      const all = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", cell, 100);
      return all?.some((lens) => lens.command?.title === "▶ Train") ? all : undefined;
    });
    assert.equal(
      lenses.some(({ command }) => command?.title === "Debug"),
      false,
    );
    const { command } = lenses.find((lens) => lens.command?.title === "▶ Train")!;
    await vscode.commands.executeCommand(command!.command, ...(command!.arguments ?? []));
    const run = await until("the notebook's run", () => api.runs.newestOf(uri.fsPath));
    const ended = await reaches(api, run, "finished", "failed");
    assert.equal(ended.status.state, "finished", output(ended));
    assert.equal(ended.record?.cell, 2);
    assert.equal(ended.status.call?.cell, 2);

    const whole = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(whole.status.state, "failed");
    assert.deepEqual([whole.status.error?.at?.cell, whole.status.error?.at?.line], [3, 1]);
  });
});
