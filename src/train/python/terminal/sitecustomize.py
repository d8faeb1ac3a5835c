"""On the PYTHONPATH of watched terminals: waits until a Python imports a framework, and only then loads Fitlens. It
does next to nothing in any other Python, and runs the user's own sitecustomize as if this one were not there."""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_FRAMEWORKS = frozenset(
    ("keras", "tensorflow", "tf_keras", "tensorflow_estimator", "torch.utils.tensorboard", "tensorboardX")
)


class _Waiting:
    """Looks at the names of what is imported, finds nothing itself, and takes itself away at the first framework."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in _FRAMEWORKS:
            sys.meta_path.remove(_Waiting)
            _watch()


def _watch():
    try:
        sys.path.insert(0, os.path.dirname(_HERE))
        try:
            from fitlens.watching import watch_terminal
        finally:
            del sys.path[0]
        watch_terminal(_RUNS_FOLDER, _FOLDER)
    except Exception as error:  # noqa: BLE001 - never breaks a Python that somebody starts
        sys.stderr.write("[fitlens] This Python is not watched: %s\n" % (error,))


def _users_own():
    """The sitecustomize that would have been found without this one."""
    finder = sys.modules.get("_frozen_importlib_external")
    if finder is None:
        return
    spec = finder.PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None or spec.loader is None:
        return
    module = type(sys)("sitecustomize")
    module.__spec__, module.__file__, module.__loader__ = spec, spec.origin, spec.loader
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


def _leave_path():
    """Takes this folder out of sys.path, and with it what VS Code's separator behind it has brought in where nothing
    follows: the current folder, which Python takes for an empty name."""
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    alone = len(before) == 2 and before[1] == "" and os.path.abspath(before[0]) == _HERE
    if alone and _HERE in sys.path:
        after = sys.path.index(_HERE) + 1
        if after < len(sys.path) and os.path.abspath(sys.path[after]) == _FOLDER:
            del sys.path[after]
    sys.path[:] = [entry for entry in sys.path if entry != _HERE]


try:
    _FOLDER = os.getcwd()
except OSError:
    _FOLDER = ""  # It was deleted.
_leave_path()
_RUNS_FOLDER = os.environ.get("FITLENS_WATCH")
if _RUNS_FOLDER and sys.version_info >= (3, 8) and not os.environ.get("FITLENS_PART_OF"):
    sys.meta_path.insert(0, _Waiting)
_users_own()
