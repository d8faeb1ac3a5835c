// Chooses the engine that trains and makes it ready before the script's first line. What was chosen, and why not another, is
// told in words; nothing here throws because an engine does not work.
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import util from "node:util";
import type { Engine, RunStatus } from "../../protocol/run";
import { ENGINES } from "../../protocol/run";
import { bindingOf, installedPackage } from "../engine/binding";
import type * as Native from "../engine/native";
import { quietly } from "./quiet";
import type { Located } from "./table";
import type { Tensorflow } from "./tensorflow";

export type EngineInfo = NonNullable<RunStatus["engine"]>;

const INSTALL = "Fitlens: Install Native Engine";

interface Binding {
  TF_Version?: string;
}

export class Engines {
  readonly #load: NodeJS.Require;
  #native: typeof Native | undefined;
  #wasm: object | undefined;
  #progress = false;
  #nativeWorks = false;

  constructor(
    readonly tf: Tensorflow,
    readonly located: Located,
    readonly dist: string,
    readonly nativeFolder: string | undefined,
  ) {
    this.#load = createRequire(path.join(dist, "engine", "engine.js"));
  }

  /** Tries the engines from the one asked for downwards. */
  async start(asked: string): Promise<EngineInfo> {
    const order = ENGINES.slice(Math.max(0, ENGINES.indexOf(asked as Engine)));
    const notes: string[] = [];
    for (const name of order) {
      try {
        const info = await this.#try(name);
        return notes.length > 0 ? { ...info, note: notes.join(" ") } : info;
      } catch (error) {
        notes.push(`${name}: ${sentence(error)}`);
      }
    }
    return { name: this.tf.getBackend(), version: this.tf.version_core, device: "unknown", note: notes.join(" ") };
  }

