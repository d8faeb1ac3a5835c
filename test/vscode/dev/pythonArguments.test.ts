// Arguments of a script: a script that needs some says so, what is typed once is remembered, shown on the lens and given to every run.
import assert from "node:assert/strict";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, closeAll, lensTitles, open, output, reaches, stopAll, train, until, write } from "../helpers";
import { kerasScript, newestPython, usePython } from "../python";

const NEEDS = `import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
print("data is", parser.parse_args().data)
`;

describe("arguments", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
    await usePython(newestPython());
  });
  afterEach(async () => {
    await stopAll(api);
    await closeAll();
  });

  it("that a script lacks are told, then given, remembered and shown", async () => {
    const uri = write("needs.py", NEEDS + kerasScript({ epochs: 1 }));
    await open(uri);
    const failed = await reaches(api, await train(api, uri), "failed");
    assert.match(failed.status.error?.message ?? "", /required: --data.*Train with Arguments/);

    await vscode.commands.executeCommand("fitlens.trainWithArguments", uri, "--data 'my data.csv'");
    const given = await until("the run with arguments", () => {
      const run = api.runs.newestOf(uri.fsPath);
      return run && run.folder !== failed.folder ? run : undefined;
    });
    assert.deepEqual(given.record?.args, ["--data", "my data.csv"]);
    const ended = await reaches(api, given, "finished", "failed");
    assert.match(output(ended), /^data is my data\.csv$/m);

    await until("the lens to show them", async () =>
      (await lensTitles(uri)).some((title) => title === "▶ Train --data 'my data.csv'"),
    );
    const again = await train(api, uri);
    assert.deepEqual(again.record?.args, ["--data", "my data.csv"]);
    await reaches(api, again, "finished");
    await api.remembered.setArguments(uri, "");
    await until("the lens without them", async () => (await lensTitles(uri))[0] === "▶ Train");
  });

  it("are given to TypeScript as well", async () => {
    const uri = write(
      "arguments.ts",
      'import * as tf from "@tensorflow/tfjs";\nconsole.log(JSON.stringify(process.argv.slice(2)));\nexport const model = tf.sequential();\nif (process.argv.length > 9) await model.fit(tf.zeros([1]), tf.zeros([1]));\n',
    );
    await open(uri);
    await vscode.commands.executeCommand("fitlens.trainWithArguments", uri, '--name "a b"');
    const run = await until("the run", () => api.runs.newestOf(uri.fsPath));
    const ended = await reaches(api, run, "finished", "failed");
    assert.match(output(ended), /^\["--name","a b"\]$/m);
  });

  it("that cannot be read start nothing", async () => {
    const uri = write("unread.py", kerasScript());
    await open(uri);
    await vscode.commands.executeCommand("fitlens.trainWithArguments", uri, "--name 'open");
    assert.equal(api.runs.newestOf(uri.fsPath), undefined);
  });

  it("of a task are the task's own", async () => {
    const uri = write("task.py", NEEDS + kerasScript({ epochs: 1 }));
    await open(uri);
    const tasks = await vscode.tasks.fetchTasks({ type: "fitlens" });
    const task = tasks.find(({ definition }) => definition["script"] === "task.py");
    assert.ok(task, tasks.map(({ name }) => name).join(", "));
    task.definition = { ...task.definition, args: ["--data", "from the task"] };
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution.task.name !== task.name) return;
        listener.dispose();
        resolve(event.exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 0);
    assert.deepEqual(api.runs.newestOf(uri.fsPath)?.record?.args, ["--data", "from the task"]);
  });
});
