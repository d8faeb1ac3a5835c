"""Runs scripts one after another in one Python, so that a framework is imported once, each in its own folder.

A JSON line for each: what it printed, or how it failed.
"""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback

for script in sys.argv[1:]:
    os.chdir(os.path.dirname(script))
    printed = io.StringIO()
    error = None
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(script, run_name="__main__")
    except (Exception, SystemExit):  # noqa: BLE001 - whatever is wrong with a script is told by the test
        error = traceback.format_exc()
    print(json.dumps({"script": script, "printed": printed.getvalue(), "error": error}), flush=True)
