"""Answers a grid of layer calls with the installed Keras, and lists its layers with their signatures.

Reads {"library": "keras3" | "keras2", "cases": [...]} from the standard input and writes JSON to the file named.
"""

import contextlib
import inspect
import json
import os
import sys
import warnings

from counting import count

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

asked = json.load(sys.stdin)
if asked["library"] == "keras3":
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras
else:
    from tensorflow import keras

layers = keras.layers
is_keras3 = asked["library"] == "keras3"


def make_layer(name, args, config):
    return getattr(layers, name)(
        *(value_of(value) for value in args),
        **{key: value_of(value) for key, value in config.items()},
    )


def value_of(value):
    if isinstance(value, list):
        return [value_of(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$python" in value:
        return eval(value["$python"], {"keras": keras, "layers": layers})
    if "$layer" in value:
        return make_layer(value["$layer"], [], value["config"])
    if "$input" in value:
        return tensors(value["$input"])
    return {key: value_of(one) for key, one in value.items()}


def tensors(given):
    if isinstance(given, list):
        given = {"shape": given, "dtype": "float32"}
    if "list" in given:
        return [tensors(one) for one in given["list"]]
    if "dict" in given:
        return {key: tensors(one) for key, one in given["dict"].items()}
    batch, *shape = given["shape"]
    return keras.Input(shape=tuple(shape), batch_size=batch, dtype=given["dtype"])


def outputs_of(outputs):
    if outputs is None:
        return None
    if isinstance(outputs, (list, tuple)):
        return [outputs_of(one) for one in outputs]
    if isinstance(outputs, dict):
        return {"dict": {key: outputs_of(one) for key, one in outputs.items()}}
    dtype = outputs.dtype
    rank = getattr(outputs.shape, "rank", 0)
    shape = "?" if rank is None else [None if size is None else int(size) for size in outputs.shape]
    return {"shape": shape, "dtype": dtype if isinstance(dtype, str) else dtype.name}


def is_state_of_chance(weight):
    """The seed of a layer's own random numbers, which no summary counts."""
    return "seed" in getattr(weight, "path", weight.name).split("/")[-1]


def answer(case):
    try:
        layer = make_layer(case["layer"], case.get("args", []), case.get("config", {}))
        if case["layer"] in ("Input", "InputLayer"):
            made = layer if case["layer"] == "Input" else layer.output
            return {"ok": True, "outputs": outputs_of(made), "trainable": 0, "fixed": 0}
        options = {key: value_of(value) for key, value in case.get("options", {}).items()}
        outputs = outputs_of(layer(tensors(case["input"]), **options))
        trainable = [w for w in getattr(layer, "trainable_weights", []) if not is_state_of_chance(w)]
        fixed = [w for w in getattr(layer, "non_trainable_weights", []) if not is_state_of_chance(w)]
        return {"ok": True, "outputs": outputs, "trainable": count(trainable), "fixed": count(fixed)}
    except Exception as error:  # noqa: BLE001 - that it fails is the answer
        return {"ok": False, "error": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}


def default_of(value):
    if isinstance(value, (list, tuple)):
        return [default_of(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else {"$python": repr(value)}


def signature_of(layer):
    function = layer.__init__ if inspect.isclass(layer) else layer
    parameters = list(inspect.signature(function).parameters.values())
    listed = [one for one in parameters if one.name != "self"]
    kinds = inspect.Parameter
    return {
        "open": any(one.kind is kinds.VAR_KEYWORD for one in listed),
        "arguments": [
            {
                "name": one.name,
                "keywordOnly": one.kind is kinds.KEYWORD_ONLY,
                **({} if one.default is kinds.empty else {"default": default_of(one.default)}),
            }
            for one in listed
            if one.kind not in (kinds.VAR_KEYWORD, kinds.VAR_POSITIONAL)
        ],
    }


def all_layers():
    found = {}
    for name in sorted(dir(layers)):
        thing = getattr(layers, name)
        if name == "Input" or (inspect.isclass(thing) and issubclass(thing, layers.Layer)):
            found[name] = {"class": thing.__name__, "id": id(thing), **signature_of(thing)}
    return found


def unfilled(case):
    """Keras 3 need not fill the weights: only their shapes are asked for. States are variables that must be filled."""
    if not is_keras3 or case.get("config", {}).get("stateful"):
        return contextlib.nullcontext()
    return keras.StatelessScope(initialize_variables=False)


answers = []
for number, case in enumerate(asked["cases"]):
    if number % 300 == 299:
        keras.backend.clear_session()
    with unfilled(case):
        answers.append(answer(case))
with open(sys.argv[1], "w") as file:
    json.dump({"version": getattr(keras, "__version__", "2.15"), "layers": all_layers(), "answers": answers}, file)
