// Every name and argument that compile and fit of the real Keras know is known: what is missing would be a false alarm.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { isNameOf, type Kind, methodArguments, optimizerArguments } from "../../src/model/trainingNames";

interface Real {
  names: Record<Kind, string[]>;
  methods: Record<string, string[]>;
  optimizers: Record<string, string[]>;
}

function check(library: "keras3" | "keras2", python: string | undefined): void {
  describe(`names of training in ${library}`, { skip: python ? false : "it is not set up" }, () => {
    let answer: Real | undefined;
    const real = (): Real => {
      if (answer) return answer;
      const { stdout, stderr } = spawnSync(python!, [path.resolve("test/truth/trainingNames.py"), library], {
        encoding: "utf8",
      });
      const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
      assert.ok(line, stderr);
      answer = JSON.parse(line.slice("RESULT".length)) as Real;
      return answer;
    };
    for (const kind of ["loss", "metric", "activation", "optimizer"] as const) {
      test(`of a ${kind}`, () =>
        assert.deepEqual(
          real().names[kind].filter((name) => !isNameOf(kind, library, name)),
          [],
        ));
    }
    test("arguments of methods", () => {
      for (const [method, given] of Object.entries(real().methods)) {
        const known = methodArguments(method)!;
        const all = [...known.all, ...(library === "keras2" ? (known.keras2 ?? []) : []), "auto_scale_loss"];
        assert.deepEqual(
          given.filter((name) => !all.includes(name)),
          [],
          method,
        );
      }
    });
    test("arguments of optimizers", () => {
      for (const [name, given] of Object.entries(real().optimizers)) {
        const known = optimizerArguments(name);
        if (known)
          assert.deepEqual(
            given.filter((one) => !known.includes(one)),
            [],
            name,
          );
      }
    });
  });
}

check("keras3", process.env["FITLENS_TEST_PYTHON"]);
check("keras2", process.env["FITLENS_TEST_PYTHON_ESTIMATOR"]);
