// Data that a text names: `keras.datasets.mnist.load_data()`, data sets of tf.data, splits. Their shapes, as far as the text tells.
import { dataset } from "../../../model/datasets";
import type { Config, TensorType } from "../../../model/layers/catalog.types";
import type { Dim } from "../../../model/shape";
import { call } from "../calls";
import { valueOfJsonText } from "../json";
import { itemsOf, listItems, listOf } from "../lists";
import type { Run } from "../run";
import { frameOf, withRows } from "../tables/frame";
import { makeFrame } from "../tables/literal";
import { loadText, readCsv } from "../tables/read";
import { sklearnCall } from "../tables/scalers";
import { asTensor, data } from "../tensors/given";
import { sizeValue } from "../tensors/moving";
import {
  type Arguments,
  type Builtin,
  builtin,
  type DatasetValue,
  datasetOf,
  isNothing,
  NONE,
  number,
  type Place,
  positional,
  SHAPE,
  Slots,
  string,
  type TensorValue,
  UNKNOWN,
  type Value,
} from "../value";
import { configOf, dimOf, shapeOf, shapeValue } from "./convert";
import { imagesFrom, soundsFrom, textsFrom, windowsFrom } from "./directories";

const tuple = (...items: Value[]): Value => listOf("tuple", items);

