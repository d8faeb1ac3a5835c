// The hook lives in other people's Pythons: at import it may ask for the standard library and for itself, nothing else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

const CHECK = `
import ast, pathlib, sys

def outside(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] not in allowed]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module.split(".")[0] not in allowed:
        return [node.module]
    return []

def top_level(tree):
    """Statements that run when the module is imported: not those inside of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        yield node
        yield from top_level(node)

allowed = set(sys.stdlib_module_names) | {"fitlens"}
files = sorted(pathlib.Path("src/train/python").rglob("*.py"))
assert len(files) > 10, files
for file in files:
    for node in top_level(ast.parse(file.read_text("utf8"))):
        for name in outside(node):
            print(f"{file}:{node.lineno} imports {name}")
    lines = file.read_text("utf8").count("\\n")
    if lines > 500:
        print(f"{file} has {lines} lines")
`;

test("the package imports the standard library only, and its files are short", () => {
  const python = process.env["FITLENS_TEST_PYTHON"];
  assert.ok(python, "FITLENS_TEST_PYTHON names a Python");
  assert.equal(execFileSync(python, ["-I", "-c", CHECK], { encoding: "utf8" }), "");
});
