// `read.*`: from text to hints, for a document that is opened and for a key press; CPU time, since other programs run beside.
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { analyse } from "../../src/features/analysis";
import { inlayHints } from "../../src/features/hints";
import { ModelReader } from "../../src/features/reading";
import { SERVER_FLAGS } from "../../src/protocol/server";
import { type Grammars, loadGrammars } from "../../src/read/grammars";
import { parse, reparse, type Source, type TextEdit } from "../../src/read/source";
import { type Bench, figure, type Row } from "./bench";

const ALL = { enabled: true, shapes: true, parameters: true, models: true };
/** What an editor shows of a file, and asks hints for. */
const SCREEN = 60;

let loaded: Promise<Grammars> | undefined;
const grammars = () => {
  loaded ??= loadGrammars(async (name) => fs.promises.readFile(`dist/${name}`));
  return loaded;
};

/** A script as people write them, of so many lines: functions and classes that build models, calls of them, data, training. */
function script(lines: number): string {
  const parts = ["import numpy as np", "import keras", "from keras import layers", "", "CLASSES = 10", ""];
  for (let n = 0; parts.length < lines; n++) parts.push(...PARTS[n % PARTS.length]!(n));
  return `${parts.slice(0, lines).join("\n")}\n`;
}

const PARTS: readonly ((n: number) => string[])[] = [
  (n) => [
    `def conv_block_${n}(x, filters, kernel_size=3):`,
    '    """Two convolutions and a pooling."""',
    "    for step in range(2):",
    '        x = layers.Conv2D(filters, kernel_size, padding="same", use_bias=False)(x)',
    "        x = layers.BatchNormalization()(x)",
    '        x = layers.Activation("relu")(x)',
    "    return layers.MaxPooling2D(2)(x)",
    "",
    "",
    `def build_model_${n}(input_shape=(64, 64, 3), classes=CLASSES):`,
    "    inputs = keras.Input(shape=input_shape)",
    `    x = conv_block_${n}(inputs, 32)`,
    `    x = conv_block_${n}(x, 64)`,
    "    x = layers.GlobalAveragePooling2D()(x)",
    "    x = layers.Dropout(0.5)(x)",
    '    outputs = layers.Dense(classes, activation="softmax")(x)',
    `    return keras.Model(inputs, outputs, name="model_${n}")`,
    "",
    "",
    `model_${n} = build_model_${n}()`,
    `model_${n}.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])`,
    "",
  ],
  (n) => [
    `def load_data_${n}(count=1000):`,
    "    # The data as arrays.",
    `    rng = np.random.default_rng(${n})`,
    '    x = rng.normal(size=(count, 64, 64, 3)).astype("float32")',
    "    y = rng.integers(0, CLASSES, size=(count,))",
    "    mean, std = x.mean(axis=0), x.std(axis=0)",
    "    x = (x - mean) / (std + 1e-7)",
    "    return x, y",
    "",
    "",
    `x_train_${n}, y_train_${n} = load_data_${n}()`,
    `print("shape", x_train_${n}.shape, "labels", y_train_${n}.shape)`,
    "",
  ],
  (n) => [
    `class Encoder${n}(layers.Layer):`,
    "    def __init__(self, units=32, **kwargs):",
    "        super().__init__(**kwargs)",
    '        self.hidden = layers.Dense(units, activation="relu")',
    "        self.out = layers.Dense(units // 2)",
    "",
    "    def call(self, inputs):",
    "        return self.out(self.hidden(inputs))",
    "",
    "",
    `head_${n} = keras.Sequential([keras.Input((16,)), Encoder${n}(${16 + (n % 8)}), layers.Dense(1)])`,
    "",
  ],
];

