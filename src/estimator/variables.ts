// Names and values of a model's variables and its optimizers' slots: to a checkpoint and back. Knows no training loop.
import * as tf from "@tensorflow/tfjs";
import type { Checkpoint, TensorData } from "./checkpoint";
import type { OptimizerOp } from "./spec";

export type NamedVariables = ReadonlyMap<string, tf.Variable>;

/**
 * Weights of a model as `<layer>/<weight>`. TensorFlow.js numbers unnamed layers through the whole process (`dense_Dense7`), so a
 * name would depend on what was built before; here they are numbered within the model, as Keras does: `dense`, `dense_1`.
 */
export function variablesOf(
  models: readonly tf.LayersModel[],
  extra: Record<string, tf.Variable> = {},
): Map<string, tf.Variable> {
  const named = new Map<string, tf.Variable>();
  const seen = new Set<tf.Variable>();
  const add = (name: string, variable: tf.Variable) => {
    if (seen.has(variable)) return;
    seen.add(variable);
    named.set(
      unique(name, (candidate) => named.has(candidate)),
      variable,
    );
  };
  const scopes = new Set<string>();
  for (const model of models) addWeights(model, "", scopes, add);
  for (const [name, variable] of Object.entries(extra)) {
    if (named.has(name))
      throw new Error(`Two variables would be saved as "${name}": rename the layer or the variable.`);
    add(name, variable);
  }
  return named;
}

interface LayerLike {
  name: string;
  layers?: LayerLike[];
  weights: { originalName: string; read(): tf.Tensor }[];
  getClassName(): string;
}

function addWeights(
  model: { layers: unknown[] },
  prefix: string,
  scopes: Set<string>,
  add: (name: string, variable: tf.Variable) => void,
): void {
  const layers = model.layers as LayerLike[];
  for (const layer of layers) if (!automaticName(layer)) scopes.add(prefix + layer.name);
  for (const layer of layers) {
    const automatic = automaticName(layer);
    const scope = automatic ? unique(prefix + automatic, (name) => scopes.has(name)) : prefix + layer.name;
    if (layer.weights.length > 0) scopes.add(scope);
    if (layer.layers) addWeights(layer as { layers: LayerLike[] }, `${scope}/`, scopes, add);
    // Weights that a nested model did not name are its own; those of plain layers all are.
    for (const weight of layer.weights)
      add(`${scope}/${weight.originalName.split("/").at(-1)}`, weight.read() as tf.Variable);
  }
}

/** `dense` for `dense_Dense7` and `sequential` for `sequential_3`; null for a name that the user gave. */
function automaticName(layer: LayerLike): string | null {
  const pattern = layer.layers ? /^(?:(sequential)_|(model))\d+$/ : new RegExp(`^(.+)_${layer.getClassName()}\\d+$`);
  const match = pattern.exec(layer.name);
  return match?.[1] ?? match?.[2] ?? null;
}

function unique(name: string, taken: (candidate: string) => boolean): string {
  if (!taken(name)) return name;
  for (let n = 1; ; n++) if (!taken(`${name}_${n}`)) return `${name}_${n}`;
}

/** Copies of all values, so that training may go on while they are written. */
export async function snapshot(
  step: number,
  variables: NamedVariables,
  optimizers: readonly OptimizerOp[],
): Promise<Checkpoint> {
  const tensors = new Map<string, TensorData>();
  for (const [name, variable] of variables) tensors.set(name, await valuesOf(name, variable));
  const states: OptimizerState[] = [];
  for (const { scope, op } of scoped(optimizers)) {
    const slots: Record<string, string> = {};
    for (const { key, suffix, name, variable } of slotsOf(op, variables)) {
      if (suffix !== undefined) slots[key] = suffix;
      tensors.set(`${scope}/${name}`, await valuesOf(name, variable));
    }
    states.push({ scope, iterations: op.optimizer.iterations, slots });
  }
  return { step, tensors, metadata: { optimizers: JSON.stringify(states) } };
}

interface OptimizerState {
  scope: string;
  iterations: number;
  /** Property of the optimizer that holds a list of slots → the slot's name in the checkpoint. */
  slots: Record<string, string>;
}

/**
 * Puts a checkpoint's values into variables, which must all be there with the same shapes.
 *
 * @throws Error that names the variables which do not fit.
 */
export function restoreVariables({ tensors }: Checkpoint, variables: NamedVariables, from: string): void {
  const missing = [...variables.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) {
    throw new Error(
      `Checkpoint ${from} has no variable ${missing.join(", ")}: it was written by another model. Give this one a modelDir of its own.`,
    );
  }
  for (const [name, variable] of variables) {
    const { shape } = tensors.get(name)!;
    if (!tf.util.arraysEqual([...shape], variable.shape)) {
      throw new Error(
        `Checkpoint ${from} has variable ${name} with the shape [${shape}], the model with [${variable.shape}]: the model was changed. Give it a modelDir of its own.`,
      );
    }
  }
  for (const [name, variable] of variables) assign(variable, tensors.get(name)!);
}

