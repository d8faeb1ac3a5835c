"""Where the bytecode of this package is kept: in a folder that the launcher names, and never beside the sources, which
belong to the installed extension. The modules of the script keep theirs where Python keeps it."""

from __future__ import annotations

import importlib.machinery
import os
import sys

# Takes a tenth of a second off each start: that is how long compiling all of the package takes.
_cache = os.environ.pop("FITLENS_CACHE", None)


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        before = sys.pycache_prefix, sys.dont_write_bytecode
        # Whoever wants no bytecode beside the sources, as many containers do, has none there of ours.
        sys.pycache_prefix, sys.dont_write_bytecode = _cache, False
        try:
            return super().get_code(fullname)
        finally:
            sys.pycache_prefix, sys.dont_write_bytecode = before


def keep() -> None:
    """For all modules of this package that are imported from now on."""
    if not _cache:
        return
    here = os.path.dirname(os.path.abspath(__file__))
    finder = importlib.machinery.FileFinder.path_hook((_Loader, importlib.machinery.SOURCE_SUFFIXES))
    for folder, _, files in os.walk(here):
        if "__init__.py" in files:
            sys.path_importer_cache[folder] = finder(folder)
