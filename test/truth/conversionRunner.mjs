// Runs scripts one after another with real TensorFlow.js and writes down what they trained: node conversionRunner.mjs OUT SCRIPT…
// Math.random begins anew for each script, so that weights and orders are the same before and after a conversion.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [out, ...scripts] = process.argv.slice(2);
const require = createRequire(path.resolve("scripts.js"));
const tf = require("@tensorflow/tfjs");
await tf.setBackend("cpu");

let record;
let pending = [];
const wait = (promise) => {
  pending.push(promise);
  return promise;
};

/** Replaces a method by one that sees each call. */
function tap(prototype, name, see) {
  const plain = prototype[name];
  prototype[name] = function (...args) {
    return see(this, args, (...given) => plain.apply(this, given));
  };
}

tap(tf.LayersModel.prototype, "makeTrainFunction", (model, _args, plain) => {
  const run = plain();
  return (data) => {
    const results = run(data);
    record.losses.push(results[0].dataSync()[0]);
    record.model = model;
    return results;
  };
});
for (const name of ["fit", "fitDataset"]) {
  tap(tf.LayersModel.prototype, name, (_model, args, plain) =>
    wait(
      plain(...args.slice(0, -1), { ...args.at(-1), verbose: 0 }).then((history) => {
        record.validation.push(...(history.history.val_loss ?? []));
        return history;
      }),
    ),
  );
}
for (const library of [
  require("@fitlens/estimator"),
  await import(pathToFileURL(path.resolve("node_modules/@fitlens/estimator/index.mjs"))),
]) {
  library.setVerbosity("error");
  tap(library.Estimator.prototype, "train", (_estimator, args, plain) => wait(plain(...args)));
  tap(library.Estimator.prototype, "evaluate", (_estimator, args, plain) =>
    wait(
      plain(...args).then((metrics) => {
        record.validation.push(metrics.loss);
        return metrics;
      }),
    ),
  );
}

const results = {};
for (const script of scripts) {
  record = { losses: [], validation: [], model: null };
  Math.random = generator(7);
  await import(pathToFileURL(path.resolve(script)));
  while (pending.length > 0) {
    const now = pending;
    pending = [];
    await Promise.all(now);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const weights = record.model?.getWeights().map((weight) => [...weight.dataSync()]) ?? [];
  results[script] = { losses: record.losses, validation: record.validation, weights };
}
fs.writeFileSync(out, JSON.stringify(results));

/** mulberry32: small, and the same everywhere. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
