// Training as a VS Code task: offered for the open script, runs from a definition as in tasks.json, ends with the right status.
import assert from "node:assert/strict";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, closeAll, open, reaches, script, stopAll, until, workspace, write } from "../helpers";

/** Runs a task to its end; resolves to its exit code. */
function exitCode(task: vscode.Task): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution.task.name !== task.name) return;
      listener.dispose();
      resolve(event.exitCode);
    });
    vscode.tasks.executeTask(task).then(undefined, reject);
  });
}

/** As tasks.json has it: VS Code asks the provider for the rest. */
async function taskFor(name: string): Promise<vscode.Task> {
  const tasks = await vscode.tasks.fetchTasks({ type: "fitlens" });
  const task = tasks.find(({ definition }) => definition["script"] === name);
  assert.ok(task, `no task for ${name} among ${tasks.map((each) => each.name).join(", ")}`);
  return task;
}

describe("tasks", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await stopAll(api);
    await closeAll();
  });

  it("trains the open script and ends with 0", async () => {
    await open(write("task.ts", script()));
    const task = await taskFor("task.ts");
    assert.equal(task.name, "train task.ts");
    assert.equal(await exitCode(task), 0);
    assert.equal(api.runs.all()[0]?.status.state, "finished");
  });

  it("ends with the script's failure", async () => {
    await open(write("taskFails.ts", script({ before: 'throw new Error("no");' })));
    assert.notEqual(await exitCode(await taskFor("taskFails.ts")), 0);
  });

  it("stops the training when the task is terminated", async () => {
    const uri = write("taskStops.ts", script({ epochs: 5000, delay: 20 }));
    await open(uri);
    const execution = await vscode.tasks.executeTask(await taskFor("taskStops.ts"));
    const run = await until("the task's run", () => api.runs.newestOf(uri.fsPath));
    await reaches(api, run, "running");
    execution.terminate();
    await reaches(api, run, "stopped");
  });

  it("offers nothing for a file that is no script", async () => {
    await open(write("notes.txt", "no model here"));
    assert.deepEqual(await vscode.tasks.fetchTasks({ type: "fitlens" }), []);
    assert.ok(workspace());
  });
});
