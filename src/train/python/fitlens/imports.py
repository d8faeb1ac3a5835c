"""Calls back when the script imports a module, without importing anything itself. Knows nothing of the modules."""

from __future__ import annotations

import sys

from .guard import guard

_waiting: dict = {}


def when_imported(name: str, callback) -> None:
    """Calls `callback(module)` right after the module is imported; at once if it is already."""
    module = sys.modules.get(name)
    if module is not None and not _is_initializing(module):
        with guard(name):
            callback(module)
        return
    if not any(finder is _FINDER for finder in sys.meta_path):
        sys.meta_path.insert(0, _FINDER)
    _waiting.setdefault(name, []).append(callback)
    if module is not None:
        # It is being imported right now, by somebody up the stack.
        _call_after(name, module.__spec__)


def _is_initializing(module) -> bool:
    return bool(getattr(getattr(module, "__spec__", None), "_initializing", False))


class _Finder:
    """First in sys.meta_path: lets the others find, and listens in where somebody waits."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in _waiting:
            return None
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            if finder is _FINDER or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                _call_after(name, spec)
                return spec
        return None


_FINDER = _Finder()


def _call_after(name: str, spec) -> None:
    """Calls back once the module's code has run. The loader gets its own method back before that."""
    loader = getattr(spec, "loader", None)
    execute = getattr(loader, "exec_module", None)
    if execute is None:
        return

    def exec_module(module):
        try:
            del loader.exec_module
        except AttributeError:
            pass
        execute(module)
        for callback in _waiting.pop(name, []):
            with guard(name):
                callback(module)

    try:
        loader.exec_module = exec_module
    except (AttributeError, TypeError):
        pass  # A loader that cannot be listened to: built in, or with slots.
