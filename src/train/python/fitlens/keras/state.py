"""What a Keras model's training consists of: weights, random states, optimizers and metrics, as arrays by name. For
Keras 3 on its three backends and for Keras 2; imports neither, nor numpy."""

from __future__ import annotations

import sys

from .checkpoint import CheckpointError, Tensor

# numpy's names and safetensors'.
_DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint64": "U64",
    "uint32": "U32",
    "uint16": "U16",
    "uint8": "U8",
    "bool": "BOOL",
    "complex64": "C64",
}
_NAMES = {code: name for name, code in _DTYPES.items()}


class Changed(Exception):
    """The model is not the one that was saved; the text says in what."""


def is_keras3(model) -> bool:
    return hasattr(model, "metrics_variables")


def is_built(model) -> bool:
    """Whether the model has all its weights, so that they can be read and set."""
    if not getattr(model, "built", False):
        return False
    try:
        return all(layer.built for layer in model._flatten_layers())
    except AttributeError:
        return True


def builds_before_training(model) -> bool:
    """Whether fit makes the weights before on_train_begin: Keras 3 does on JAX and PyTorch."""
    return is_keras3(model) and not any("backend.tensorflow" in base.__module__ for base in type(model).__mro__)


def synchronize(model) -> None:
    """On JAX the state lives outside of the model while an epoch is trained."""
    sync = getattr(model, "jax_state_sync", None)
    if sync is not None:
        sync()


def weights(model) -> dict:
    """Variables by name: weights, and the states of what is random in the layers."""
    if is_keras3(model):
        return {f"model/{i}": variable for i, variable in enumerate(model.variables)}
    named = {f"model/{i}": variable for i, variable in enumerate(model.weights)}
    known = {id(variable) for variable in named.values()}
    for layer in model._flatten_layers() if hasattr(model, "_flatten_layers") else ():
        generator = getattr(getattr(layer, "_random_generator", None), "_generator", None)
        state = getattr(generator, "_state_var", None)
        if state is not None and id(state) not in known:
            known.add(id(state))
            named[f"random/{len(known)}"] = state
    return named


def metrics(model) -> dict:
    """Variables of the metrics, which hold the epoch so far."""
    if is_keras3(model):
        variables = model.metrics_variables
    else:
        variables = [variable for metric in model.metrics for variable in metric.variables]
    return {f"metrics/{i}": variable for i, variable in enumerate(variables)}


def optimizers(model) -> list:
    """The optimizer that the model was compiled with, and those that a model of the user's own keeps beside it."""
    found = [getattr(model, "optimizer", None)]
    for _, value in sorted(vars(model).items()):
        if hasattr(type(value), "apply_gradients"):
            found.append(value)
    unique: list = []
    for optimizer in found:
        if hasattr(optimizer, "apply_gradients") and all(optimizer is not other for other in unique):
            unique.append(optimizer)
    return unique


def optimizer_variables(optimizer) -> list:
    """What an optimizer remembers from step to step, its learning rate included."""
    variables = optimizer.variables
    variables = list(variables() if callable(variables) else variables)
    for one in (optimizer, getattr(optimizer, "inner_optimizer", None)):
        if one is None:
            continue
        # Keras 2 keeps these apart.
        scale = getattr(one, "_loss_scale", None)
        hyper = getattr(one, "_hyper", None)
        more = [getattr(one, "_learning_rate", None)]
        more += [getattr(scale, "_current_loss_scale", None), getattr(scale, "_counter", None)]
        more += [value for _, value in sorted(hyper.items())] if isinstance(hyper, dict) else []
        variables += [variable for variable in more if hasattr(variable, "assign")]
    seen: set = set()
    return [v for v in variables if not (id(v) in seen or seen.add(id(v)))]


def built_on(model, optimizer):
    """The variables that an optimizer was built for, as places among the model's weights; None before it is built."""
    places = {id(variable): i for i, variable in enumerate(weights(model).values())}
    inner = getattr(optimizer, "inner_optimizer", None) or optimizer
    if is_keras3(model):
        chosen = getattr(inner, "_trainable_variables", None)
        return [places.get(id(v), -1) for v in chosen] if chosen and getattr(inner, "built", True) else None
    if hasattr(inner, "_index_dict"):
        keys = {inner._var_key(v): i for i, v in enumerate(weights(model).values()) if hasattr(v, "_unique_id")}
        return [keys.get(key, -1) for key in inner._index_dict]
    if getattr(inner, "_weights", None):
        return [places.get(id(variable), -1) for variable in model.trainable_variables]
    return None


