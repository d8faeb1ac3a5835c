"""Takes copies of variables in the middle of a training, at the least cost for the thread that trains; they become
numbers later, on the recorder's thread. For TensorFlow, JAX and PyTorch; imports none of them."""

from __future__ import annotations

import functools
import struct
import sys

from .state import is_keras3


def snapshot_of(model, variables: list):
    """What copies these variables of the model at this very step: `take(extra)` on the thread that trains, with more
    tensors to go with them; `numbers(taken)` anywhere, variables first. None stands for what is no number. None where
    the variables cannot be had."""
    backend = backend_of(model)
    if backend == "tensorflow":
        return _TensorFlow(variables)
    if backend == "jax":
        return _Jax(model, variables)
    if backend == "torch":
        return _Torch(variables)
    return None


def backend_of(model) -> str:
    """The backend of Keras 3; TensorFlow for all before it."""
    if not is_keras3(model):
        return "tensorflow"
    return sys.modules["keras.src.backend"].backend()


def in_graphs(model) -> bool:
    """A model of TensorFlow 1's kind, which trains in a session."""
    return any(base.__module__.endswith("training_v1") for base in type(model).__mro__)


def number(value):
    """None where it is none: a matrix, say."""
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        return None


class _Snapshot:
    @staticmethod
    def number(value):
        """Of one tensor of this backend."""
        return number(value)

    # Whether scalars are in this process's own memory.
    _is_near = True

    def many(self, values: list):
        """Numbers of many scalars of this backend at once, which costs little more than of one; None where one of them
        is something else."""
        if self._is_near:
            found = _in_memory(values)
            if found is not None:
                return found
        try:
            return self._many(values)
        except Exception:  # noqa: BLE001 - a number of Python's own, a matrix, another precision
            return None


def _in_memory(values: list):
    """Of single precision, read where they lie, without an operation of the framework; None where that cannot be."""
    try:
        kind = values[0].dtype
        if kind.name != "float32" or any(value.dtype is not kind for value in values):
            return None
        data = b"".join(values)
        return list(struct.unpack(f"={len(values)}f", data))
    except Exception:  # noqa: BLE001 - on another device, say
        return None


class _TensorFlow(_Snapshot):
    """A tensor that was read from a variable keeps its value. All variables are read by one operation."""

    def __init__(self, variables):
        self._parts = [_replicas(variable) for variable in variables]
        self._handles = [replica.handle for replicas in self._parts for replica in replicas]
        self._dtypes = [replica.dtype.base_dtype for replicas in self._parts for replica in replicas]
        self._one_by_one = sys.modules["tensorflow.python.ops.gen_resource_variable_ops"].read_variable_op
        self._is_near = all("CPU" in handle.device for handle in self._handles)
        self._execute = self._together()

    def _together(self):
        """The operation is none of TensorFlow's public ones; where it is missing they are read one by one."""
        if len(self._handles) < 2 or len({handle.device for handle in self._handles}) > 1:
            return None
        execute = sys.modules["tensorflow.python.pywrap_tfe"].TFE_Py_Execute
        context = sys.modules["tensorflow.python.eager.context"].context()
        count, handles = len(self._handles), self._handles
        attributes = ("N", count, "dtypes", tuple(dtype.as_datatype_enum for dtype in self._dtypes))

        def together():
            return execute(context._handle, None, "_ReadVariablesOp", handles, attributes, count)

        try:
            together()
        except Exception:  # noqa: BLE001 - an older or newer TensorFlow
            return None
        return together

    def take(self, extra=()):
        if self._execute is not None:
            return self._execute(), extra
        return [self._one_by_one(handle, dtype) for handle, dtype in zip(self._handles, self._dtypes)], extra

    def _many(self, values):
        context = sys.modules["tensorflow.python.eager.context"].context()
        execute = sys.modules["tensorflow.python.pywrap_tfe"].TFE_Py_Execute
        dtype = values[0].dtype.as_datatype_enum
        (packed,) = execute(context._handle, None, "Pack", values, ("N", len(values), "T", dtype, "axis", 0), 1)
        return packed.numpy().tolist() if packed.shape.rank == 1 else None

    def numbers(self, taken) -> list:
        tensors, extra = taken
        together = self.many([*tensors, *extra])
        read = iter(together or [float(tensor) for tensor in tensors])
        found = [sum(next(read) for _ in replicas) for replicas in self._parts]
        found.extend(read if together else (number(value) for value in extra))
        return found


def _replicas(variable) -> tuple:
    """The variables of TensorFlow behind one of Keras: a metric's is in parts where a strategy distributes it."""
    variable = getattr(variable, "_value", variable) if hasattr(variable, "_value") else variable
    return tuple(getattr(variable, "_values", None) or (variable,))


class _Stacked(_Snapshot):
    """One operation puts all scalars into one new array: variables and tensors that are scalars."""

    def __init__(self):
        self._places = None

    # The function is compiled for as many.
    BLOCK = 32

    def _many(self, values):
        found: list = []
        for start in range(0, len(values), self.BLOCK):
            some = values[start : start + self.BLOCK]
            some = some + some[-1:] * (self.BLOCK - len(some))
            stacked = self._stack(some)
            if stacked.ndim != 1:
                return None
            found.extend(stacked.tolist())
        return found[: len(values)]

    def take(self, extra=()):
        if self._places is None:
            self._places = [i for i, value in enumerate(extra) if getattr(value, "shape", None) == ()]
        values = self._variables()
        scalars = [extra[place] for place in self._places]
        return self._stack(values + scalars), len(values), extra

    def numbers(self, taken) -> list:
        stacked, count, extra = taken
        numbers = stacked.tolist()
        found = numbers[:count]
        if len(self._places) == len(extra):
            return numbers
        scalars = dict(zip(self._places, numbers[count:]))
        found.extend(scalars[i] if i in scalars else number(value) for i, value in enumerate(extra))
        return found


@functools.lru_cache(maxsize=None)
def _jax_stack():
    """One for all calls of fit: making it takes as long as half a training step."""
    return sys.modules["jax"].jit(sys.modules["jax.numpy"].stack)


class _Jax(_Stacked):
    """While an epoch is trained the variables' values are only in the trainer's state, and each step takes over the
    memory of the step before."""

    def __init__(self, model, variables):
        super().__init__()
        self._model, self._own = model, variables
        places = {}
        for store in ("metrics_variables", "optimizer_variables"):
            own = model.metrics_variables if store == "metrics_variables" else getattr(model.optimizer, "variables", ())
            places.update({id(variable): (store, i) for i, variable in enumerate(own)})
        self._stores = [places[id(variable)] for variable in variables]
        self._stack = _jax_stack()
        self._asarray = sys.modules["numpy"].asarray

    def number(self, value):
        # Several times as fast as float() of JAX's own array.
        return number(self._asarray(value))

    def _variables(self) -> list:
        state = self._model._jax_state
        if not state:
            # A validation inside of the epoch has ended it.
            return [variable.value for variable in self._own]
        return [state[store][place] for store, place in self._stores]


class _Torch(_Stacked):
    """Variables are changed in place."""

    _is_near = False

    def __init__(self, variables):
        super().__init__()
        self._tensors = [variable._value for variable in variables]
        torch = sys.modules["torch"]
        self._torch_stack, self._no_grad = torch.stack, torch.no_grad

    def _variables(self) -> list:
        return self._tensors

    def _stack(self, values):
        with self._no_grad():
            return self._torch_stack(values)
