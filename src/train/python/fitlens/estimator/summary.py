"""model.json of what an Estimator trains: its variables, by the scopes they are in. Knows nothing of runs."""

from __future__ import annotations

from . import graph as graphs

FORMAT = 1
# What a variable is used for tells what its scope is; the first that is found counts.
_KINDS = (
    ("Conv2D", "Conv2D"),
    ("Conv3D", "Conv3D"),
    ("DepthwiseConv2dNative", "DepthwiseConv2D"),
    ("Conv2DBackpropInput", "Conv2DTranspose"),
    ("FusedBatchNormV3", "BatchNormalization"),
    ("ResourceGather", "Embedding"),
    ("GatherV2", "Embedding"),
    ("SparseSegmentMean", "Embedding"),
    ("MatMul", "Dense"),
)
_NAMES = (("gamma", "BatchNormalization"), ("embedding_weights", "Embedding"), ("weights", "Linear"))
_PASSED = ("ReadVariableOp", "Identity", "Cast", "ConcatV2", "Reshape")


def summary(name: str, graph, loss) -> dict:
    """A ModelSummary of src/protocol/run.ts."""
    apply_ops = graphs.applies(graph)
    layers, total, trainable = _layers(graph, graphs.slots(apply_ops))
    found = {
        "format": FORMAT,
        "name": name,
        "layers": layers,
        "parameters": total,
        "trainableParameters": trainable,
    }
    optimizer, kind = graphs.optimizers(apply_ops), graphs.loss_name(loss)
    if optimizer:
        found["optimizer"] = optimizer
    if kind:
        found["loss"] = kind
    return found


def _layers(graph, slots):
    trainables = {_name(variable) for variable in graph.get_collection("trainable_variables")}
    scopes: dict = {}
    for variable in graph.get_collection("variables"):
        name = _name(variable)
        if name not in trainables and (name in slots or _belongs_to(name, trainables)):
            continue
        scope, _, short = name.rpartition("/")
        if short.startswith("part_") and short[5:].isdigit():
            # A partitioned variable is one, in the scope of the whole.
            scope, _, short = scope.rpartition("/")
        scopes.setdefault(scope or name, []).append((short, variable, name in trainables))
    layers, total, trainable = [], 0, 0
    for scope, variables in scopes.items():
        if not any(is_trainable for _, _, is_trainable in variables):
            continue  # The global step, and what optimizers count.
        sizes = [(_size(variable), is_trainable) for _, variable, is_trainable in variables]
        parameters = sum(size for size, _ in sizes)
        total += parameters
        trainable += sum(size for size, is_trainable in sizes if is_trainable)
        kind, shape = _kind([(short, variable) for short, variable, _ in variables])
        layers.append(
            {
                "name": scope,
                "className": kind,
                "outputShape": shape,
                "parameters": parameters,
                "trainable": True,
            }
        )
    return layers, total, trainable


def _belongs_to(name: str, trainables) -> bool:
    """A slot is named after its variable."""
    return any(f"/{other}/" in f"/{name}/" for other in trainables)


def _kind(variables):
    """Class name and output shape, as far as the operations that use the variables tell."""
    used = [op for _, variable in variables for op in _uses(variable)]
    for kind, name in _KINDS:
        for op in used:
            if op.type == kind and not op.name.startswith("gradients"):
                return name, _shape(op.outputs[0])
    shorts = [short for short, _ in variables]
    return next((name for part, name in _NAMES if any(part in short for short in shorts)), "Variables"), []


def _uses(variable):
    waiting, found, seen = [_op(variable)], [], set()
    while waiting and len(seen) < 100:
        op = waiting.pop()
        if op is None or op.name in seen:
            continue
        seen.add(op.name)
        for output in op.outputs:
            for user in output.consumers():
                found.append(user)
                if user.type in _PASSED:
                    waiting.append(user)
    return found


def _op(variable):
    # With a distribution strategy there is one on each device.
    copies = getattr(variable, "values", None)
    if isinstance(copies, tuple) and copies:
        variable = copies[0]
    handle = getattr(variable, "handle", None)
    return handle.op if handle is not None else getattr(variable, "op", None)


def _shape(tensor) -> list:
    shape = tensor.shape
    return [] if shape.rank is None else shape.as_list()


def _size(variable) -> int:
    size = 1
    for dimension in variable.shape.as_list() if variable.shape.rank is not None else [0]:
        size *= dimension or 0
    return size


def _name(variable) -> str:
    return variable.name.partition(":")[0]
