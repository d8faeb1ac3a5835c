// Notebooks in a kernel of their own. The Jupyter extension cannot be had everywhere, so its part is played here: a controller
// that executes cells in a real kernel, and its API over the same kernel.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import type { Jupyter, Kernel, KernelStatus } from "@vscode/jupyter-extension";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, begun, closeAll, EXTENSION, reaches, until, write } from "../helpers";

const MODEL = `import keras, numpy, time
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.01)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse")
x = numpy.ones((64, 1))
`;
const FIT = "model.fit(x, x, epochs=100000, batch_size=16, verbose=0, callbacks=[Slow()])\nprint('after fit')\n";

class RealKernel implements Kernel {
  readonly language = "python";
  private readonly statuses = new vscode.EventEmitter<KernelStatus>();
  readonly onDidChangeStatus = this.statuses.event;
  readonly status = "idle";
  /** What it answered where it was told something. */
  readonly told: string[] = [];
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(python: string, folder: string) {
    const bridge = path.join(vscode.extensions.getExtension(EXTENSION)!.extensionPath, "test/python/kernel.py");
    const env = { ...process.env, KERAS_BACKEND: "jax", TF_CPP_MIN_LOG_LEVEL: "3" };
    this.child = spawn(python, [bridge], { cwd: folder, env, stdio: ["pipe", "pipe", "ignore"] });
    this.lines = readline.createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** One after the other, as kernels do. */
  run(code: string, silent: boolean): Promise<{ status: string; count: number; text: string }> {
    const result = this.turn.then(async () => {
      this.child.stdin!.write(`${JSON.stringify({ code, silent })}\n`);
      return JSON.parse((await this.lines.next()).value as string);
    });
    this.turn = result;
    return result;
  }

  async *executeCode(code: string) {
    const { status, text } = await this.run(code, true);
    this.told.push(`${status} ${text}`);
    if (text !== "") yield { items: [{ mime: "text/plain", data: new TextEncoder().encode(text) }] };
  }

  end(): void {
    this.child.stdin!.end();
    this.statuses.dispose();
  }
}

describe("notebooks in a kernel", () => {
  let api: FitlensApi;
  let kernel: RealKernel | undefined;
  let controller: vscode.NotebookController;
  const python = process.env["FITLENS_TEST_PYTHON"];

  before(async function () {
    if (!python) return this.skip();
    api = await activate();
    await api.runs.ready;
    controller = vscode.notebooks.createNotebookController("fitlens-test", "jupyter-notebook", "Test");
    controller.supportedLanguages = ["python"];
    controller.executeHandler = async (cells, notebook) => {
      for (const cell of cells) {
        const execution = controller.createNotebookCellExecution(cell);
        execution.start(Date.now());
        kernel ??= new RealKernel(python, path.dirname(notebook.uri.fsPath));
        const { status, text, count } = await kernel.run(cell.document.getText(), false);
        execution.executionOrder = count;
        await execution.replaceOutput([new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text(text)])]);
        execution.end(status === "ok", Date.now());
      }
    };
    api.kernels.connect({ kernels: { getKernel: async () => kernel } } as unknown as Jupyter);
  });
  afterEach(closeAll);
  after(() => {
    kernel?.end();
    controller?.dispose();
  });

  it("fit in a cell is a run while it executes, and Stop ends it", async () => {
    const code = (source: string) => ({ cell_type: "code", source, outputs: [], metadata: {}, execution_count: null });
    const metadata = { language_info: { name: "python" } };
    const cells = [code(MODEL), code(FIT)];
    const uri = write("kernel/book.ipynb", JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells }));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const editor = await vscode.window.showNotebookDocument(notebook);
    controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    await vscode.commands.executeCommand("notebook.selectKernel", {
      id: "fitlens-test",
      extension: EXTENSION,
      notebookEditor: editor,
    });
    const execute = (index: number) =>
      vscode.commands.executeCommand("notebook.cell.execute", {
        ranges: [{ start: index, end: index + 1 }],
        document: uri,
      });
    const outputs = () =>
      notebook.getCells().map(({ outputs: [first] }) => new TextDecoder().decode(first?.items[0]?.data));
    await execute(0);
    await until("the model's cell", () => notebook.cellAt(0).outputs.length > 0);
    await until("the kernel to be told", () => kernel?.told.length === 1);
    assert.deepEqual(kernel?.told, ["ok "]);
    const executing = execute(1);
    const run = await begun(api, uri.fsPath);
    assert.equal(run.record?.origin, "kernel");
    await until("metrics", () => (api.runs.look(run.folder)?.status.step ?? 0) > 20);
    assert.equal(api.runs.look(run.folder)?.status.call?.cell, 1);
    await vscode.commands.executeCommand("fitlens.stop", run.folder);
    await reaches(api, run, "stopped");
    await executing;
    await until("the cell's output", () => notebook.cellAt(1).outputs.length > 0);
    assert.match(outputs()[1] ?? "", /after fit/);
    assert.equal(kernel?.told.length, 1);
  });
});