def build_optimizer(model, optimizer, places) -> None:
    """Makes an optimizer's variables, which else come with the first step."""
    if built_on(model, optimizer) is not None:
        return
    known = list(weights(model).values())
    if -1 in places or max(places, default=0) >= len(known):
        return
    chosen = [known[place] for place in places]
    if hasattr(optimizer, "build"):
        optimizer.build(chosen)
    elif hasattr(optimizer, "_create_all_weights"):
        optimizer._create_all_weights(chosen)


def learning_rate(optimizer):
    """As the script has set it; None where it is no plain number."""
    rate = getattr(optimizer, "_learning_rate", None)
    if rate is None:
        rate = (getattr(optimizer, "_hyper", None) or {}).get("learning_rate")
    inner = getattr(optimizer, "inner_optimizer", None)
    if rate is None and inner is not None:
        return learning_rate(inner)
    try:
        return float(rate.numpy() if hasattr(rate, "numpy") else rate)
    except (TypeError, ValueError, NotImplementedError):
        return None


def values_of(model, variables: dict) -> dict:
    """Copies of the variables' values, as arrays of their own."""
    backend = _keras2_backend(model)
    if backend is None:
        arrays = [variable.numpy() for variable in variables.values()]
    else:
        arrays = backend.batch_get_value(list(variables.values()))
    # An array may be a window on memory that the training goes on to change.
    return {name: _own(array) for name, array in zip(variables, arrays)}


def assign(model, variables: dict, arrays: dict) -> None:
    backend = _keras2_backend(model)
    if backend is None:
        for name, array in arrays.items():
            variables[name].assign(array)
    else:
        backend.batch_set_value([(variables[name], array) for name, array in arrays.items()])


def check(variables: dict, tensors: dict, prefix: str) -> None:
    """Raises Changed where the saved values do not fit the variables."""
    saved = [name for name in tensors if name.startswith(prefix)]
    present = [name for name in variables if name.startswith(prefix)]
    if len(saved) != len(present):
        raise Changed(f"{len(present)} variables now, {len(saved)} in the checkpoint")
    for name in present:
        tensor = tensors.get(name)
        shape = tuple(int(length) for length in variables[name].shape)
        if tensor is None or tensor.shape != shape:
            before = list(tensor.shape) if tensor is not None else "missing"
            raise Changed(f"{_path(variables[name])} has the shape {list(shape)}, in the checkpoint it is {before}")


def to_tensor(array) -> Tensor:
    dtype = _DTYPES.get(array.dtype.name)
    if dtype is None:
        raise CheckpointError(f"A variable of type {array.dtype.name} cannot be kept in a checkpoint.")
    return Tensor(dtype, tuple(array.shape), memoryview(array.reshape(-1).view("uint8")))


def to_array(tensor: Tensor):
    numpy = sys.modules["numpy"]
    # Names like bfloat16 are known to numpy once the framework is imported.
    flat = numpy.frombuffer(tensor.data, dtype=numpy.dtype(_NAMES[tensor.dtype]))
    return flat.reshape(tensor.shape)


def _own(array):
    numpy = sys.modules["numpy"]
    array = numpy.asarray(array)
    if not (array.flags.owndata and array.flags.c_contiguous):
        array = array.copy(order="C")
    return array


def _path(variable) -> str:
    return str(getattr(variable, "path", None) or getattr(variable, "name", "a variable"))


def keras_package(model) -> str:
    """The package of the model's base class: keras.src, keras, tf_keras.src, tensorflow.python.keras."""
    for base in type(model).__mro__:
        parts = base.__module__.split(".")
        if parts[0] in ("keras", "tf_keras") and base.__name__ == "Model":
            return ".".join(parts[: 2 if parts[1:2] == ["src"] else 1])
        if parts[:3] == ["tensorflow", "python", "keras"]:
            return "tensorflow.python.keras"
    raise LookupError(f"{type(model).__name__} is no Keras model")


def _keras2_backend(model):
    """Keras 2's backend reads and sets many variables at once, in graphs too."""
    return None if is_keras3(model) else sys.modules.get(f"{keras_package(model)}.backend")