/**
 * Puts a checkpoint's slots and step counts into optimizers. Returns the scopes (`training/Adam`) that the checkpoint has nothing of:
 * those optimizers start anew.
 */
export function restoreOptimizers(
  { tensors, metadata }: Checkpoint,
  variables: NamedVariables,
  optimizers: readonly OptimizerOp[],
): string[] {
  const states = JSON.parse(metadata["optimizers"] ?? "[]") as OptimizerState[];
  const missing: string[] = [];
  for (const { scope, op } of scoped(optimizers)) {
    const state = states.find((candidate) => candidate.scope === scope);
    if (!state) {
      missing.push(scope);
      continue;
    }
    const optimizer = op.optimizer as unknown as Record<string, unknown>;
    optimizer["iterations_"] = state.iterations;
    for (const [key, value] of Object.entries(optimizer)) {
      const data = tensors.get(`${scope}/${key}`);
      if (value instanceof tf.Variable && data) assign(value, data);
    }
    for (const [key, suffix] of Object.entries(state.slots)) {
      if (Array.isArray(optimizer[key])) fillSlots(optimizer[key] as Slot[], suffix, scope, op, variables, tensors);
    }
  }
  return missing;
}

/** An optimizer's memory of one variable, as every optimizer of TensorFlow.js keeps them: in lists parallel to the variables. */
interface Slot {
  originalName: string;
  variable: tf.Variable;
}

function fillSlots(
  list: Slot[],
  suffix: string,
  scope: string,
  op: OptimizerOp,
  variables: NamedVariables,
  tensors: ReadonlyMap<string, TensorData>,
): void {
  const names = namesOf(variables);
  op.variables.forEach((variable, i) => {
    const data = tensors.get(`${scope}/${names.get(variable)}/${suffix}`);
    if (!data) return;
    const present = list[i];
    if (present && !present.variable.isDisposed) {
      assign(present.variable, data);
      return;
    }
    const initial = toTensor(data);
    list[i] = { originalName: `${variable.name}/${suffix}`, variable: tf.variable(initial, false) };
    initial.dispose();
  });
}

/** Everything an optimizer remembers: single variables by property, and lists of slots by variable. */
function slotsOf({ optimizer, variables: own }: OptimizerOp, variables: NamedVariables) {
  const names = namesOf(variables);
  const found: { key: string; suffix?: string; name: string; variable: tf.Variable }[] = [];
  for (const [key, value] of Object.entries(optimizer)) {
    if (value instanceof tf.Variable) found.push({ key, name: key, variable: value });
    if (!Array.isArray(value)) continue;
    (value as (Slot | undefined)[]).forEach((slot, i) => {
      const owner = own[i] && names.get(own[i]);
      if (!(slot?.variable instanceof tf.Variable) || owner === undefined) return;
      const suffix = slot.originalName.split("/").at(-1)!;
      found.push({ key, suffix, name: `${owner}/${suffix}`, variable: slot.variable });
    });
  }
  return found;
}

/** Frees an optimizer's slots. Single variables are freed only where `owns` says so: a new call of the modelFn may use them again. */
export function disposeSlots({ optimizer }: OptimizerOp, owns: (tensor: tf.Tensor) => boolean): void {
  for (const value of Object.values(optimizer)) {
    if (value instanceof tf.Tensor && owns(value)) value.dispose();
    if (!Array.isArray(value)) continue;
    for (const slot of value as (Slot | undefined)[])
      if (slot?.variable instanceof tf.Variable) slot.variable.dispose();
    value.length = 0;
  }
}

/** `training/Adam`, and `training/Adam_1` for a second one. */
function scoped(optimizers: readonly OptimizerOp[]): { scope: string; op: OptimizerOp }[] {
  const taken = new Set<string>();
  return optimizers.map((op) => {
    const scope = unique(`training/${op.optimizer.getClassName()}`, (name) => taken.has(name));
    taken.add(scope);
    return { scope, op };
  });
}

function namesOf(variables: NamedVariables): Map<tf.Variable, string> {
  return new Map([...variables].map(([name, variable]) => [variable, name]));
}

async function valuesOf(name: string, tensor: tf.Tensor): Promise<TensorData> {
  const { dtype, shape } = tensor;
  // A copy, because the cpu backend hands out the very memory of the tensor.
  const data = (await tensor.data()).slice();
  if (dtype === "float32" && data instanceof Float32Array) return { dtype, shape, data };
  if (dtype === "int32" && data instanceof Int32Array) return { dtype, shape, data };
  if (dtype === "bool" && data instanceof Uint8Array) return { dtype, shape, data };
  throw new Error(`Variable ${name} is of the type ${dtype}; only float32, int32 and bool can be saved.`);
}

function assign(variable: tf.Variable, data: TensorData): void {
  const value = toTensor(data);
  variable.assign(value);
  value.dispose();
}

export function toTensor({ dtype, shape, data }: TensorData): tf.Tensor {
  return tf.tensor(data, [...shape], dtype);
}
