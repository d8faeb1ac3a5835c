"""Names of runs as src/runs/names.ts makes them: a time that sorts and two words. The words come with the built
package."""

from __future__ import annotations

import os
import time

from .files import read_json

# Where the package is not built there is no list of words.
FEW_WORDS = {"adjectives": ["brave", "calm", "eager", "keen"], "animals": ["heron", "lynx", "otter", "robin"]}


def about() -> dict:
    """Version and words of this Fitlens."""
    found = read_json(os.path.join(os.path.dirname(os.path.abspath(__file__)), "about.json"))
    found = found if isinstance(found, dict) else {}
    return {"version": found.get("version", "0.0.0"), "words": found.get("words") or FEW_WORDS}


def new_name(words: dict) -> str:
    """`brave-otter`. The script's own random numbers stay as they are."""
    return "-".join(_pick(list_of) for list_of in _lists(words))


def time_stamp(seconds: float) -> str:
    """`20261123-215301`, in local time."""
    return time.strftime("%Y%m%d-%H%M%S", time.localtime(seconds))


def _lists(words):
    return [words["adjectives"], words["animals"]] if isinstance(words, dict) else list(words)[:2]


def _pick(words) -> str:
    return words[int.from_bytes(os.urandom(4), "big") % len(words)]
