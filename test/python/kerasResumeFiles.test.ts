// Checkpoint files of the Python hook: whole or not at all, whatever happens at whichever byte. No framework is in it.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { PACKAGE, python, runPlain, temporary } from "./help";

const BEGIN = `
import os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(PACKAGE))})
from fitlens.keras import checkpoint
from fitlens.keras.checkpoint import CheckpointError, Tensor
def tensors(value):
    data = bytes([value]) * 24
    return {"model/0": Tensor("F32", (2, 3), memoryview(data)), "model/1": Tensor("U8", (), memoryview(b"x"))}
def newest(on_damaged=None):
    found = checkpoint.newest("kept", on_damaged)
    return None if found is None else bytes(found.tensors["model/0"].data)[0]
`;

async function check(t: Parameters<typeof temporary>[0], script: string): Promise<string> {
  const end = await runPlain(["-c", BEGIN + script], { cwd: temporary(t), python: python() });
  assert.equal(end.exitCode, 0, end.stderr);
  return end.stdout;
}

test("a checkpoint is read as it was written, and the newest two stay", async (t) => {
  const printed = await check(
    t,
    `
for value in range(5):
    checkpoint.save("kept", tensors(value), {"step": str(value)})
found = checkpoint.newest("kept")
print(found.metadata, {name: (one.dtype, one.shape, bytes(one.data)) for name, one in found.tensors.items()})
print(sorted(os.listdir("kept")))
`,
  );
  const data = String.raw`b'\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04'`;
  assert.match(printed, /\{'step': '4'\}/);
  assert.ok(printed.includes(`{'model/0': ('F32', (2, 3), ${data}), 'model/1': ('U8', (), b'x')}`), printed);
  assert.match(printed, /^\['checkpoint-000004\.safetensors', 'checkpoint-000005\.safetensors'\]$/m);
});

test("a file that is cut at any byte, or has any bit flipped, is passed over for the one before it", async (t) => {
  const printed = await check(
    t,
    `
checkpoint.save("kept", tensors(1), {"step": "1"})
file = checkpoint.save("kept", tensors(2), {"step": "2"})
whole = open(file, "rb").read()
told = []
for length in range(len(whole)):
    open(file, "wb").write(whole[:length])
    assert newest(told.append) == 1, length
for at in range(len(whole) * 8):
    damaged = bytearray(whole)
    damaged[at // 8] ^= 1 << at % 8
    open(file, "wb").write(damaged)
    assert newest(told.append) == 1, at
open(file, "wb").write(whole + b"more")
assert newest(told.append) == 1
open(file, "wb").write(whole)
assert newest() == 2
print(len(told) == len(whole) * 9 + 1, all(isinstance(error, CheckpointError) for error in told))
`,
  );
  assert.equal(printed.trim(), "True True");
});

test("a disk that is full at any byte leaves the checkpoints before it, and nothing half written", {
  skip: process.platform === "win32",
}, async (t) => {
  const printed = await check(
    t,
    `
import resource
file = checkpoint.save("kept", tensors(1), {"step": "1"})
size = os.path.getsize(file)
failures = 0
for limit in range(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        checkpoint.save("kept", tensors(2), {"step": "2"})
    except CheckpointError as error:
        failures += 1
        told = str(error)
    assert newest() == 1 and len(os.listdir("kept")) == 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
checkpoint.save("kept", tensors(3), {"step": "3"})
print(failures == size, newest(), told)
`,
  );
  assert.match(
    printed,
    /^True 3 A checkpoint could not be written to kept: File too large\. The one before it is intact\. Free space on that disk\. The training goes on/,
  );
});

test("what a killed writer left half written is removed, and other people's files stay", async (t) => {
  const printed = await check(
    t,
    `
os.makedirs("kept")
for name in (".checkpoint-000001.safetensors.77.tmp", "notes.tmp", "checkpoint-1.safetensors"):
    open(os.path.join("kept", name), "wb").close()
checkpoint.save("kept", tensors(1), {"step": "1"})
print(sorted(os.listdir("kept")))
`,
  );
  assert.equal(printed.trim(), "['checkpoint-000001.safetensors', 'checkpoint-1.safetensors', 'notes.tmp']");
});

test("a header that announces a terabyte costs no memory", async (t) => {
  const printed = await check(
    t,
    `
os.makedirs("kept")
file = "kept/checkpoint-000001.safetensors"
for length in (1 << 40, (1 << 64) - 1, 50):
    open(file, "wb").write(length.to_bytes(8, "little") + b"{}")
    try:
        checkpoint.load(file)
    except CheckpointError as error:
        print(error)
`,
  );
  assert.equal(printed.match(/announces a header of \d+ bytes in a file of 10\./g)?.length, 3);
});