/** CPU time of something, in milliseconds. */
function cpu(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

const screen = (line: number) => ({
  start: { line: Math.max(0, line - SCREEN), character: 0 },
  end: { line: line + SCREEN, character: 0 },
});

function hints(source: Source, models: ModelReader, line: number): number {
  const analysis = analyse("file:///bench.py", source, undefined, models);
  return inlayHints(analysis, screen(line), ALL, "keras3").length;
}

/** Opens a text and has its hints; each time by a process that is warm, as the second file of a day is. */
async function open(text: string, runs: number): Promise<number[]> {
  const all = await grammars();
  return Array.from({ length: runs + 1 }, () =>
    cpu(() => {
      const source = parse(text, "python", all);
      if (hints(source, new ModelReader(), SCREEN) === 0) throw new Error("expected hints, found none");
      source.dispose();
    }),
  ).slice(1);
}

/** Key presses within a call of a layer in the middle: with hints, and the bare reparse of the same, in turn. */
async function keys(lines: number, runs: number): Promise<{ ours: number[]; bare: number[] }> {
  const all = await grammars();
  const text = script(lines);
  const at = text.indexOf("Dense(classes", text.length / 2) + "Dense(".length;
  const line = text.slice(0, at).split("\n").length;
  const models = new ModelReader();
  let source = parse(text, "python", all);
  hints(source, models, line);
  const ours: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run++) {
    // `classes` becomes `2 + classes`, letter by letter, and back.
    const edit: TextEdit = run % 2 === 0 ? { start: at, end: at, text: "2 + " } : { start: at, end: at + 4, text: "" };
    bare.push(cpu(() => reparse(source, edit, all).dispose()));
    const before = source;
    ours.push(
      cpu(() => {
        source = reparse(before, edit, all);
        hints(source, models, line);
      }),
    );
    before.dispose();
  }
  source.dispose();
  return { ours: ours.slice(4), bare: bare.slice(4) };
}

const DEEP = `import keras
from keras import layers
inputs = keras.Input((64,))
x = inputs
for step in range(1000):
    x = layers.Dense(64, activation="relu")(x)
model = keras.Model(inputs, x)
`;

/** Resident memory of the language server's process after 100 scripts of 100 to 500 lines are open and have their hints, in MB. */
async function memoryOfServer(): Promise<number> {
  const server = spawn(process.execPath, [...SERVER_FLAGS, "dist/server.js", "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout!),
    new StreamMessageWriter(server.stdin!),
  );
  connection.listen();
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await connection.sendNotification("initialized", {});
  for (let n = 0; n < 100; n++) {
    const uri = `file:///bench/${n}.py`;
    const text = script(100 + (n % 5) * 100).replaceAll("model_", `model_${n}_`);
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text },
    });
    const range = { start: { line: 0, character: 0 }, end: { line: 500, character: 0 } };
    const found = await connection.sendRequest<unknown[]>("textDocument/inlayHint", { textDocument: { uri }, range });
    if (found.length === 0) throw new Error(`expected hints in ${uri}, found none`);
  }
  const status = fs.readFileSync(`/proc/${server.pid}/status`, "utf8");
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  connection.dispose();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

export const benches: Bench[] = [
  {
    rows: ["read.memory"],
    async run(note) {
      if (process.platform !== "linux") {
        note("read.memory is read from /proc, which this system lacks");
        return [];
      }
      const runs = 3;
      const samples: number[] = [];
      for (let run = 0; run < runs; run++) samples.push(await memoryOfServer());
      return [{ row: "read.memory", value: figure(samples), unit: "MB", goal: "≤ 150 MB", runs }];
    },
  },
  {
    rows: ["read.open"],
    async run() {
      const runs = 15;
      const value = figure(await open(script(1000), runs));
      return [{ row: "read.open", value, unit: "ms CPU", goal: "≤ 300 ms", runs }];
    },
  },
  {
    rows: ["read.key", "read.growth"],
    async run() {
      const runs = 60;
      const { ours, bare } = await keys(10_000, runs);
      const [value, peerValue] = [figure(ours), figure(bare)];
      const peer = "bare incremental reparse";
      const row = (name: string, unit: string, goal: string, mine = value, theirs = peerValue): Row => {
        const ratio = mine.median / theirs.median;
        return { row: name, value: mine, unit, peer, peerValue: theirs, ratio, goal, runs };
      };
      const [small, large] = [await keys(200, runs), await keys(20_000, runs)];
      const growth = (a: readonly number[], b: readonly number[]) => figure([figure(b).median - figure(a).median]);
      return [
        row("read.key", "ms CPU", "≤ 1.2× the reparse"),
        row(
          "read.growth",
          "ms CPU more at 20,000 lines than at 200",
          "that of the reparse",
          growth(small.ours, large.ours),
          growth(small.bare, large.bare),
        ),
      ];
    },
  },
  {
    rows: ["read.deep"],
    async run() {
      const runs = 15;
      const value = figure(await open(DEEP, runs));
      const half = figure(await open(DEEP.replace("1000", "500"), runs));
      const peer = "500 layers";
      const ratio = value.median / half.median;
      return [
        { row: "read.deep", value, unit: "ms CPU", peer, peerValue: half, ratio, goal: "≤ 300 ms, linear", runs },
      ];
    },
  },
];
