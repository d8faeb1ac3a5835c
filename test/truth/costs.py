"""Counts the multiply-accumulates of layers as the libraries themselves run them, for a batch of one.

Keras 3: the products and convolutions in what JAX traces. Keras 2: TensorFlow's own profiler (floating point operations of MatMul and
convolutions, halved). Reads {"library", "cases"} from the standard input and writes JSON to the file named.
"""

import json
import math
import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
warnings.filterwarnings("ignore")

asked = json.load(sys.stdin)
is_keras3 = asked["library"] == "keras3"
if is_keras3:
    os.environ["KERAS_BACKEND"] = "jax"
    import jax
    import keras
else:
    import tensorflow as tf
    from tensorflow import keras
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def value_of(value):
    if isinstance(value, list):
        return [value_of(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "$layer" in value:
        return make_layer(value["$layer"], value["config"])
    return {key: value_of(one) for key, one in value.items()}


def make_layer(name, config):
    return getattr(keras.layers, name)(**{key: value_of(value) for key, value in config.items()})


def shapes_of(given):
    """The tensors of a call, in order."""
    if isinstance(given, list):
        return [([1, *given[1:]], "float32")]
    if "list" in given:
        return [one for part in given["list"] for one in shapes_of(part)]
    return [([1, *given["shape"][1:]], given["dtype"])]


def inner_of(params):
    """The jaxprs in the parameters of a step."""
    for value in params.values():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if hasattr(one, "jaxpr"):
                yield one.jaxpr
            elif hasattr(one, "eqns"):
                yield one


def products(jaxpr):
    total = 0
    for step in jaxpr.eqns:
        name = step.primitive.name
        if name == "dot_general":
            (summed, _), _ = step.params["dimension_numbers"]
            left = step.invars[0].aval.shape
            total += math.prod(step.outvars[0].aval.shape) * math.prod(left[axis] for axis in summed)
        elif name == "conv_general_dilated":
            kernel = step.invars[1].aval.shape
            filters = kernel[step.params["dimension_numbers"].rhs_spec[0]]
            total += math.prod(step.outvars[0].aval.shape) * math.prod(kernel) // filters
        elif name == "while":
            raise NotImplementedError("a loop of unknown length")
        else:
            inner = sum(products(one) for one in inner_of(step.params))
            total += inner * (step.params["length"] if name == "scan" else 1)
    return total


def traced(case):
    layer = make_layer(case["layer"], case.get("config", {}))
    options = case.get("options", {})
    names = [key for key, value in options.items() if isinstance(value, dict) and "$input" in value]
    plain = {key: value for key, value in options.items() if key not in names}
    given = shapes_of(case["input"])
    tensors = [jax.numpy.zeros(shape, dtype) for shape, dtype in given]
    others = [jax.numpy.zeros(shape, dtype) for key in names for shape, dtype in shapes_of(options[key]["$input"])]
    is_list = isinstance(case["input"], dict) and "list" in case["input"]

    def call(tensors, others):
        return layer(tensors if is_list else tensors[0], **dict(zip(names, others)), **plain)

    symbolic = [keras.Input(shape[1:], batch_size=1, dtype=dtype) for shape, dtype in given]
    more = [keras.Input(s[1:], batch_size=1, dtype=d) for key in names for s, d in shapes_of(options[key]["$input"])]
    call(symbolic, more)
    return products(jax.make_jaxpr(call)(tensors, others).jaxpr)


COUNTED = "MatMul|BatchMatMul.*|Conv2D|Conv3D|DepthwiseConv2dNative|Conv2DBackpropInput|Conv3DBackpropInputV2"


def profiled(case):
    layer = make_layer(case["layer"], case.get("config", {}))
    inputs = [keras.Input(shape[1:], batch_size=1, dtype=dtype) for shape, dtype in shapes_of(case["input"])]
    model = keras.Model(inputs, layer(inputs[0]))
    run = tf.function(lambda *tensors: model(list(tensors)))
    concrete = run.get_concrete_function(*[tf.TensorSpec(one.shape, one.dtype) for one in inputs])
    graph = convert_variables_to_constants_v2(concrete).graph
    with graph.as_default():
        options = tf.compat.v1.profiler.ProfileOptionBuilder(
            tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        ).with_empty_output().with_accounted_types([COUNTED]).build()
        found = tf.compat.v1.profiler.profile(graph=graph, options=options, cmd="op")
    return found.total_float_ops / 2


answers = []
for case in asked["cases"]:
    try:
        answers.append({"macs": traced(case) if is_keras3 else profiled(case)})
    except Exception as error:  # noqa: BLE001 - a call that fails has no cost
        answers.append({"error": f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"})
with open(sys.argv[1], "w") as file:
    json.dump({"answers": answers}, file)
