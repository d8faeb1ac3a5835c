// Answers a grid of layer calls with the installed TensorFlow.js and lists its layers, with the arguments that its types name.
// Reads { cases } from the standard input and writes JSON to the file that it is given.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "package.json"));
const core = require("@tensorflow/tfjs-core");
require("@tensorflow/tfjs-backend-cpu");
// Orthogonal initializers call the methods of tensors.
require("@tensorflow/tfjs");
const tf = require("@tensorflow/tfjs-layers");

const { cases } = JSON.parse(fs.readFileSync(0, "utf8"));
// A layer's class by its function: the first letter aside, they differ in nothing but case.
const functionNamed = new Map(Object.keys(tf.layers).map((name) => [name.toLowerCase(), name]));

function makeLayer(name, config) {
  const make = tf.layers[functionNamed.get(name.toLowerCase())];
  if (!make) throw new Error(`no ${name} in tf.layers`);
  return make(camelCase(config));
}

const camel = (name) =>
  name === "input_dtype" ? "inputDType" : name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

const OWN_WORDS = new Set(["name", "dtype"]);

function camelCase(config) {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      camel(name),
      typeof value === "string" && !OWN_WORDS.has(name) ? camel(value) : plainOf(value),
    ]),
  );
}

function plainOf(value) {
  if (Array.isArray(value)) return value.map(plainOf);
  if (value === null || typeof value !== "object") return value;
  if ("$layer" in value) return makeLayer(value.$layer, value.config);
  if ("$input" in value) return tensors(value.$input);
  return value;
}

function tensors(given) {
  if (Array.isArray(given)) return tf.input({ batchShape: given, dtype: "float32" });
  if ("list" in given) return given.list.map(tensors);
  return tf.input({ batchShape: given.shape, dtype: given.dtype });
}

const outputsOf = (outputs) =>
  Array.isArray(outputs) ? outputs.map(outputsOf) : { shape: outputs.shape, dtype: outputs.dtype };

const count = (weights) => weights.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);

function answer({ layer: name, config = {}, input, options = {} }) {
  try {
    const layer = makeLayer(name, config);
    if (name === "Input") return { ok: true, outputs: outputsOf(layer), trainable: 0, fixed: 0 };
    if (name === "InputLayer") {
      return { ok: true, outputs: outputsOf(layer.inboundNodes[0].outputTensors[0]), trainable: 0, fixed: 0 };
    }
    const kwargs = Object.fromEntries(Object.entries(options).map(([key, value]) => [camel(key), plainOf(value)]));
    const outputs = outputsOf(layer.apply(tensors(input), kwargs));
    const { trainableWeights, nonTrainableWeights } = layer;
    return { ok: true, outputs, trainable: count(trainableWeights), fixed: count(nonTrainableWeights) };
  } catch (error) {
    return { ok: false, error: String(error.message).slice(0, 300) };
  } finally {
    core.disposeVariables();
  }
}

const folder = path.dirname(require.resolve("@tensorflow/tfjs-layers/package.json"));
const types = (file) => fs.readFileSync(path.join(folder, "dist", file), "utf8");

/** `interface A extends B, C { x: …; }` of the type files, by name. */
function interfaces() {
  const found = new Map();
  const files = fs.readdirSync(path.join(folder, "dist"), { recursive: true }).filter((name) => name.endsWith(".d.ts"));
  for (const file of files) {
    const text = types(file)
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\/\/.*/g, "");
    for (const [, name, parents = "", body] of text.matchAll(
      /interface (\w+)(?: extends ([^{]+))? \{\n([\s\S]*?)\n\}/g,
    )) {
      const own = [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map(([, property]) => property);
      found.set(name, {
        own,
        // `Omit<A, "units">` is a parent of which not everything is taken.
        parents: [...parents.matchAll(/Omit<(\w+), ([^>]+)>|(\w+)/g)].map(([, part, left = "", whole]) => ({
          name: part ?? whole,
          without: [...left.matchAll(/\w+/g)].map(([one]) => one),
        })),
      });
    }
    for (const [, name, parent, body = ""] of text.matchAll(/type (\w+) = (\w+)(?: & \{([\s\S]*?)\n\})?;/g)) {
      const own = [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, property]) => property);
      found.set(name, { own, parents: [{ name: parent, without: [] }] });
    }
  }
  return found;
}

function allLayers() {
  const known = interfaces();
  const properties = (name) => {
    const { own = [], parents = [] } = known.get(name) ?? {};
    return [
      ...own,
      ...parents.flatMap(({ name: parent, without }) => properties(parent).filter((one) => !without.includes(one))),
    ];
  };
  const declared = types("exports_layers.d.ts").matchAll(/export declare function (\w+)\(args\??: (\w+)\): (\w+);/g);
  const argumentsOf = new Map([...declared].map(([, name, args]) => [name, [...new Set(properties(args))]]));
  return Object.fromEntries(Object.keys(tf.layers).map((name) => [name, argumentsOf.get(name) ?? null]));
}

const answers = cases.map(answer);
fs.writeFileSync(process.argv[2], JSON.stringify({ version: tf.version_layers, layers: allLayers(), answers }));
