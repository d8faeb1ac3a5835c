// How a Python file trains its model and says how good it became: compile, fit and evaluate, or a model_fn and its Estimator.
import { hole } from "../markup";
import { MODEL, type NetworkParts, sequential } from "./models";
import type { TaskParts } from "./tasks";
import { comment, docstring, indent } from "./text";

export const epochs = (task: TaskParts) => hole("epochs", task.epochs);
export const learningRate = (task: TaskParts) => hole("learning_rate", task.learningRate);
export const BATCH = 32;
export const BATCH_SIZE = hole("batch_size", BATCH);

export function compile(task: TaskParts): string {
  return `${MODEL}.compile(
    optimizer=keras.optimizers.Adam(learning_rate=${learningRate(task)}),
    loss="${task.loss}",
    metrics=["${task.measured.keras}"],
)`;
}

export function fitAndEvaluate(task: TaskParts): string {
  const { variable } = task.measured;
  return `${MODEL}.fit(
    x_train,
    y_train,
    epochs=${epochs(task)},
    batch_size=${BATCH_SIZE},
    validation_data=(x_test, y_test),
)

loss, ${variable} = ${MODEL}.evaluate(x_test, y_test, verbose=0)
${printed(task.metric, variable)}`;
}

export const printed = (metric: string, variable: string) =>
  `print(f"Test loss {loss:.3f}, ${metric} {${variable}:.3f}.")`;

export function modelFn(task: TaskParts, network: NetworkParts): string {
  const { squeezed, predictions, loss, metric } = task.modelFn;
  const { variable } = task.measured;
  return `def model_fn(features, labels, mode, params):
${docstring("Say what is done with a batch, from its features to its metrics.")}
${indent(sequential(network))}
    logits = model(features, training=mode == tf.estimator.ModeKeys.TRAIN)
${squeezed ? "    logits = tf.squeeze(logits, axis=-1)\n" : ""}    predictions = ${dictionary(predictions)}
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=predictions)

    loss_fn = tf.keras.losses.${loss}
    loss = loss_fn(labels, logits)
    ${variable} = tf.compat.v1.metrics.${metric.name}(labels, ${metric.compared})
    optimizer = tf.compat.v1.train.AdamOptimizer(params["learning_rate"])
    step = tf.compat.v1.train.get_global_step()
    return tf.estimator.EstimatorSpec(
        mode,
        predictions=predictions,
        loss=loss,
        train_op=optimizer.minimize(loss, global_step=step),
        eval_metric_ops={"${metric.name}": ${variable}},
    )`;
}

function dictionary(entries: Readonly<Record<string, string>>): string {
  const all = Object.entries(entries).map(([name, value]) => `"${name}": ${value}`);
  return all.length === 1 ? `{${all[0]}}` : `{\n${all.map((entry) => `        ${entry},\n`).join("")}    }`;
}

/** Batches for an Estimator, by a tf.data.Dataset. */
export function inputFn(story: string): string {
  return `def input_fn(x, y, epochs=1, shuffle=False):
${docstring(story)}
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    if shuffle:
        dataset = dataset.shuffle(len(y), seed=1)
    return dataset.repeat(epochs).batch(${BATCH_SIZE})`;
}

interface EstimatorParts {
  /** The class, after `tf.estimator.`. */
  estimator: string;
  /** Its arguments beside where and how it runs, as written. */
  args: readonly string[];
  modelDir: string;
  /** Steps between two checkpoints. */
  checkpoints?: number;
}

export function estimator({ estimator, args, modelDir, checkpoints }: EstimatorParts): string {
  const config = ["tf_random_seed=1"];
  if (checkpoints) config.push(`save_checkpoints_steps=${hole("save_checkpoints_steps", checkpoints)}`);
  const all = [...args, `model_dir=${modelDir}`, "config=config"];
  return `${comment("Checkpoints are kept in model_dir: the next run goes on from the newest. Delete the folder to begin anew, also when you change the model.")}
config = tf.estimator.RunConfig(${config.join(", ")})
estimator = tf.estimator.${estimator}(
${all.map((arg) => `${indent(arg)},`).join("\n")}
)`;
}

export function trainAndEvaluate(task: TaskParts): string {
  return `# Evaluates at every checkpoint and at the end.
train_spec = tf.estimator.TrainSpec(
    lambda: input_fn(x_train, y_train, epochs=${epochs(task)}, shuffle=True)
)
eval_spec = tf.estimator.EvalSpec(
    lambda: input_fn(x_test, y_test), steps=None, throttle_secs=0
)
metrics, _ = tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)`;
}

/** About five in a training of so many examples, so that its evaluations draw a curve and take little of its time. */
export function stepsPerCheckpoint(task: TaskParts, examples: number): number {
  const steps = (task.epochs * examples) / BATCH;
  const round = 10 ** Math.max(0, Math.floor(Math.log10(steps / 5)));
  return Math.max(1, Math.round(steps / 5 / round) * round);
}
