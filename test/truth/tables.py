"""Runs programs that read tables and tells the shape of what they name, as JSON after RESULT. Reads {"folder", "programs"}; a program
names what is asked in `told`: arrays, series, frames."""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")

asked = json.load(sys.stdin)
os.chdir(asked["folder"])
answers = []
for program in asked["programs"]:
    scope = {"__name__": "__main__"}
    try:
        exec(program, scope)
        answers.append([list(one.shape) for one in scope["told"]])
    except Exception as error:  # noqa: BLE001 - told with the case
        answers.append(f"{type(error).__name__}: {error}")
print("RESULT" + json.dumps(answers))
