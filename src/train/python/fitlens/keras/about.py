"""What trains: the Keras, its engine and the device, without waking up anything that the framework has not."""

from __future__ import annotations

import sys

from .snapshots import backend_of
from .state import keras_package


def framework_of(model) -> str:
    """`Keras 3.15.0`, `tf_keras 2.21.0`, `tf.keras 2.4.1`."""
    package = keras_package(model).split(".")[0]
    version = getattr(sys.modules.get(package), "__version__", "")
    if package == "tensorflow":
        return f"tf.keras {version}".strip()
    return f"{'Keras' if package == 'keras' else package} {version}".strip()


def engine_of(model) -> dict:
    """The `engine` of a RunStatus of src/protocol/run.ts. Called when the model has its callbacks, so the framework
    has looked for its devices."""
    backend = backend_of(model)
    version = getattr(sys.modules.get(backend), "__version__", "")
    device = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}.get(backend, lambda _: "CPU")(model)
    return {"name": backend, "version": str(version), "device": device}


def _tensorflow(model) -> str:
    config = sys.modules["tensorflow"].config
    if not getattr(sys.modules["tensorflow.python.eager.context"].context(), "_initialized", True):
        return "CPU"
    found = [device for kind in ("GPU", "TPU") for device in config.list_logical_devices(kind)]
    if not found:
        return "CPU"
    name = found[0].device_type
    if name == "GPU":
        physical = config.list_physical_devices("GPU")
        name = config.experimental.get_device_details(physical[0]).get("device_name", name) if physical else name
    return f"{len(found)} x {name}" if len(found) > 1 and _replicas(model) > 1 else name


def _replicas(model) -> int:
    strategy = getattr(model, "distribute_strategy", None)
    return getattr(strategy, "num_replicas_in_sync", 1)


def _jax(model) -> str:
    devices = sys.modules["jax"].devices()
    name = devices[0].device_kind
    name = "CPU" if name.lower() == "cpu" else name
    is_spread = getattr(sys.modules.get("keras.src.distribution.distribution_lib"), "distribution", lambda: None)()
    return f"{len(devices)} x {name}" if is_spread is not None and len(devices) > 1 else name


def _torch(model) -> str:
    torch = sys.modules["torch"]
    device = sys.modules["keras.src.backend.torch.core"].get_device().split(":")[0]
    if device == "cuda" and torch.cuda.is_initialized():
        return torch.cuda.get_device_name()
    return {"mps": "Apple GPU", "cpu": "CPU"}.get(device, device.upper())
