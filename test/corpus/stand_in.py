"""Runs a script of the corpus where its data cannot be had: data sets of the true shapes with made-up content, inert
stand-ins for libraries that only draw, training cut short, everything seeded. Statement by statement, so that one that
cannot run here does not hide what comes after it. Knows nothing of Fitlens: the same file runs with and without it.

    python stand_in.py SCRIPT plain|v1alias
"""

import ast
import functools
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import signal
import socket
import sys
import tempfile
import types

SCRIPT, MODE = os.path.abspath(sys.argv[1]), sys.argv[2]
REPORT = os.environ.pop("CORPUS_REPORT", None)
STATEMENT_SECONDS = int(os.environ.pop("CORPUS_STATEMENT_SECONDS", "150"))
MOST_STEPS, MOST_EPOCHS, MOST_EVALUATED = 6, 2, 3
DRAWING = {
    *("matplotlib", "seaborn", "IPython", "PIL", "shap", "plotly", "pydot", "graphviz", "imageio", "cv2"),
    *("tensorflow_docs", "tensorflow_addons", "tqdm", "google", "hypertune", "einops", "remotezip", "ipywidgets"),
}

trained = {"calls": 0}


class Inert(types.ModuleType):
    """Whatever is asked of it: another one."""

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = Inert(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made

    def __call__(self, *args, **kwargs):
        if self.__name__.endswith("tqdm") and args:
            return args[0]
        return Inert(f"{self.__name__}()")

    def __getitem__(self, key):
        return Inert(f"{self.__name__}[]")

    def __setitem__(self, key, value):
        pass

    def __iter__(self):
        return iter((Inert(self.__name__), Inert(self.__name__)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __repr__(self):
        return f"<stand-in for {self.__name__}>"


class Drawing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Last in sys.meta_path: only for what is not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in DRAWING:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Inert(spec.name)

    def exec_module(self, module):
        pass


class TooLong(BaseException):
    pass


def refuse(*_args, **_kwargs):
    raise OSError("the corpus runs without a network")


socket.create_connection = socket.getaddrinfo = refuse
os.system = lambda *_: 0
sys.meta_path.append(Drawing())
tempfile.tempdir = os.path.join(os.getcwd(), "tmp")
os.makedirs(tempfile.tempdir, exist_ok=True)

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
made_up = np.random.default_rng(7)


# --- data


def images(side, channels, classes, column=False):
    def part(count):
        shape = (count, side, side, channels) if channels else (count, side, side)
        labels = np.arange(count) % classes
        pixels = made_up.integers(0, 255, shape).astype("uint8")
        return pixels, labels[:, None].astype("int64") if column else labels.astype("uint8")

    return lambda *_, **__: (part(256), part(96))


def sequences(vocabulary, classes):
    def part(count, words):
        rows = np.empty(count, dtype=object)
        for at in range(count):
            rows[at] = made_up.integers(1, words, made_up.integers(20, 120)).tolist()
        return rows, (np.arange(count) % classes).astype("int64")

    def load(path=None, num_words=None, *_, **__):
        words = num_words or vocabulary
        return part(256, words), part(96, words)

    return load


def table(features):
    return lambda *_, **__: (
        (made_up.random((404, features)), made_up.random(404)),
        (made_up.random((102, features)), made_up.random(102)),
    )


DATASETS = {
    "mnist": images(28, 0, 10),
    "fashion_mnist": images(28, 0, 10),
    "cifar10": images(32, 3, 10, column=True),
    "cifar100": images(32, 3, 100, column=True),
    "imdb": sequences(88584, 2),
    "reuters": sequences(30980, 46),
    "boston_housing": table(13),
    "california_housing": table(8),
}

TITANIC = {
    "survived": [0, 1],
    "sex": ["male", "female"],
    "age": range(1, 80),
    "n_siblings_spouses": range(4),
    "parch": range(3),
    "fare": range(100),
    "class": ["First", "Second", "Third"],
    "deck": ["A", "B", "C", "unknown"],
    "embark_town": ["Southampton", "Cherbourg", "Queenstown"],
    "alone": ["y", "n"],
}


def titanic_rows(count=160):
    yield ",".join(TITANIC)
    for _ in range(count):
        yield ",".join(str(made_up.choice(list(values))) for values in TITANIC.values())


def iris_rows(count=120):
    yield f"{count},4,setosa,versicolor,virginica"
    for at in range(count):
        yield ",".join(f"{value:.1f}" for value in made_up.random(4) * 6) + f",{at % 3}"


def auto_rows(count=398):
    for at in range(count):
        numbers = (18 + at % 20, 4 + at % 5, 300.0, 130.0, 3500 + at, 12.0, 70 + at % 12, 1 + at % 3)
        yield " ".join(str(number) for number in numbers) + '\t"car"'


def get_file(fname=None, origin=None, *_, **__):
    """What a script downloads: a file of the right form, as far as its name tells."""
    source = str(origin or fname)
    name = source.split("/")[-1].split("?")[0] or "file"
    path = os.path.join(os.getcwd(), name)
    if os.path.exists(path):
        return path
    if name.endswith(".npz"):
        (x, y), (u, v) = DATASETS["mnist"]()
        np.savez(path, x_train=x, y_train=y, x_test=u, y_test=v)
        return path
    if "titanic" in source:
        rows = titanic_rows()
    elif "iris" in source:
        rows = iris_rows()
    elif name.endswith(".data"):
        rows = auto_rows()
    else:
        rows = ["the quick brown fox jumps over the lazy dog and runs away from here."] * 400
    with open(path, "w") as stream:
        stream.write("\n".join(rows) + "\n")
    return path


def image_folder(
    directory=None, labels="inferred", label_mode="int", color_mode="rgb", batch_size=32, image_size=(256, 256), **_
):
    channels = {"rgb": 3, "grayscale": 1, "rgba": 4}[color_mode]
    x = tf.zeros((16, *(int(side) for side in image_size), channels))
    y = tf.constant([at % 2 for at in range(16)])
    data = tf.data.Dataset.from_tensor_slices(x if labels is None else (x, y)).batch(batch_size or 1)
    data.class_names = ["one", "two"]
    return data


TFDS = {"iris": None, "cats_vs_dogs": (64, 3, 2), "tf_flowers": (96, 3, 5), "mnist": (28, 1, 10)}


def tfds_load(name, split=None, as_supervised=False, with_info=False, **_):
    base = name.split("/")[0].split(":")[0]

    def one(_):
        if base == "iris":
            x, y, keys = made_up.random((60, 4)).astype("f"), np.arange(60) % 3, ("features", "label")
        else:
            side, channels, classes = TFDS.get(base, (32, 3, 10))
            x = made_up.integers(0, 255, (48, side, side, channels)).astype("uint8")
            y, keys = np.arange(48) % classes, ("image", "label")
        pair = (x, y.astype("int64"))
        return tf.data.Dataset.from_tensor_slices(pair if as_supervised else dict(zip(keys, pair)))

    names = split if isinstance(split, (list, tuple)) else None
    found = [one(each) for each in names] if names else one(split) if split else {n: one(n) for n in ("train", "test")}
    return (found, Inert("info")) if with_info else found


def stand_in_for_data():
    roots = [module for name, module in list(sys.modules.items()) if name.endswith("datasets") or ".datasets." in name]
    places = [*roots, tf.keras.datasets, tf.compat.v1.keras.datasets]
    for place in places:
        for name, load in DATASETS.items():
            module = getattr(place, name, None)
            if isinstance(module, types.ModuleType):
                module.load_data = load
                if hasattr(module, "get_word_index"):
                    module.get_word_index = lambda *_, **__: {f"w{at}": at for at in range(1, 2000)}
    replaced = {"get_file": get_file, "image_dataset_from_directory": image_folder}
    for name, module in list(sys.modules.items()):
        if ("keras" in name and "utils" in name) or name.endswith("keras.preprocessing"):
            for function, ours in replaced.items():
                if function in getattr(module, "__dict__", ()):
                    setattr(module, function, ours)
    for api in (tf.keras, tf.compat.v1.keras, keras):
        api.utils.get_file = get_file
    tfds = types.ModuleType("tensorflow_datasets")
    tfds.load, tfds.disable_progress_bar = tfds_load, lambda: None
    tfds.Split = types.SimpleNamespace(TRAIN="train", TEST="test", VALIDATION="validation")
    sys.modules["tensorflow_datasets"] = tfds
    try:
        import pandas
    except ImportError:
        return
    read_csv = pandas.read_csv
    pandas.read_csv = lambda path, *a, **k: read_csv(get_file(None, path) if "://" in str(path) else path, *a, **k)


# --- training cut short


def least(given, most):
    return most if given is None else min(given, most)


def cut(owner, name, change, trains=False):
    """Lets `change(arguments)` shorten the arguments of a method, given by name. One that trains counts once it is over."""
    method = getattr(owner, name)
    signature = inspect.signature(method)

    @functools.wraps(method)
    def short(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        change(bound.arguments)
        result = method(*bound.args, **bound.kwargs)
        trained["calls"] += trains
        return result

    setattr(owner, name, short)


def shorter_fit(arguments):
    arguments["epochs"] = min(arguments.get("epochs", 1), arguments.get("initial_epoch", 0) + MOST_EPOCHS)
    if not isinstance(arguments.get("x"), (np.ndarray, list, tuple, dict)) and arguments.get("y") is None:
        arguments["steps_per_epoch"] = least(arguments.get("steps_per_epoch"), MOST_STEPS)
        if arguments.get("validation_data") is not None:
            arguments["validation_steps"] = least(arguments.get("validation_steps"), MOST_EVALUATED)
    if arguments.get("verbose", "auto") in ("auto", 1):
        arguments["verbose"] = 2


def quieter(arguments):
    if arguments.get("verbose", "auto") in ("auto", 1):
        arguments["verbose"] = 2


def cut_keras(model):
    cut(model, "fit", shorter_fit, trains=True)
    cut(model, "evaluate", quieter)
    cut(model, "predict", quieter)


def shorter_train(arguments):
    if arguments.get("max_steps") is not None:
        arguments["max_steps"] = min(arguments["max_steps"], 2 * MOST_STEPS)
    else:
        arguments["steps"] = least(arguments.get("steps"), MOST_STEPS)


def shorter_evaluate(arguments):
    arguments["steps"] = least(arguments.get("steps"), MOST_EVALUATED)


def unshuffled(module, name):
    function = getattr(module, name)

    def in_order(*args, **kwargs):
        return function(*args, **{**kwargs, "shuffle": False, "num_threads": 1})

    setattr(module, name, in_order)


def cut_estimators():
    from tensorflow_estimator.python.estimator import estimator, run_config, training

    cut(estimator.Estimator, "train", shorter_train, trains=True)
    cut(estimator.Estimator, "evaluate", shorter_evaluate)
    predict = estimator.Estimator.predict

    def short_predict(self, *args, **kwargs):
        for at, one in enumerate(predict(self, *args, **kwargs)):
            if at == 64:
                return
            yield one

    estimator.Estimator.predict = short_predict
    for kind, change in ((training.TrainSpec, "max_steps"), (training.EvalSpec, "steps")):
        make = kind.__new__

        def shorter(cls, input_fn, limit=None, *args, make=make, name=change, **kwargs):
            limit = kwargs.pop(name, limit)
            if name == "steps":
                kwargs.update(throttle_secs=0, start_delay_secs=0)
            return make(cls, input_fn, least(limit, 2 * MOST_STEPS), *args, **kwargs)

        kind.__new__ = shorter
    configure = run_config.RunConfig.__init__

    @functools.wraps(configure)
    def seeded(self, *args, **kwargs):
        if len(args) < 2:
            kwargs.setdefault("tf_random_seed", 1)
        configure(self, *args, **kwargs)

    run_config.RunConfig.__init__ = seeded
    # A queue that several threads fill in their own order is shuffled otherwise each time.
    for name in ("numpy_input_fn", "pandas_input_fn"):
        unshuffled(tf.compat.v1.estimator.inputs, name)


# --- the script


def too_long(*_):
    raise TooLong


def names_of(node):
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]


class Inside(ast.NodeTransformer):
    """What a script would keep in /tmp is in this run's own folder: another run must not find it there."""

    def visit_Constant(self, node):
        if isinstance(node.value, str) and node.value.startswith("/tmp/"):
            moved = os.path.join(tempfile.tempdir, node.value[5:])
            return ast.copy_location(ast.Constant(moved), node)
        return node


def run_statements():
    with open(SCRIPT, encoding="utf-8") as stream:
        source = stream.read()
    main = types.ModuleType("__main__")
    main.__file__ = SCRIPT
    sys.modules["__main__"], sys.argv = main, [SCRIPT]
    sys.path.insert(0, os.path.dirname(SCRIPT))
    report = {"failed": [], "cut": []}
    signal.signal(signal.SIGALRM, too_long)
    for node in Inside().visit(ast.parse(source)).body:
        signal.alarm(STATEMENT_SECONDS)
        try:
            exec(compile(ast.Module([node], []), SCRIPT, "exec"), main.__dict__)
        except TooLong:
            report["cut"].append(node.lineno)
            print(f"line {node.lineno}: longer than {STATEMENT_SECONDS} s")
        except SystemExit as end:
            print(f"line {node.lineno}: exit {end.code}")
        except BaseException as error:  # noqa: BLE001 - it is told, and the next statement may do without it
            lines = str(error).strip().splitlines() or [""]
            report["failed"].append(f"line {node.lineno}: {type(error).__name__}: {lines[0][:200]}")
            print(report["failed"][-1])
            for name in names_of(node):
                main.__dict__.pop(name, None)
        finally:
            signal.alarm(0)
    return {**report, "trained": trained["calls"]}


keras.utils.set_random_seed(1)
stand_in_for_data()
for each in {tf.keras.Model, keras.Model}:
    cut_keras(each)
if not hasattr(keras, "version") and hasattr(tf, "estimator"):
    cut_estimators()
if MODE == "v1alias":
    sys.modules["tensorflow"] = tf.compat.v1
found = run_statements()
sys.stdout.flush()
if REPORT:
    with open(REPORT, "w") as stream:
        json.dump(found, stream)
