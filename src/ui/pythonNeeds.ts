// What a Python script asks for by name, what an interpreter has, and how that is said in words. Pure; knows no `vscode`.

/** Packages that train, as scripts import them → as people call them. The order is that of the words. */
const NAMES = { tensorflow: "TensorFlow", keras: "Keras", tf_keras: "tf_keras", jax: "JAX", torch: "PyTorch" } as const;
type Package = keyof typeof NAMES;

export interface Interpreter {
  version: string;
  /** Versions by the name that scripts import. */
  packages: Readonly<Record<string, string>>;
}

/** `Python 3.11 · TensorFlow 2.21 · Keras 3.15`: what it is and what of it trains. */
export function pythonText(interpreter: Interpreter): string {
  const has = (Object.keys(NAMES) as Package[]).flatMap((name) => {
    const version = interpreter.packages[name];
    return version === undefined ? [] : [`${NAMES[name]} ${short(version)}`];
  });
  return [`Python ${short(interpreter.version)}`, ...has].join(" · ");
}

const short = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The packages that a script's text imports at the beginning of a line; good enough to warn, never to refuse. */
export function importsOf(text: string): Package[] {
  const found = new Set<string>();
  for (const [, from, list] of text.matchAll(/^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([^#\n]+))/gm)) {
    const modules = from !== undefined ? [from] : list!.split(",");
    for (const module of modules) found.add(module.trim().split(/[.\s]/)[0]!);
  }
  return (Object.keys(NAMES) as Package[]).filter((name) => found.has(name));
}

/** Does a script use tf.estimator, which TensorFlow has up to 2.15? */
export const usesEstimator = (text: string): boolean =>
  /\b(tf|tensorflow)(\.compat\.v[12])?\.estimator\b|\btensorflow_estimator\b|^[ \t]*from[ \t]+tensorflow(\.compat\.v[12])?[ \t]+import[^#\n]*\bestimator\b/m.test(
    text,
  );

/** What a script imports and the interpreter lacks, as a sentence; undefined where nothing is missing. */
export function lackingImports(text: string, interpreter: Interpreter): string | undefined {
  const wanted = importsOf(text);
  const missing = wanted.filter((name) => interpreter.packages[name] === undefined);
  if (missing.length === 0) return undefined;
  const names = missing.map((name) => NAMES[name]);
  const list = names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return `The script imports ${list}, which this Python (${short(interpreter.version)}) does not have.`;
}

/** The backend of Keras that a script sets for itself: its name, or null where it does so in a way that cannot be read. */
export function backendInScript(text: string): string | null | undefined {
  if (!/\bKERAS_BACKEND\b|\bset_backend\b/.test(text)) return undefined;
  const set = /\bKERAS_BACKEND["']\s*(?:\]\s*=|,|:)\s*["'](\w+)["']|\bset_backend\(\s*["'](\w+)["']/.exec(text);
  return set ? (set[1] ?? set[2]!) : null;
}
