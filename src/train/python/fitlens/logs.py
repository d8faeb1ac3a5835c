"""Reads scalars from an event file that somebody else is writing, from where it stopped the last time. Knows no
framework."""

from __future__ import annotations

import struct

MOST_RECORD_BYTES = 64 * 1024 * 1024
MOST_READ_BYTES = 4 * 1024 * 1024

# How a number of each type of TensorFlow stands in a tensor: format in tensor_content, field of its own.
_NUMBERS = {1: ("<f", 5), 2: ("<d", 6), 3: ("<i", 7), 9: ("<q", 10), 10: ("<?", 11)}


class EventTail:
    """One event file. `read()` gives what is new: (wall time, step, tag, value)."""

    def __init__(self, path: str):
        self.path = path
        self._at = 0

    def read(self) -> list:
        """Whole records only; what is half written is read the next time."""
        points: list = []
        with open(self.path, "rb") as stream:
            stream.seek(self._at)
            data = stream.read(MOST_READ_BYTES)
            at = 0
            while at + 12 <= len(data):
                (size,) = struct.unpack_from("<Q", data, at)
                end = at + size + 16
                if size > MOST_RECORD_BYTES or (end > len(data) and at == 0 and len(data) == MOST_READ_BYTES):
                    # A picture, say: passed over.
                    self._at += end
                    return points
                if end > len(data):
                    break
                try:
                    points.extend(_event(data[at + 12 : at + 12 + size]))
                except (struct.error, IndexError, UnicodeDecodeError):
                    pass  # A damaged record.
                at = end
        self._at += at
        return points


def _fields(data: bytes):
    """Number, kind and content of each field of a message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(data, at)
        elif kind == 2:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at : at + size], at + size
        else:
            raise IndexError(kind)
        yield number, kind, value


def _varint(data: bytes, at: int):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _event(data: bytes) -> list:
    wall, step, summaries = 0.0, 0, []
    for number, _, value in _fields(data):
        if number == 1:
            (wall,) = struct.unpack("<d", value)
        elif number == 2:
            step = value if value < 1 << 63 else value - (1 << 64)
        elif number == 5:
            summaries.append(value)
    points = []
    for summary in summaries:
        for number, _, content in _fields(summary):
            if number == 1:
                tag, scalar = _value(content)
                if scalar is not None:
                    points.append((wall, step, tag, scalar))
    return points


def _value(data: bytes):
    tag, scalar = "", None
    for number, kind, value in _fields(data):
        if number == 1:
            tag = value.decode()
        elif number == 2 and kind == 5:
            (scalar,) = struct.unpack("<f", value)
        elif number == 8:
            scalar = _scalar(value)
        elif number == 9 and _plugin(value) not in ("", "scalars"):
            return tag, None
    return tag, scalar


def _plugin(metadata: bytes) -> str:
    for number, _, data in _fields(metadata):
        if number == 1:
            for inner, _, name in _fields(data):
                if inner == 1:
                    return name.decode()
    return ""


def _scalar(tensor: bytes):
    """The number in a tensor without dimensions; None for any other tensor."""
    kind_of, content = 0, b""
    own: dict = {}
    for number, kind, value in _fields(tensor):
        if number == 1:
            kind_of = value
        elif number == 2 and value:
            return None
        elif number == 4:
            content = value
        else:
            own[number] = (kind, value)
    if kind_of not in _NUMBERS:
        return None
    form, field = _NUMBERS[kind_of]
    if content:
        return float(struct.unpack_from(form, content)[0])
    if field not in own:
        return 0.0
    kind, value = own[field]
    if field in (5, 6):
        return float(struct.unpack_from(form, value)[0])
    number = value if kind == 0 else _varint(value, 0)[0]
    return float(number if number < 1 << 63 else number - (1 << 64))
