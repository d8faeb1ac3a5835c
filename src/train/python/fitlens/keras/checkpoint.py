"""Checkpoints in a folder: written whole or not at all, the newest two kept, damaged ones passed over. The file format
is that of src/estimator/safetensors.ts: nothing in it is executed when it is read. Knows no model and no framework."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from typing import NamedTuple

from ..files import replace_patiently

KEEP = 2
_NAME = re.compile(r"checkpoint-(\d{6,})\.safetensors")
_LEFTOVER = re.compile(r"\.checkpoint-\d+\.safetensors\.\d+\.tmp")
# The reference implementation's own limit; a damaged length never makes us allocate more.
_HEADER_CAP = 100_000_000
# Stands in the header while the digest is taken, so that the digest covers the header too.
_NO_DIGEST = "0" * 64
_PIECE = 1 << 24
_BYTES = {"F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "U32": 4}
_BYTES.update({"F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1})
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class Tensor(NamedTuple):
    """Values of one variable, row by row, as bytes; `dtype` as safetensors names it."""

    dtype: str
    shape: tuple
    data: memoryview


class Checkpoint(NamedTuple):
    file: str
    tensors: dict
    metadata: dict


class CheckpointError(Exception):
    """A checkpoint that cannot be written or read, in words for the user."""


def save(folder: str, tensors: dict, metadata: dict) -> str:
    """Writes the folder's next checkpoint and returns its path. The data is on the disk before the name appears, so a
    kill or a full disk at any moment leaves the checkpoints before it as they are. Then removes what is beyond KEEP.
    Raises CheckpointError."""
    temporary = None
    try:
        os.makedirs(folder, exist_ok=True)
        remove_leftovers(folder)
        known = checkpoints(folder)
        name = f"checkpoint-{(_number(known[-1]) if known else 0) + 1:06}.safetensors"
        temporary = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
        with open(temporary, "xb", buffering=0) as stream:
            _write(stream, tensors, metadata)
            os.fsync(stream.fileno())
        file = os.path.join(folder, name)
        replace_patiently(temporary, file)
        _sync_folder(folder)
    except (OSError, ValueError) as error:
        _remove(temporary)
        advice = " Free space on that disk." if getattr(error, "errno", None) in _FULL else ""
        before = " The one before it is intact." if checkpoints(folder) else ""
        raise CheckpointError(
            f"A checkpoint could not be written to {folder}: {_reason(error)}.{before}{advice} "
            "The training goes on, and it is tried again."
        ) from error
    for old in known[: max(0, len(known) + 1 - KEEP)]:
        _remove(os.path.join(folder, old))
    return file


def load(file: str) -> Checkpoint:
    """Reads a checkpoint and verifies every byte of it. Raises CheckpointError."""
    try:
        with open(file, "rb", buffering=0) as stream:
            return Checkpoint(file, *_read(stream, os.fstat(stream.fileno()).st_size))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"The checkpoint {file} cannot be read: {_reason(error)}.") from error


def newest(folder: str, on_damaged=None):
    """The newest checkpoint that can be read, or None. `on_damaged` is told of each that cannot."""
    for name in reversed(checkpoints(folder)):
        try:
            return load(os.path.join(folder, name))
        except CheckpointError as error:
            if on_damaged is not None:
                on_damaged(error)
    return None


def checkpoints(folder: str) -> list:
    """Names of the folder's checkpoints, the oldest first, without reading them."""
    return sorted((name for name in _names(folder) if _NAME.fullmatch(name)), key=_number)


def remove_leftovers(folder: str) -> None:
    """What writers that were killed have left half written. A run has one trainer at a time."""
    for name in _names(folder):
        if _LEFTOVER.fullmatch(name):
            _remove(os.path.join(folder, name))


def _write(stream, tensors: dict, metadata: dict) -> None:
    ordered = sorted(tensors.items(), key=lambda item: -_BYTES[item[1].dtype])
    header = {"__metadata__": {"sha256": _NO_DIGEST, **metadata}}
    end = 0
    for name, (dtype, shape, data) in ordered:
        if _size(dtype, shape) != data.nbytes:
            raise ValueError(f"variable {name}, {dtype} of shape {list(shape)}, has {data.nbytes} bytes")
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [end, end + data.nbytes]}
        end += data.nbytes
    # Padded with spaces, so that the numbers behind it are aligned for whoever maps the file into memory.
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    digest = hashlib.sha256(text)
    _write_all(stream, len(text).to_bytes(8, "little"))
    _write_all(stream, text)
    for _, tensor in ordered:
        for at in range(0, tensor.data.nbytes, _PIECE):
            piece = tensor.data[at : at + _PIECE]
            digest.update(piece)
            _write_all(stream, piece)
    stream.seek(8 + text.index(_NO_DIGEST.encode()))
    _write_all(stream, digest.hexdigest().encode())


def _write_all(stream, data) -> None:
    view = memoryview(data)
    while len(view) > 0:
        written = stream.write(view)
        view = view[written:]


def _read(stream, size: int):
    if size < 8:
        raise ValueError(f"it has only {size} bytes")
    length = int.from_bytes(_read_all(stream, 8), "little")
    if length > _HEADER_CAP or length + 8 > size:
        raise ValueError(f"it announces a header of {length} bytes in a file of {size}")
    text = bytes(_read_all(stream, length))
    header = json.loads(text)
    metadata = header.pop("__metadata__", {})
    expected = metadata.pop("sha256", None)
    if not isinstance(expected, str) or len(expected) != 64:
        raise ValueError("it carries no sha256, so it was not written by Fitlens")
    data = _read_all(stream, size - 8 - length)
    digest = hashlib.sha256(text.replace(expected.encode(), _NO_DIGEST.encode(), 1))
    for at in range(0, len(data), _PIECE):
        digest.update(data[at : at + _PIECE])
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        dtype, shape, (first, last) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
        if first != end or last != end + _size(dtype, shape) or last > len(data):
            raise ValueError(f"it ends inside variable {name}, or describes it wrongly")
        tensors[name] = Tensor(dtype, shape, data[first:last])
        end = last
    if end != len(data):
        raise ValueError(f"it should be {8 + length + end} bytes long, but has {size}")
    if digest.hexdigest() != expected:
        raise ValueError("its sha256 does not match its content")
    return tensors, metadata


def _read_all(stream, length: int) -> memoryview:
    data = memoryview(bytearray(length))
    done = 0
    while done < length:
        count = stream.readinto(data[done : done + _PIECE])
        if not count:
            raise ValueError("it ends before it should")
        done += count
    return data


def _size(dtype: str, shape) -> int:
    size = _BYTES[dtype]
    for length in shape:
        if not isinstance(length, int) or length < 0:
            raise ValueError(f"{list(shape)} is no shape")
        size *= length
    return size


def _names(folder: str) -> list:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _number(name: str) -> int:
    return int(_NAME.fullmatch(name).group(1))


def _remove(file) -> None:
    try:
        os.remove(file)
    except (OSError, TypeError):
        pass


def _sync_folder(folder: str) -> None:
    """Makes the new name itself durable. Windows has no such call, and does it by itself."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError:
        pass  # Some network file systems cannot; the file itself is synced.


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