/** What a call gives whose name says it; null: it is not known here. */
export function known(run: Run, path: string, args: Arguments, place: Place): Value | null {
  const named = /^keras\.datasets\.(\w+)\.load_data$/.exec(path)?.[1];
  const facts = named === undefined ? null : dataset(named, configOfAll(run, args.named));
  if (facts) {
    const { classes } = facts;
    const part = ([x, y]: readonly [TensorType, TensorType]) =>
      tuple(data(x.shape, x.dtype), {
        ...data(y.shape, y.dtype),
        ...(typeof classes === "number" && { classes }),
      });
    return args.open ? UNKNOWN : tuple(part(facts.train), part(facts.test));
  }
  switch (path) {
    case "keras.utils.image_dataset_from_directory":
    case "keras.preprocessing.image_dataset_from_directory":
    case "keras.preprocessing.image.image_dataset_from_directory":
      return imagesFrom(run, args);
    case "keras.utils.text_dataset_from_directory":
    case "keras.preprocessing.text_dataset_from_directory":
    case "keras.preprocessing.text.text_dataset_from_directory":
      return textsFrom(run, args);
    case "keras.utils.audio_dataset_from_directory":
      return soundsFrom(run, args);
    case "keras.utils.timeseries_dataset_from_array":
    case "keras.preprocessing.timeseries_dataset_from_array":
    case "keras.preprocessing.sequence.timeseries_dataset_from_array":
    case "keras.preprocessing.timeseries.timeseries_dataset_from_array":
      return windowsFrom(run, args);
    case "tf.data.Dataset.from_tensor_slices":
      return args.positional[0] ? datasetOf(each(run, args.positional[0])) : datasetOf(UNKNOWN);
    // What keras.json sets is not seen: these are what nearly everybody has.
    case "keras.backend.image_data_format":
    case "keras.config.image_data_format":
      return string("channels_last");
    case "keras.backend.floatx":
    case "keras.config.floatx":
      return string("float32");
    case "keras.backend.set_floatx":
    case "keras.config.set_floatx":
    case "keras.config.set_dtype_policy":
    case "keras.mixed_precision.set_dtype_policy":
    case "keras.mixed_precision.set_global_policy":
    case "keras.mixed_precision.experimental.set_policy": {
      const [type = args.named.values().next().value] = args.positional;
      if (type?.kind !== "string" || type.value !== "float32") run.precisions.push(place);
      return NONE;
    }
    case "keras.backend.epsilon":
    case "keras.config.epsilon":
      return number(1e-7, true);
    case "keras.backend.clear_session":
    case "keras.utils.set_random_seed":
      return NONE;
    case "keras.preprocessing.sequence.pad_sequences":
    case "keras.utils.pad_sequences": {
      const sequences = args.positional[0] ?? args.named.get("sequences");
      const most = args.named.get("maxlen") ?? args.positional[1];
      const count =
        sequences?.kind === "tensor" && sequences.type.shape !== "?" ? (sequences.type.shape[0] ?? "?") : "?";
      const lists =
        sequences?.kind === "list" ? listItems(sequences)?.map((one) => run.language.items(run, one)) : null;
      const lengths = lists && !lists.includes(null) ? lists.map((one) => one!.length) : null;
      const longest: Dim = lengths && lengths.length > 0 ? Math.max(...lengths) : "?";
      return data([lengths?.length ?? count, most && !isNothing(most) ? dimOf(most) : longest], "int32");
    }
    case "tf.Variable":
    case "keras.Variable": {
      if (run.inside) run.inside.hasVariables = true;
      const given = args.positional[0] ?? args.named.get("initial_value") ?? args.named.get("initializer");
      const initial = given?.kind === "function" ? call(run, given, positional(), place) : given;
      const tensor = initial ? asTensor(run, initial) : null;
      const trains = args.named.get("trainable");
      const trainable = !trains || (trains.kind === "boolean" ? trains.value : "?");
      const variable = { by: path.startsWith("tf") ? "tf" : "keras", trainable } as const;
      return { ...(tensor ? data(tensor.type.shape, tensor.type.dtype) : data("?", "?")), variable };
    }
    case "functools.partial": {
      const [callee, ...first] = args.positional;
      if (!callee || args.open) return UNKNOWN;
      return builtin("partial", (rest, at) =>
        call(
          run,
          callee,
          {
            positional: [...first, ...rest.positional],
            named: new Map([...args.named, ...rest.named]),
            open: rest.open,
          },
          at,
        ),
      );
    }
    // Of Keras a tuple, to which others can be added; of TensorFlow a tensor.
    case "keras.ops.shape": {
      const tensor = args.positional[0] ? asTensor(run, args.positional[0]) : null;
      return tensor && tensor.type.shape !== "?" ? tuple(...tensor.type.shape.map(sizeValue)) : UNKNOWN;
    }
    case "keras.activations.get": {
      const given = args.positional[0] ?? args.named.get("identifier") ?? UNKNOWN;
      if (given.kind === "string") return { kind: "library", path: `keras.activations.${given.value}`, library: null };
      return isNothing(given) ? builtin("linear", ({ positional: [x] }) => x ?? UNKNOWN) : given;
    }
    case "keras.backend.int_shape": {
      const tensor = args.positional[0] ? asTensor(run, args.positional[0]) : null;
      return tensor && shapeValue(tensor.type.shape);
    }
    case "tf.TensorShape": {
      const [dims] = args.positional;
      const shape = dims ? shapeOf(run, dims) : "?";
      if (shape === "?") return UNKNOWN;
      const made = shapeValue(shape);
      if (made.kind === "list") made.slots.set(SHAPE, true);
      return made;
    }
    case "ast.literal_eval":
    case "json.loads":
      return args.positional[0]?.kind === "string" ? valueOfJsonText(args.positional[0].value, "python") : UNKNOWN;
    case "os.path.join": {
      const parts = args.positional.map((part) => (part.kind === "string" ? part.value : null));
      return parts.includes(null) ? UNKNOWN : string(parts.join("/"));
    }
    // A bar of progress about what a loop goes through.
    case "tqdm.tqdm":
      return args.positional[0] ?? args.named.get("iterable") ?? UNKNOWN;
    case "tf.data.make_one_shot_iterator":
    case "tf.data.make_initializable_iterator":
      return args.positional[0] ?? UNKNOWN;
    case "tf.data.Dataset.from_tensors":
      return datasetOf(args.positional[0] ?? UNKNOWN);
    case "tf.data.Dataset.range":
      return datasetOf(data([], "int64"));
    case "tf.data.Dataset.zip": {
      const given = args.positional.length === 1 ? listItemsOf(args.positional[0]!) : args.positional;
      const elements = given?.map((one) => (one.kind === "dataset" ? one.element : UNKNOWN));
      return datasetOf(elements ? tuple(...elements) : UNKNOWN);
    }
    case "pd.read_csv":
      return readCsv(run, args);
    case "pd.DataFrame":
      return makeFrame(run, args);
    case "pd.get_dummies":
      return frameOf(null, "?");
    case "np.loadtxt":
    case "np.genfromtxt":
      return loadText(run, path.slice("np.".length), args);
    case "sklearn.model_selection.train_test_split":
      return tuple(...args.positional.flatMap((one) => [part(run, one), part(run, one)]));
    case "tf.io.decode_image":
    case "tf.image.decode_jpeg":
    case "tf.io.decode_jpeg":
    case "tf.image.decode_png":
    case "tf.io.decode_png": {
      const channels = args.named.get("channels") ?? args.positional[1];
      return data(["?", "?", channels ? dimOf(channels) : "?"], "uint8");
    }
    default:
      if (path.startsWith("sklearn.")) return sklearnCall(run, path, args);
      if (/^((keras|tf)\.initializers\.\w+|tf\.\w+_initializer)$/.test(path)) return builtin(path, initialized(run));
      if (/^np\.(float|int|uint|bool)\d*_?$/.test(path)) return converted(run, path.slice(3), args.positional[0]);
      if (/^keras\.applications\.\w+\.preprocess_input$/.test(path)) return args.positional[0] ?? UNKNOWN;
      return null;
  }
}

