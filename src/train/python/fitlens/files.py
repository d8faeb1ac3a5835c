"""Small JSON files that a reader never sees half written, in the form that src/runs/files.ts writes and reads."""

from __future__ import annotations

import itertools
import json
import os
import time

_written = itertools.count()


def write_json_atomic(file: str, value) -> None:
    """Writes beside the file and renames: a kill or a full disk leaves the old content."""
    write_atomic(file, json.dumps(_plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_atomic(file: str, text: str) -> None:
    folder, name = os.path.split(file)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.{next(_written)}.tmp")
    try:
        with open(temporary, "x", encoding="utf-8", errors="surrogatepass", newline="\n") as stream:
            stream.write(text)
        replace_patiently(temporary, file)
    except BaseException:
        try:
            os.remove(temporary)
        except OSError:
            pass
        raise


def replace_patiently(temporary: str, file: str) -> None:
    """On Windows a rename fails for a moment while another process has the file open."""
    for attempt in range(21):
        try:
            os.replace(temporary, file)
            return
        except PermissionError:
            if os.name != "nt" or attempt == 20:
                raise
            time.sleep(0.005)


def read_json(file: str):
    """The file's value; None where it is missing, half written or no JSON."""
    try:
        with open(file, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return None


def _plain(value):
    """JSON has no NaN and no infinities: they are strings there."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
