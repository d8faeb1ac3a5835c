// What a layer is to Fitlens: its arguments, what a call of it gives, its weights. Types and the readers of arguments; no layer.
import type { AnyShape, Dim } from "../shape";

/** The libraries that the catalog knows: Keras 3, tf.keras and Keras up to 2.15, TensorFlow.js 4.22. */
export type Library = "keras3" | "keras2" | "tfjs";

/** What the source does not tell. */
export const UNKNOWN = Symbol("unknown");
/** A value that no rule looks into: a callable, an initializer, a regularizer. */
export const OPAQUE = Symbol("opaque");

export type ConfigValue =
  | number
  | string
  | boolean
  | null
  | typeof UNKNOWN
  | typeof OPAQUE
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue }
  | LayerHandle;

/** A layer's arguments by Python's names, defaults filled in; those of TensorFlow.js likewise (`kernelSize` is `kernel_size`). */
export type Config = Readonly<Record<string, ConfigValue>>;

export interface TensorType {
  readonly shape: AnyShape;
  /** `float32`; "?" where it is not known. */
  readonly dtype: string;
  /** Of a shape that is "?": its first size is None, the batch, whatever comes after. */
  readonly isBatched?: true;
}

/** A tensor, or a list or dictionary of tensors as Keras nests them; null for what is no tensor (a state that is not given). */
export type Tensors = TensorType | null | readonly Tensors[] | { readonly [key: string]: Tensors };

export interface Weight {
  /** `kernel`, `bias`, `gamma` … */
  readonly name: string;
  readonly shape: readonly Dim[];
  /** Whether the layer trains it, were all of the layer trainable. */
  readonly trainable: boolean;
  /** Absent: that of the layer, float32 where it says none. */
  readonly dtype?: string;
}

/** A layer within another one's arguments: TimeDistributed's, Bidirectional's, a cell of RNN. */
export interface LayerHandle {
  readonly isLayer: true;
  /** Its class in the catalog, or the name of a class of the user's own. */
  readonly className: string;
  readonly config: Config;
  /** What calling it gives, as `call` of the catalog does. */
  call(inputs: Tensors, options?: CallOptions): CallResult;
  /** Its weights once it has been called with such inputs; "?" where they cannot be told. */
  weights(inputs: Tensors): readonly Weight[] | "?";
  /** Multiply-accumulates of one example when it is called with such inputs. */
  macs(inputs: Tensors): Dim;
  /** The same layer with other arguments: what Bidirectional makes of it for the way back. */
  with(config: Config): LayerHandle;
}

/** Arguments of a call beside the inputs, by name: `training`, `initial_state`, `return_attention_scores` … */
export type CallOptions = Readonly<Record<string, Tensors | ConfigValue>>;

export interface LayerCall {
  readonly config: Config;
  readonly inputs: Tensors;
  readonly options: CallOptions;
  readonly library: Library;
}

export interface Failure {
  /** The code of a problem. */
  readonly fails: string;
  /** What was expected, what was found: a whole sentence in the words of the message. */
  readonly message: string;
}

export type CallResult =
  | {
      readonly outputs: Tensors /** How a size comes about: `(28 − 3)/1 + 1 = 26`, one line each. */;
      readonly because?: readonly string[];
    }
  | Failure;

export interface Argument {
  /** As Python writes it. */
  readonly name: string;
  /** Absent: it must be given. */
  readonly default?: ConfigValue;
  /** Where a library has another default. */
  readonly defaultIn?: Partial<Readonly<Record<Library, ConfigValue>>>;
  /** The libraries that know it; absent: all that have the layer. */
  readonly only?: readonly Library[];
  /** Can be given by name only. */
  readonly keywordOnly?: boolean;
  /** Not in the signature: the constructor takes it out of **kwargs. */
  readonly unlisted?: boolean;
  /** null is a value of its own to TensorFlow.js as well, not the default. */
  readonly takesNull?: boolean;
}

export interface LayerType {
  /** Keras 3's class; where that has none, that of the library that has it. */
  readonly name: string;
  /** Other names of the same class: MaxPool2D, Convolution2D. */
  readonly aliases?: readonly string[];
  /** The functions under tf.layers of TensorFlow.js: `maxPooling2d`, `maxPool2d`. */
  readonly tfjs?: readonly string[];
  readonly in: readonly Library[];
  /** In the order of the constructor. Those of every layer (name, dtype, trainable, input_shape …) are in COMMON. */
  readonly arguments: readonly Argument[];
  /** Where its constructor has no **kwargs, so takes none of COMMON but those that it lists. */
  readonly lacksCommon?: readonly Library[];
  call(call: LayerCall): CallResult;
  /** Its weights when it is first called with these inputs. Absent: it has none. */
  weights?(call: LayerCall): readonly Weight[] | "?";
  /**
   * Multiply-accumulates of one example: those of products of matrices and of convolutions. Absent: it has none. What a layer does
   * element by element (biases, activations, normalizations, means) is not among them, as is usual.
   */
  macs?(call: LayerCall, outputs: Tensors): Dim;
}
