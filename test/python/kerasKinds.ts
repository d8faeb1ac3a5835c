// The Kerases that the tests train with, and the beginning of a script for each: the same names, the same model.
import { python, pythonEstimator } from "./help";

export interface Kind {
  name: string;
  python: () => string;
  /** Lines that give `keras`. */
  imports: string;
  /** Lines after which everything random is what it was. */
  seed: string;
  env?: Readonly<Record<string, string>>;
  /** The first layer, for four features. */
  input: string;
  /** Whether the state of dropout is a variable, so that it goes on as it would have. */
  dropout: boolean;
}

export const SEED = "keras.utils.set_random_seed(7)";

const keras3 = (backend: string, seed = SEED): Kind => ({
  name: `Keras 3 on ${backend}`,
  python,
  imports: "import keras",
  seed,
  env: { KERAS_BACKEND: backend },
  input: "keras.layers.Input((4,))",
  dropout: true,
});

const generators = "keras.backend.experimental.enable_tf_random_generator()";

// Keras's own seeding imports TensorFlow on every backend, which takes longer than all that these scripts train.
export const JAX = keras3("jax", "import random; random.seed(7)");
export const TORCH = keras3("torch", "import random, torch; random.seed(7); torch.manual_seed(7)");
export const TENSORFLOW = keras3("tensorflow");
export const TF_KERAS: Kind = {
  name: "tf_keras",
  python,
  imports: `import tf_keras as keras\n${generators}`,
  seed: SEED,
  input: "keras.layers.InputLayer(input_shape=(4,))",
  dropout: true,
};
export const TENSORFLOW_215: Kind = {
  name: "TensorFlow 2.15",
  python: pythonEstimator,
  imports: "from tensorflow import keras",
  seed: SEED,
  input: "keras.layers.InputLayer(input_shape=(4,))",
  dropout: false,
};

/** Data, and what prints the end: the model's weights and its history, to the last bit. */
export function beginning(kind: Kind): string {
  return `
import hashlib, os
${kind.imports}
import numpy
from fitlens import run
from fitlens.keras import resume
from fitlens.keras.resume import resume_of
this = run.current()
# No checkpoints but those that the test asks for, however slow the machine is.
resume.INTERVAL = 1e9
# And what a call of fit has reached is kept, however fast it is.
resume.WORTH_KEEPING = 0
${kind.seed}
generator = numpy.random.RandomState(0)
x = generator.rand(64, 4).astype("float32")
y = x.sum(1, keepdims=True)

def tell(model, history=None):
    digest = hashlib.sha256()
    for array in model.get_weights():
        digest.update(numpy.ascontiguousarray(array).tobytes())
    lists = {} if history is None else {name: [float(v) for v in values] for name, values in history.history.items()}
    print("weights", digest.hexdigest(), flush=True)
    print("history", [] if history is None else history.epoch, lists, flush=True)

class Die(keras.callbacks.Callback):
    """Kills the process without warning, at a batch of an epoch, in the first attempt only."""
    def __init__(self, epoch, batch):
        super().__init__()
        self.at, self.epoch = (epoch, batch), 0
    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
    def on_train_batch_end(self, batch, logs=None):
        if not this.resuming and os.environ.get("DIE") and (self.epoch, batch) == self.at:
            this.recorder.flush()
            this.status.write()
            os.kill(os.getpid(), 9)

class Save(keras.callbacks.Callback):
    """Asks for a checkpoint at a batch of an epoch, and waits until it is written."""
    def __init__(self, epoch, batch):
        super().__init__()
        self.at, self.epoch = (epoch, batch), 0
    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
    def on_train_batch_end(self, batch, logs=None):
        if not this.resuming and (self.epoch, batch) == self.at:
            resume_of(this).checkpoint()
            resume_of(this)._wait()
`;
}