/** `np.float32(x)`. */
function converted(run: Run, dtype: string, value: Value | undefined): Value {
  if (value?.kind === "number")
    return number(dtype.startsWith("float") ? value.value : Math.trunc(value.value), dtype.startsWith("float"));
  const tensor = value ? asTensor(run, value) : null;
  return tensor ? { ...tensor, type: { ...tensor.type, dtype } } : UNKNOWN;
}

const configOfAll = (run: Run, named: ReadonlyMap<string, Value>): Config =>
  Object.fromEntries([...named].map(([name, value]) => [name, configOf(run, value)]));

/** `initializer(shape, dtype)` gives a tensor. */
const initialized =
  (run: Run): Builtin =>
  ({ positional: [first], named }) => {
    const shape = first ?? named.get("shape");
    return shape ? data(shapeOf(run, shape), "float32") : UNKNOWN;
  };

const listItemsOf = (value: Value): readonly Value[] | null => (value.kind === "list" ? listItems(value) : null);

/** As many as nobody knows of the same. */
function part(run: Run, value: Value): Value {
  if (value.kind === "frame") return withRows(value);
  const tensor = asTensor(run, value);
  return tensor && tensor.type.shape !== "?" && tensor.type.shape.length > 0
    ? data(["?", ...tensor.type.shape.slice(1)], tensor.type.dtype)
    : UNKNOWN;
}

/** One element of what is sliced along its first dimension, nested as it is. */
function each(run: Run, value: Value): Value {
  if (value.kind === "list" && value.type === "tuple") {
    const items = listItems(value);
    return items ? tuple(...items.map((item) => each(run, item))) : UNKNOWN;
  }
  if (value.kind === "dict") {
    const entries = itemsOf(value);
    return entries ? { ...value, slots: new Slots(entries.map(([key, entry]) => [key, each(run, entry)])) } : UNKNOWN;
  }
  const tensor = asTensor(run, value);
  return tensor && tensor.type.shape !== "?" && tensor.type.shape.length > 0
    ? data(tensor.type.shape.slice(1), tensor.type.dtype)
    : UNKNOWN;
}

const SAME = new Set(
  "shuffle repeat prefetch cache take skip filter with_options shard ignore_errors apply_options rebatch concatenate snapshot as_numpy_iterator make_one_shot_iterator make_initializable_iterator".split(
    " ",
  ),
);

export function datasetAttribute(run: Run, dataset: DatasetValue, name: string): Value | null {
  if (SAME.has(name)) return builtin(name, () => dataset);
  switch (name) {
    case "batch":
    case "padded_batch":
      return builtin(name, ({ positional: [size], named }) => {
        const drop = named.get("drop_remainder");
        const keeps = drop?.kind === "boolean" && drop.value;
        const count = size ?? named.get("batch_size");
        return datasetOf(batched(dataset.element, keeps && count ? dimOf(count) : null, name === "padded_batch"));
      });
    case "unbatch":
      return builtin(name, () => datasetOf(each(run, dataset.element)));
    case "map":
      return builtin(name, ({ positional: [callee], named }, place) => {
        const mapped = callee ?? named.get("map_func");
        const { element } = dataset;
        const parts = element.kind === "list" && element.type === "tuple" ? listItems(element) : [element];
        if (!mapped || !parts) return datasetOf(UNKNOWN);
        return datasetOf(call(run, mapped, positional(...parts), place));
      });
    case "enumerate":
      return builtin(name, () => datasetOf(tuple(data([], "int64"), dataset.element)));
    case "element_spec":
      return dataset.element;
    case "get_next":
      return builtin(name, () => dataset.element);
    case "class_names":
      return listOf("list", null);
    default:
      return null;
  }
}

/** Elements put together: None of them is how large a batch is. */
export function batched(element: Value, size: Dim, isPadded: boolean): Value {
  if (element.kind === "tensor") {
    const { shape, dtype } = element.type;
    if (shape === "?") return element;
    return data([size, ...(isPadded ? shape.map((): Dim => "?") : shape)], dtype) satisfies TensorValue;
  }
  if (element.kind === "list" && element.type === "tuple") {
    const items = listItems(element);
    return items ? tuple(...items.map((item) => batched(item, size, isPadded))) : UNKNOWN;
  }
  if (element.kind === "dict") {
    const entries = itemsOf(element);
    return entries
      ? { ...element, slots: new Slots(entries.map(([key, entry]) => [key, batched(entry, size, isPadded)])) }
      : UNKNOWN;
  }
  return UNKNOWN;
}
