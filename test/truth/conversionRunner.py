"""Runs scripts one after another with real TensorFlow, each in a process of its own, and writes down what they trained:
`KIND=keras|estimator python conversionRunner.py OUT SCRIPT...`"""

import json
import os
import re
import runpy
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

tf.get_logger().setLevel("ERROR")


def layer_weights(model):
    """As an Estimator's checkpoint names them: the n-th layer that has weights, and the variable's own name."""
    layers = [layer for layer in model.layers if layer.weights]
    return {
        f"{at}/{variable.name.split('/')[-1].split(':')[0]}": variable.numpy().tolist()
        for at, layer in enumerate(layers)
        for variable in layer.weights
    }


def checkpoint_weights(estimator):
    pattern = re.compile(r"layer_with_weights-(\d+)/(\w+)/.ATTRIBUTES/VARIABLE_VALUE")
    names = (pattern.fullmatch(name) for name in estimator.get_variable_names())
    return {f"{n[1]}/{n[2]}": estimator.get_variable_value(n[0]).tolist() for n in names if n}


def trained(script):
    """The weights at the end, and the validation loss of every epoch."""
    record = {"weights": {}, "validation": []}
    models, estimators = [], []
    watch_keras(models, record) if os.environ["KIND"] == "keras" else watch_estimators(estimators, record)
    tf.keras.utils.set_random_seed(7)
    sys.argv = [script]
    runpy.run_path(script, run_name="__main__")
    if models:
        record["weights"] = layer_weights(models[0])
    if estimators:
        record["weights"] = checkpoint_weights(estimators[0])
    return record


def watch_keras(models, record):
    compile_model, fit = tf.keras.Model.compile, tf.keras.Model.fit

    def compile_classic(model, *args, **kwargs):
        # model_to_estimator trains with the classic form of the same optimizer; the new one rounds in another place.
        compile_model(model, *args, **kwargs)
        model.optimizer = tf.keras.__internal__.optimizers.convert_to_legacy_optimizer(model.optimizer)

    def watched(model, *args, **kwargs):
        models.append(model)
        history = fit(model, *args, **{**kwargs, "verbose": 0})
        record["validation"] += history.history.get("val_loss", [])
        return history

    tf.keras.Model.compile, tf.keras.Model.fit = compile_classic, watched


def watch_estimators(estimators, record):
    kind = tf.estimator.Estimator.__mro__[0]
    train, evaluate = kind.train, kind.evaluate

    def watched(self, *args, **kwargs):
        estimators.append(self)
        return train(self, *args, **kwargs)

    def evaluated(self, *args, **kwargs):
        result = evaluate(self, *args, **kwargs)
        record["validation"].append(float(result["loss"]))
        return result

    kind.train, kind.evaluate = watched, evaluated


def main(out, scripts):
    results = {}
    for script in scripts:
        part = f"{out}.part"
        child = os.fork()
        if child == 0:
            with open(part, "w") as stream:
                json.dump(trained(script), stream)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(f"{script} failed")
        with open(part) as stream:
            results[script] = json.load(stream)
    with open(out, "w") as stream:
        json.dump(results, stream)


main(sys.argv[1], sys.argv[2:])
