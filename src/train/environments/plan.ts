// What an environment is made of: which Pythons can have it, and which packages go into it. Pure tables; asks nobody.
import type { Backend, EnvironmentNeed } from "../../protocol/server";

/** What a file needs of its environment. */
export interface Wish {
  need: EnvironmentNeed;
  /** The backend of Keras 3. Default: TensorFlow. */
  backend?: Backend;
  /** A notebook's kernel runs in it too. */
  notebook?: boolean;
}

/** What decides which build of a package fits. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: string;
  /** There is an NVIDIA GPU with its driver. */
  nvidia: boolean;
}

/** Minor versions of Python 3. */
export interface Pythons {
  /** Have the newest of everything. */
  best: readonly number[];
  /** Do as well, with older packages or such that may be missing. */
  usable: readonly number[];
  /** The one that is brought where none is found. */
  bring: number;
}

/** TensorFlow is built for a Python some time after it comes out; JAX and PyTorch sooner. */
const PYTHONS: Record<EnvironmentNeed | Backend, Pythons> = {
  estimator: { best: [11, 10, 9], usable: [], bring: 11 },
  keras: { best: [11, 12, 13], usable: [10, 9, 14], bring: 12 },
  tensorflow: { best: [11, 12, 13], usable: [10, 9, 14], bring: 12 },
  jax: { best: [11, 12, 13, 14], usable: [10, 9], bring: 12 },
  torch: { best: [11, 12, 13, 14], usable: [10, 9], bring: 12 },
};

/** The last TensorFlow that has tf.estimator. */
const WITH_ESTIMATOR = "2.15.1";

export function pythonsFor({ need, backend }: Wish): Pythons {
  return PYTHONS[need === "estimator" ? need : (backend ?? need)];
}

/** As pip is told. What is not pinned is the newest that fits the Python. */
export function packagesFor({ need, backend = "tensorflow", notebook }: Wish, machine: Machine): string[] {
  const kernel = notebook ? ["ipykernel"] : [];
  if (need === "estimator") return [`${tensorflowFor(machine)}==${WITH_ESTIMATOR}`, ...kernel];
  const backends: Record<Backend, string> = {
    tensorflow: tensorflowFor(machine),
    jax: onNvidia(machine) ? "jax[cuda12]" : "jax",
    torch: "torch",
  };
  return ["keras", backends[backend], ...kernel];
}

/** With what a GPU needs where there is one that it can use; else the build without GPU code, where there is such a one. */
function tensorflowFor(machine: Machine): string {
  if (onNvidia(machine)) return "tensorflow[and-cuda]";
  const withoutGpu = machine.arch === "x64" && (machine.platform === "linux" || machine.platform === "win32");
  return withoutGpu ? "tensorflow-cpu" : "tensorflow";
}

/** On Windows itself neither TensorFlow nor JAX uses a GPU. */
const onNvidia = ({ platform, arch, nvidia }: Machine): boolean => nvidia && platform === "linux" && arch === "x64";

/** `Keras 3 with JAX`. */
export function titleOf({ need, backend = "tensorflow" }: Wish): string {
  if (need === "estimator") return "TensorFlow 2.15 with tf.estimator";
  return `Keras 3 with ${BACKEND_NAMES[backend]}`;
}

export const BACKEND_NAMES: Record<Backend, string> = { tensorflow: "TensorFlow", jax: "JAX", torch: "PyTorch" };

/** `Python 3.9, 3.10 or 3.11`: what the sentence on a missing Python asks for. */
export function pythonText(wish: Wish): string {
  const { best, usable } = pythonsFor(wish);
  const minors = [...best, ...usable].sort((a, b) => a - b);
  return `Python 3.${minors[0]} to 3.${minors.at(-1)}`;
}