  async #try(name: Engine): Promise<EngineInfo> {
    if (name === "tfjs-node") return this.#startNative();
    if (name === "wasm") return this.#startWasm();
    await this.tf.setBackend("cpu");
    return { name, version: this.tf.version_core, device: "CPU, plain JavaScript, 1 thread" };
  }

  #startNative(): EngineInfo {
    this.#requireSameMajor();
    const binding = this.#findBinding();
    // It needs these; Node 23 has taken them away.
    const old = util as unknown as Record<string, unknown>;
    old["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
    old["isArray"] ??= Array.isArray;
    const { NodeJSKernelBackend, version } = this.#nativeJavaScript();
    const loaded = withoutGreeting(() => {
      const library = createRequire(binding)(binding) as Binding;
      const backend = new NodeJSKernelBackend(library as never, "@tensorflow/tfjs-node");
      this.tf.registerBackend("tensorflow", () => backend, 3);
      if (!this.tf.setBackend("tensorflow")) throw new Error("its backend could not be initialized");
      return library;
    });
    this.#nativeWorks = true;
    const library = loaded.TF_Version ? `, TensorFlow ${loaded.TF_Version}` : "";
    return { name: "tfjs-node", version: `${version}${library}`, device: `CPU, ${cores()}` };
  }

  #findBinding(): string {
    const { ownNode } = this.located;
    const own = ownNode && bindingOf(ownNode);
    const installed = this.nativeFolder && bindingOf(installedPackage(this.nativeFolder));
    const found = own || installed;
    if (found) return found;
    throw new Error(
      ownNode
        ? `the workspace's @tensorflow/tfjs-node has no binary for this machine. Run npm rebuild @tensorflow/tfjs-node, or ${INSTALL}.`
        : `it is not installed. Run ${INSTALL}.`,
    );
  }

  /** tfjs-node's own modules: the workspace's where it has them, else the bundle. */
  #nativeJavaScript(): typeof Native {
    if (!this.#native) {
      const { ownNode } = this.located;
      this.#native =
        ownNode && fs.existsSync(path.join(ownNode, "dist", "nodejs_kernel_backend.js"))
          ? ownNative(ownNode)
          : (this.#load("./native.js") as typeof Native);
    }
    return this.#native;
  }

  async #startWasm(): Promise<EngineInfo> {
    this.#requireSameMajor();
    this.wasmModule();
    if (!(await quietly(() => this.tf.setBackend("wasm")))) throw new Error("its backend could not be initialized.");
    const { registerGradients } = this.#load("./gradients.js") as typeof import("../wasm/index");
    registerGradients();
    const simd = (await this.tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
    return {
      name: "wasm",
      version: this.tf.version_core,
      device: `CPU, WebAssembly${simd ? " with SIMD" : ""}, 1 thread`,
    };
  }

  #requireSameMajor(): void {
    const version = this.tf.version_core;
    if (!version.startsWith("4.")) {
      throw new Error(`the workspace's TensorFlow.js is ${version}; this engine needs 4.x.`);
    }
  }

  /** What `import "@tensorflow/tfjs-backend-wasm"` gives. The paths of its files are settled already: setting them does nothing. */
  wasmModule(): object {
    if (!this.#wasm) {
      const { ownWasm } = this.located;
      const loaded = (ownWasm ? createRequire(ownWasm)(ownWasm) : this.#load("./wasm.js")) as Record<string, unknown>;
      const settled = { setWasmPath: () => {}, setWasmPaths: () => {} };
      // The workspace's copy is in the cache of `require` under its own name: what is imported later is this very object.
      this.#wasm = ownWasm ? Object.assign(loaded, settled) : { ...loaded, ...settled };
    }
    return this.#wasm;
  }

  /** What `import "@tensorflow/tfjs-node"` gives: its API over the engine that trains. */
  tfjsNode(): object {
    const { nodeApi, nodeIo, nodeFileSystemRouter, ProgbarLogger, version } = this.#nativeJavaScript();
    const { tf } = this;
    if (!this.#progress) {
      this.#progress = true;
      tf.io.registerLoadRouter(nodeFileSystemRouter);
      tf.io.registerSaveRouter(nodeFileSystemRouter);
      tf.registerCallbackConstructor(1, ProgbarLogger as never);
    }
    const api = {
      version: { ...tf.version, "tfjs-node": version },
      io: { ...tf.io, ...nodeIo },
      node: this.#nativeWorks ? nodeApi.node : withoutBinding(nodeApi.node),
    };
    const rest = Object.entries(Object.getOwnPropertyDescriptors(tf)).filter(([name]) => !Object.hasOwn(api, name));
    Object.defineProperties(api, Object.fromEntries(rest));
    Object.defineProperty(api, "__esModule", { value: true });
    return api;
  }
}

/** TensorFlow greets on stderr when it starts. A level that the user has chosen stays. */
function withoutGreeting<T>(start: () => T): T {
  const level = process.env["TF_CPP_MIN_LOG_LEVEL"];
  process.env["TF_CPP_MIN_LOG_LEVEL"] = level ?? "2";
  try {
    return start();
  } finally {
    if (level === undefined) delete process.env["TF_CPP_MIN_LOG_LEVEL"];
  }
}

function ownNative(folder: string): typeof Native {
  const load = createRequire(path.join(folder, "dist", "index.js"));
  load("./register_all_kernels");
  return {
    ...load("./callbacks"),
    ...load("./nodejs_kernel_backend"),
    ...load("./version"),
    nodeApi: load("./node"),
    nodeIo: load("./io/index"),
    nodeFileSystemRouter: load("./io/file_system").nodeFileSystemRouter,
  };
}

/** tf.node.* are calls into the binding. */
function withoutBinding<T extends object>(node: T): T {
  const refuse = (name: string) => () => {
    throw new Error(
      `tf.node.${name} needs the native binding of @tensorflow/tfjs-node, which does not work here. Run the command "${INSTALL}".`,
    );
  };
  return Object.fromEntries(Object.keys(node).map((name) => [name, refuse(name)])) as T;
}

function sentence(error: unknown): string {
  const text =
    error instanceof Error ? error.message.split("\n")[0]! : String((error as { message?: string })?.message ?? error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function cores(): string {
  const count = os.availableParallelism();
  return count === 1 ? "1 core" : `${count} cores`;
}
