"""Reads what a TensorFlow graph tells of a training: optimizer, learning rate, batch size, loss. It only looks: an
operation more would give random operations after it other seeds."""

from __future__ import annotations

import re
import sys

_APPLY = re.compile(r"(?:Resource)?(?:Sparse)?Apply(?:Keras)?(\w+?)(?:V2)?$")
_BATCH = re.compile(r"(Parallel|Padded|MapAnd)?BatchDataset(V\d)?$")
# Between a batch and the iterator these leave its size alone.
_PASSED = re.compile(
    r"(Prefetch|Repeat|Options|Model|Optimize|Take|Skip|Shuffle|ShuffleAndRepeat|Cache|MaxIntraOpParallelism|"
    r"PrivateThreadPool|AssertCardinality|FiniteTake|Map|ParallelMap|AutoShard)Dataset(V\d)?$"
)
_QUEUES = ("QueueDequeueUpToV2", "QueueDequeueManyV2")
_VARIABLES = ("VarHandleOp", "VariableV2", "Variable", "ReadVariableOp", "VarIsInitializedOp")
_LOSSES = (
    ("SparseSoftmaxCrossEntropyWithLogits", "sparse softmax cross entropy"),
    ("SoftmaxCrossEntropyWithLogits", "softmax cross entropy"),
    ("SquaredDifference", "squared error"),
)
MOST_OPS = 2000


def applies(graph) -> list:
    """The operations that change variables by a gradient."""
    return [op for op in graph.get_operations() if "Apply" in op.type and _APPLY.match(op.type)]


def optimizers(apply_ops) -> str:
    """`Adagrad`, or `Adagrad, Ftrl` where there are two."""
    return ", ".join(dict.fromkeys(_APPLY.match(op.type).group(1) for op in apply_ops))


def slots(apply_ops) -> set:
    """Names of the operations whose values optimizers keep for themselves."""
    found = set()
    for op in apply_ops:
        for tensor in list(op.inputs)[1:]:
            root = _root(tensor)
            if root.type in ("VarHandleOp", "VariableV2", "Variable"):
                found.add(root.name)
    return found


def _root(tensor):
    op = tensor.op
    while op.type in ("Identity", "ReadVariableOp", "Cast") and op.inputs:
        op = op.inputs[0].op
    return op


def learning_rate(apply_ops):
    """A number where the graph has it as a constant, a tensor where it can be read by itself, else None."""
    for op in apply_ops:
        names = [argument.name for argument in op.op_def.input_arg]
        name = "lr" if "lr" in names else "alpha"
        if name not in names:
            continue
        tensor = op.inputs[names.index(name)]
        number = constant(tensor)
        if number is not None:
            return number
        return tensor if _can_be_read(tensor) else None
    return None


def constant(tensor):
    """The number of a tensor that never changes; None for others."""
    values = sys.modules.get("tensorflow.python.framework.tensor_util")
    op = tensor.op
    while op.type in ("Identity", "Cast") and not op.control_inputs:
        tensor = op.inputs[0]
        op = tensor.op
    value = values.constant_value(tensor) if values is not None and op.type == "Const" else None
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def _can_be_read(tensor) -> bool:
    """Whether reading it alone changes nothing: it takes no input and no random number."""
    seen, waiting = set(), [tensor.op]
    while waiting:
        op = waiting.pop()
        if op.name in seen:
            continue
        seen.add(op.name)
        if len(seen) > MOST_OPS or op.type.startswith("Placeholder"):
            return False
        if op.op_def is None or (op.op_def.is_stateful and op.type not in _VARIABLES):
            return False
        waiting.extend(each.op for each in op.inputs)
        waiting.extend(op.control_inputs)
    return True


def batch_size(given, graph):
    """Examples of a batch, by the shapes of what the input function gave or by how it batches; None if they vary."""
    for tensor in _flat(given):
        shape = getattr(tensor, "shape", None)
        dimensions = getattr(shape, "dims", None)
        if dimensions and not hasattr(tensor, "dense_shape"):
            size = shape.as_list()[0]
            if size is not None:
                return int(size)
    for op in graph.get_operations():
        if op.type == "MakeIterator":
            return _batched(op.inputs[0].op)
        if op.type in _QUEUES:
            number = constant(op.inputs[1])
            return None if number is None else int(number)
    return None


def _flat(given):
    if isinstance(given, dict):
        given = [given[key] for key in given]
    if isinstance(given, (list, tuple)):
        for each in given:
            yield from _flat(each)
    elif given is not None:
        yield given


def _batched(op):
    for _ in range(100):
        if _BATCH.match(op.type):
            number = constant(op.inputs[_batch_size_input(op)])
            return None if number is None else int(number)
        if not _PASSED.match(op.type) or not op.inputs:
            return None
        op = op.inputs[0].op
    return None


def _batch_size_input(op) -> int:
    """Which of its inputs it is, counted from the end where a list of others stands before it."""
    names = [argument.name for argument in op.op_def.input_arg]
    index = names.index("batch_size")
    lists = [bool(argument.type_list_attr) for argument in op.op_def.input_arg[:index]]
    return index - len(names) if any(lists) else index


def loss_name(tensor):
    """What kind of loss it is, by the operations that it is made of."""
    seen, waiting = set(), [tensor.op]
    while waiting and len(seen) < MOST_OPS:
        op = waiting.pop()
        if op.name in seen:
            continue
        seen.add(op.name)
        for kind, name in _LOSSES:
            if op.type == kind:
                return name
        if "logistic_loss" in op.name:
            return "sigmoid cross entropy"
        waiting.extend(each.op for each in op.inputs)
    return None


def small_definition(graph, most_bytes: int):
    """The graph as bytes, without the contents of large constants; None where it is too large even so."""
    definition = graph.as_graph_def()
    if definition.ByteSize() > most_bytes // 4:
        for node in definition.node:
            if node.op == "Const" and node.attr["value"].tensor.ByteSize() > 1024:
                del node.attr["value"]
    return None if definition.ByteSize() > most_bytes else definition.SerializeToString()
