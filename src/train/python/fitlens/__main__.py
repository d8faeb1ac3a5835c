"""`python <this folder> script.py args...`: says so where the Python is too old, and leaves everything else to
runner.py."""

import gc
import os
import sys


def _main():
    if sys.version_info < (3, 8):
        version = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "Fitlens needs Python 3.8 or newer; this is %s (%s). Select another Python.\n" % (version, sys.executable)
        )
        return 1
    before = frozenset(sys.modules)
    collects = gc.isenabled()
    gc.disable()
    if not __package__:
        # Python has put this folder first, where its files would hide the script's modules.
        here = os.path.dirname(os.path.abspath(__file__))
        sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
        sys.path.insert(0, os.path.dirname(here))
        from fitlens import bytecode

        bytecode.keep()
        from fitlens import runner

        del sys.path[0]
    else:
        from fitlens import runner

        sys.path[:] = sys.path if getattr(sys.flags, "safe_path", False) else sys.path[1:]
    return runner.main(sys.argv[1:], before, collects)


if __name__ == "__main__":
    sys.exit(_main())
