// The TypeScript servers of the oldest and the newest VS Code find no fault with new files and the sample in a workspace with nothing installed.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { scaffold } from "../../src/scaffold/scaffold";
import { COMBINATIONS } from "../unit/scaffold/combinations";

interface Diagnostic {
  text: string;
  start: { line: number };
}

/** What VS Code takes for files that no tsconfig.json belongs to. */
const WITHOUT_TSCONFIG = {
  module: "ESNext",
  moduleResolution: "Bundler",
  target: "ES2022",
  allowJs: true,
  allowSyntheticDefaultImports: true,
  strictNullChecks: true,
  strictFunctionTypes: true,
};

/** As VS Code starts it; answers are JSON after a header with their length. */
class Server {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private sequence = 0;
  private received = Buffer.alloc(0);

  constructor(program: string, options: readonly string[]) {
    this.child = spawn(process.execPath, [program, "--disableAutomaticTypingAcquisition", ...options]);
    this.child.stdout?.on("data", (chunk: Buffer) => this.read(chunk));
    this.send("compilerOptionsForInferredProjects", { options: WITHOUT_TSCONFIG });
  }

  private read(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.received.toString("latin1", 0, 64));
      if (!header || this.received.length < header[0].length + Number(header[1])) return;
      const end = header[0].length + Number(header[1]);
      const message = JSON.parse(this.received.toString("utf8", header[0].length, end));
      this.received = this.received.subarray(end);
      if (message.type === "response") this.waiting.get(message.request_seq)?.(message.body);
    }
  }

  send(command: string, args: object): void {
    this.child.stdin?.write(`${JSON.stringify({ seq: ++this.sequence, type: "request", command, arguments: args })}\n`);
  }

  ask<T>(command: string, args: object): Promise<T> {
    this.send(command, args);
    const sequence = this.sequence;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`The TypeScript server did not answer ${command} within 60 s.`));
      const timer = setTimeout(late, 60_000);
      this.waiting.set(sequence, (body) => {
        clearTimeout(timer);
        resolve(body as T);
      });
    });
  }

  /** Everything that the editor would underline. */
  async problems(file: string): Promise<string[]> {
    this.send("open", { file });
    const syntax = await this.ask<Diagnostic[]>("syntacticDiagnosticsSync", { file });
    const meaning = await this.ask<Diagnostic[]>("semanticDiagnosticsSync", { file });
    return [...syntax, ...meaning].map(({ text, start }) => `${path.basename(file)}:${start.line}: ${text}`);
  }

  close(): void {
    this.child.kill();
  }
}

/** The extension as it is installed: its plugin and what the plugin hands out, with none of the project's packages above them. */
function installExtension(folder: string): void {
  for (const part of [
    "dist/typescriptPlugin.js",
    "dist/types",
    "dist/estimator",
    "node_modules/fitlens-typescript-plugin",
  ]) {
    assert.ok(fs.existsSync(part), `${part} is missing. Build first: npm run build`);
    fs.cpSync(part, path.join(folder, part), { recursive: true });
  }
}

/** TypeScript as each VS Code of the test harness brings it. */
function typescripts(): { version: string; program: string }[] {
  const servers = path.join(".cache", "vscode");
  const names = fs.existsSync(servers) ? fs.readdirSync(servers) : [];
  return names.flatMap((name) => {
    const folder = path.resolve(servers, name, "extensions/node_modules/typescript");
    if (!fs.existsSync(path.join(folder, "lib/tsserver.js"))) return [];
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    return [{ version, program: path.join(folder, "lib/tsserver.js") }];
  });
}

const found = typescripts();
const skip = found.length === 0 && "no VS Code is set up in .cache/vscode; npm test sets it up";

describe("types without an installation", { skip }, () => {
  const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens types ")));
  const extension = path.join(home, "extension");
  after(() => fs.rmSync(home, { recursive: true, force: true }));
  if (!skip) installExtension(extension);
  const plugin = ["--globalPlugins", "fitlens-typescript-plugin", "--pluginProbeLocations", extension];

  function workspace(name: string): string {
    const folder = path.join(home, name);
    fs.cpSync("resources/sample", folder, { recursive: true });
    return folder;
  }

  async function serve<T>(
    program: string,
    options: readonly string[],
    use: (server: Server) => Promise<T>,
  ): Promise<T> {
    const server = new Server(program, options);
    try {
      return await use(server);
    } finally {
      server.close();
    }
  }

  for (const { version, program } of found) {
    test(`TypeScript ${version}: the sample has no problem`, async () => {
      const folder = workspace(`sample ${version}`);
      await serve(program, plugin, async (server) => {
        for (const file of ["iris.ts", "digits.ts", "irisEstimator.ts", "petals.js"]) {
          assert.deepEqual(await server.problems(path.join(folder, file)), []);
        }
      });
    });

    test(`TypeScript ${version}: new files in an empty folder have no problem`, async () => {
      const folder = path.join(home, `empty ${version}`);
      fs.mkdirSync(folder);
      await serve(program, plugin, async (server) => {
        for (const answers of COMBINATIONS) {
          const { fileName, text } = scaffold(answers);
          const file = path.join(folder, `${answers.kind}-${fileName}`);
          fs.writeFileSync(file, text);
          assert.deepEqual(await server.problems(file), []);
        }
      });
    });

    test(`TypeScript ${version}: types are really known`, async () => {
      const file = path.join(home, `known-${version}.ts`);
      const text = [
        'import * as tf from "@tensorflow/tfjs";',
        'import { Estimator } from "@fitlens/estimator";',
        'export const wrong: string = tf.sequential({ name: "a" }).name.length;',
        "export const estimator = new Estimator({});",
      ];
      fs.writeFileSync(file, text.join("\n"));
      const problems = await serve(program, plugin, (server) => server.problems(file));
      assert.equal(problems.length, 2, problems.join("\n"));
      assert.match(
        problems.join("\n"),
        /:3: Type 'number' is not assignable to type 'string'[\s\S]*:4: [\s\S]*modelFn/,
      );
    });

    test(`TypeScript ${version}: without the plugin the modules are missing`, async () => {
      const file = path.join(workspace(`bare ${version}`), "irisEstimator.ts");
      const problems = await serve(program, [], (server) => server.problems(file));
      assert.match(problems.join("\n"), /Cannot find module '@tensorflow\/tfjs'/);
    });

    test(`TypeScript ${version}: a package of the workspace comes first, and the Estimator speaks of it too`, async () => {
      const folder = workspace(`own ${version}`);
      const own = path.join(folder, "node_modules/@tensorflow/tfjs");
      fs.mkdirSync(own, { recursive: true });
      fs.writeFileSync(
        path.join(own, "package.json"),
        '{ "name": "@tensorflow/tfjs", "version": "9.9.9", "types": "i.d.ts" }',
      );
      fs.writeFileSync(path.join(own, "i.d.ts"), "export class Tensor { mine: 1 }\nexport class Optimizer {}\n");
      const file = path.join(folder, "own.ts");
      fs.writeFileSync(
        file,
        `import { Tensor } from "@tensorflow/tfjs";
import { tensorInputFn } from "@fitlens/estimator";
tensorInputFn({ x: new Tensor(), y: null });
export const one: 1 = new Tensor().mine;
`,
      );
      assert.deepEqual(await serve(program, plugin, (server) => server.problems(file)), []);
    });
  }
});
