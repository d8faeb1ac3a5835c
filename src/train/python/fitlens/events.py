"""Writes TensorBoard event files: TFRecord framing and the little of TensorFlow's protocol buffers that scalars need,
as src/events does. It never raises into a training and leaves no half record between whole ones."""

from __future__ import annotations

import os
import re
import struct
import sys
import time

MOST_WAITING_BYTES = 8 * 1024 * 1024
RETRY_SECONDS = 1.0
MOST_TAG_CHARACTERS = 1000

_files_opened = 0
# One byte at a time; and two, which makes half the steps, but takes as long to make as thousands of records.
_small_table: list = []
_table: list = []
_records_summed = 0
WORTH_A_TABLE = 5000


def _crc_tables() -> None:
    global _records_summed
    if not _small_table:
        for byte in range(256):
            for _ in range(8):
                byte = byte >> 1 ^ 0x82F63B78 if byte & 1 else byte >> 1
            _small_table.append(byte)
    _records_summed += 1
    if _records_summed == WORTH_A_TABLE:
        small = _small_table
        low = [small[at & 255] for at in range(256)]
        _table.extend([small[(low[word & 255] ^ word >> 8) & 255] ^ low[word & 255] >> 8 for word in range(65536)])


def masked_crc(data: bytes) -> int:
    """CRC-32C, masked as TFRecord wants it."""
    if not _table:
        _crc_tables()
    crc, table, small = 0xFFFFFFFF, _table, _small_table
    rest = data
    if table:
        for word in struct.unpack_from(f"<{len(data) >> 1}H", data):
            crc = table[(crc ^ word) & 0xFFFF] ^ crc >> 16
        rest = data[len(data) & ~1 :]
    for byte in rest:
        crc = small[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _effects(length: int):
    """By place and by what is different in it: the change of the CRC of so many bytes."""
    numpy = sys.modules["numpy"]
    effects = _effects_by_length.get(length)
    if effects is None:
        small = numpy.arange(256, dtype="uint32")
        for _ in range(8):
            small = numpy.where(small & 1, small >> 1 ^ numpy.uint32(0x82F63B78), small >> 1)
        effects, change = numpy.empty((length, 256), "uint32"), small
        for place in range(length - 1, -1, -1):
            effects[place] = change
            change = small[change & 255] ^ change >> 8
        if len(_effects_by_length) < 64:
            _effects_by_length[length] = effects
    return effects


def _bytes_of(numbers):
    """A row of bytes of each number."""
    return numbers.view("uint8").reshape(len(numbers), numbers.itemsize)


def _varints(numbers, length: int):
    """Numbers whose varints have so many bytes, a row each."""
    numpy = sys.modules["numpy"]
    parts = numbers[:, None] >> numpy.arange(0, 7 * length, 7, dtype="uint64") & numpy.uint64(127)
    parts[:, :-1] |= numpy.uint64(128)
    return parts.astype("uint8")


_effects_by_length: dict = {}
_headers: dict = {}


def frame(data: bytes) -> bytes:
    """A record as it stands in a file: length, its checksum, the bytes, their checksum."""
    header = _headers.get(len(data))
    if header is None:
        length = struct.pack("<Q", len(data))
        header = length + struct.pack("<I", masked_crc(length))
        if len(_headers) < 512:
            _headers[len(data)] = header
    return b"".join((header, data, struct.pack("<I", masked_crc(data))))


def varint(number: int) -> bytes:
    number &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number: int, content: bytes) -> bytes:
    """A field of bytes: key, length, content."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def event(wall: float, step: int, content: bytes) -> bytes:
    head = b"\x09" + struct.pack("<d", wall)
    return head + (b"\x10" + varint(step) if step else b"") + content


# SummaryMetadata { plugin_data { plugin_name }, data_class }
_SCALARS = field(9, field(1, field(1, b"scalars")) + b"\x20\x01")


def _value(tag: bytes, number: float, described: bool) -> bytes:
    """A float tensor of the scalars plugin; what a float does not hold stands beside it once more as a double."""
    try:
        single = struct.pack("<f", number)
    except OverflowError:
        single = struct.pack("<f", float("inf") if number > 0 else float("-inf"))
    tensor = b"\x08\x01\x12\x00\x2a\x04" + single
    (rounded,) = struct.unpack("<f", single)
    if rounded != number and number == number:
        tensor += b"\x32\x08" + struct.pack("<d", number)
    return field(1, field(1, tag) + field(8, tensor) + (b"" if described else _SCALARS))


class _Template:
    """A summary of several tags of which only the numbers change, ready for one call of pack."""

    def __init__(self, tags):
        values = [field(1, tag.encode("utf-8", "replace")) + b"\x42\x0a\x08\x01\x12\x00\x2a\x04" for tag in tags]
        heads = [b"\x0a" + varint(len(value) + 4) + value for value in values]
        self.prefixes = heads
        size = sum(len(head) + 4 for head in heads)
        self.start = b"\x2a" + varint(size)
        # Where the numbers are in what `encode` gives.
        self.places, place = [], len(self.start)
        for head in heads:
            self.places.append(place + len(head))
            place += len(head) + 4
        self.pack = struct.Struct("<" + "".join(f"{len(head)}sf" for head in heads)).pack
        self.floats = struct.Struct(f"<{len(heads)}f")
        self._records: dict = {}

    def records(self, length: int) -> _Records:
        """For steps whose varints have so many bytes."""
        if length not in self._records:
            self._records[length] = _Records(self, length)
        return self._records[length]

    def encode(self, values):
        """None where a number needs more than a float."""
        try:
            rounded = self.floats.unpack(self.floats.pack(*values))
        except OverflowError:
            return None
        if rounded != tuple(values):
            return None
        mixed = []
        for prefix, value in zip(self.prefixes, values):
            mixed.append(prefix)
            mixed.append(value)
        return self.start + self.pack(*mixed)


class _Records:
    """Whole records of a template, many at once, by few operations of NumPy. They differ in the wall time, the step and
    the numbers only; a CRC is linear, so what a byte adds to one depends on nothing but its place."""

    def __init__(self, template: _Template, length: int):
        numpy = sys.modules["numpy"]
        step = 1 << 7 * (length - 1) if length > 1 else 1
        sample = bytearray(event(0.0, step, template.encode([0.0] * len(template.places))))
        places = [*range(1, 9), *range(10, 10 + length)]
        for place in template.places:
            places.extend(range(10 + length + place, 14 + length + place))
        for place in places:
            sample[place] = 0
        record = frame(bytes(sample))
        self._length = length
        self._record = numpy.frombuffer(record, "uint8")
        self._places = numpy.array(places) + 12
        self._effects = _effects(len(sample))[places].ravel()
        self._offsets = numpy.arange(0, 256 * len(places), 256)
        # Of the sample itself, before it is masked.
        sum_of_all = struct.unpack("<I", record[-4:])[0] - 0xA282EAD8 & 0xFFFFFFFF
        self._sum = numpy.uint32((sum_of_all << 15 | sum_of_all >> 17) & 0xFFFFFFFF)

    def encode(self, rows, steps, walls) -> bytes:
        numpy, count, length = sys.modules["numpy"], len(steps), self._length
        changed = numpy.empty((count, len(self._places)), "uint8")
        changed[:, :8] = _bytes_of(numpy.array(walls, "<f8"))
        changed[:, 8 : 8 + length] = _varints(numpy.array(steps, "uint64"), length)
        changed[:, 8 + length :] = numpy.ascontiguousarray(rows, "<f4").view("uint8")
        records = numpy.empty((count, len(self._record)), "uint8")
        records[:] = self._record
        records[:, self._places] = changed
        crc = numpy.bitwise_xor.reduce(self._effects[changed + self._offsets], axis=1) ^ self._sum
        crc = (crc >> 15 | crc << 17) + numpy.uint32(0xA282EAD8)
        records[:, -4:] = _bytes_of(crc.astype("<u4"))
        return records.tobytes()


class EventWriter:
    """One folder's event file. What could not be written is kept, tried again, and said in `failure`."""

    def __init__(self, folder: str):
        self._folder = folder
        self._fd = None
        self._size = 0
        self._path = ""
        self._waiting: list = []
        self._waiting_bytes = 0
        self._described: set = set()
        self._templates: dict = {}
        self._retry_at = float("-inf")
        self._dropped = 0
        self.failure = None

    def scalars(self, tags: tuple, values: list, step: int, wall: float) -> None:
        """Several scalars of one step as one record."""
        template = self._templates.get(tags)
        content = template.encode(values) if template is not None else None
        if content is None:
            parts = []
            for tag, number in zip(tags, values):
                tag = tag if len(tag) <= MOST_TAG_CHARACTERS else tag[: MOST_TAG_CHARACTERS - 1] + "…"
                parts.append(_value(tag.encode("utf-8", "replace"), number, tag in self._described))
                self._described.add(tag)
            content = field(5, b"".join(parts))
            if template is None and all(len(tag) <= MOST_TAG_CHARACTERS for tag in tags):
                self._templates[tags] = _Template(tags)
        self._append(event(wall, step, content))

    def block(self, tags: tuple, rows, steps: list, walls: list) -> None:
        """Scalars of several steps, a record each: `rows` is NumPy's, float32, a row a step. As `scalars`, but all of
        them at once: they differ in few bytes."""
        first = 0
        if tags not in self._templates:
            # It says the tags' metadata, and makes the template.
            self.scalars(tags, rows[0].tolist(), steps[0], walls[0])
            first = 1
        while first < len(steps):
            template, length = self._templates.get(tags), len(varint(steps[first]))
            last = first + 1
            if template is None:
                self.scalars(tags, rows[first].tolist(), steps[first], walls[first])
            else:
                while last < len(steps) and len(varint(steps[last])) == length:
                    last += 1
                records = template.records(length)
                self._append_record(records.encode(rows[first:last], steps[first:last], walls[first:last]))
            first = last

    def graph(self, graph_def: bytes, wall: float) -> None:
        self._append(event(wall, 0, field(4, graph_def)))

    def keras_graph(self, model_json: str, wall: float) -> None:
        """The model's configuration as TensorBoard's callback of Keras writes it, for the graph view."""
        metadata = field(1, field(1, b"graph_keras_model") + field(2, b"1"))
        tensor = b"\x08\x07\x12\x00" + field(8, model_json.encode("utf-8"))
        value = field(1, b"keras") + field(8, tensor) + field(9, metadata)
        self._append(event(wall, 0, field(5, field(1, value))))

    def _append(self, data: bytes) -> None:
        self._append_record(frame(data))

    def _append_record(self, record: bytes) -> None:
        """One, or several one after the other."""
        self._waiting.append(record)
        self._waiting_bytes += len(record)
        if self._waiting_bytes > MOST_WAITING_BYTES:
            if self.failure is None:
                self.flush()
            while self._waiting_bytes > MOST_WAITING_BYTES and self._waiting:
                self._waiting_bytes -= len(self._waiting.pop(0))
                self._dropped += 1
                # A tag's metadata may have been in it; saying it twice does no harm.
                self._forget_tags()

    def flush(self, last: bool = False) -> None:
        """Everything given so far is in the file when this returns, or `failure` says why not."""
        if not self._waiting or (time.monotonic() < self._retry_at and not last):
            return
        try:
            self._leave_deleted_file()
            self._open()
            self._write(b"".join(self._waiting))
            self._waiting = []
            self._waiting_bytes = 0
            if self._dropped == 0:
                self.failure = None
        except OSError as error:
            self._retry_at = time.monotonic() + RETRY_SECONDS
            lost = f" {self._dropped} records are lost." if self._dropped else ""
            reason = error.strerror or str(error)
            self.failure = f"Metrics cannot be written to {self._folder}: {reason}. Training goes on.{lost}"

    def close(self) -> None:
        self.flush(last=True)
        self._leave()

    def _open(self) -> None:
        global _files_opened
        if self._fd is not None:
            return
        try:
            # Not its parents: a run that was deleted stays deleted.
            os.mkdir(self._folder)
        except FileExistsError:
            pass
        host = re.sub(r"[^\w.-]", "_", _host_name(), flags=re.ASCII) or "localhost"
        name = f"events.out.tfevents.{int(time.time()):010d}.{host}.{os.getpid()}.{_files_opened}"
        _files_opened += 1
        self._path = os.path.join(self._folder, name)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._fd = os.open(self._path, flags, 0o644)
        self._size = 0
        self._write(frame(event(time.time(), 0, field(3, b"brain.Event:2"))))

    def _write(self, data: bytes) -> None:
        """All or nothing: of what a full disk cut off, nothing stays."""
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
            self._size += len(data)
        except OSError:
            try:
                os.ftruncate(self._fd, self._size)
                keep = self._size > 0
            except OSError:
                keep = False
            if not keep:
                size = self._size
                self._leave()
                if size == 0:
                    os.remove(self._path)
            raise

    def _leave_deleted_file(self) -> None:
        """A user may delete a file that is open; what is written into it then is lost without an error."""
        if self._fd is not None and os.fstat(self._fd).st_nlink == 0:
            self._leave()

    def _leave(self) -> None:
        if self._fd is not None:
            try:
                os.close(self._fd)
            except OSError:
                pass
        self._fd = None
        self._forget_tags()

    def _forget_tags(self) -> None:
        self._described.clear()
        self._templates.clear()


def _host_name() -> str:
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")
