"""The taps of Keras: Keras 3 on its backends, tf.keras of TensorFlow 2, tf_keras. Nothing is imported before the
script imports it."""

from __future__ import annotations

from ..imports import when_imported

# Where each Keras has its Model, and its list of callbacks.
KERAS_3 = ("keras.src.models.model", "keras.src.callbacks.callback_list")
# Since Keras 2.13, before it, and inside of TensorFlow before 2.6.
KERAS_2 = ("keras.src", "keras", "tf_keras.src", "tf_keras", "tensorflow.python.keras")


def install() -> None:
    # Once only, whatever is started several times in one process.
    when_imported(KERAS_3[0], _tap_models)
    when_imported(KERAS_3[1], _tap_callbacks)
    for package in KERAS_2:
        when_imported(f"{package}.engine.training", _tap_models)
        when_imported(f"{package}.engine.training_v1", _tap_models)
        when_imported(f"{package}.callbacks", _tap_callbacks)


def _tap_models(module) -> None:
    from .tap import tap_model

    model = getattr(module, "Model", None)
    if model is not None:
        tap_model(model)


def _tap_callbacks(module) -> None:
    from .tap import tap_callbacks

    if hasattr(module, "CallbackList"):
        tap_callbacks(module.CallbackList)
