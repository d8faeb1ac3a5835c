// What is not known never becomes known: with "?" in place of a size or of an argument, a layer says only what holds for each value
// that could stand there. The calls are those that the catalog is compared with the real libraries in (test/truth/layers).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LAYERS } from "../../../src/model/layers/catalog";
import { type ConfigValue, type Library, UNKNOWN } from "../../../src/model/layers/catalog.types";
import { GRIDS } from "../../truth/layers/all";
import { type Answer, type Asked, answerOf, asked, type Outputs } from "../../truth/layers/answer";
import type { Case } from "../../truth/layers/cases";

type Dim = number | null | "?";
type Tensor = { readonly shape: readonly Dim[] | "?"; readonly dtype: string };

const LIBRARIES: readonly Library[] = ["keras3", "keras2", "tfjs"];
/** What a size that is not known may be. */
const SIZES: readonly (number | null)[] = [null, 1, 3, 4, 8];

const casesOf = (library: Library): readonly Case[] =>
  Object.values(GRIDS)
    .flat()
    .filter((one) => (one.in ?? LIBRARIES).includes(library))
    .filter((one) =>
      LAYERS.some(
        ({ name, aliases = [], in: libraries }) =>
          libraries.includes(library) && [name, ...aliases].includes(one.layer),
      ),
    );

const callsOf = (library: Library): Asked[] =>
  casesOf(library).flatMap((one) => {
    const call = asked(one, library);
    return "error" in call ? [] : [call];
  });

const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "shape" in value && "dtype" in value;

/** The inputs with another value for one size, for every size in them. */
function places(inputs: unknown): ((dim: Dim) => unknown)[] {
  if (isTensor(inputs)) {
    const { shape } = inputs;
    if (shape === "?") return [];
    return shape.map((_, at) => (dim: Dim) => ({ ...inputs, shape: shape.with(at, dim) }));
  }
  if (Array.isArray(inputs)) {
    return inputs.flatMap((one, at) => places(one).map((place) => (dim: Dim) => inputs.with(at, place(dim))));
  }
  return [];
}

/** Whether what is said without knowing holds for what is said knowing. A value of "?" says nothing. */
function holds(vague: Outputs, exact: Outputs): boolean {
  if (vague === null || exact === null) return vague === exact;
  if (Array.isArray(vague))
    return Array.isArray(exact)
      ? vague.length === exact.length && vague.every((one, at) => holds(one, exact[at]!))
      : isVague(exact);
  if ("dict" in vague)
    return "dict" in exact && Object.entries(vague.dict).every(([key, one]) => holds(one, exact.dict[key]!));
  if (vague.shape === "?") return true;
  if (Array.isArray(exact) || "dict" in exact) return false;
  // The exact answer may itself be vague, where it depends on something else.
  if (exact.shape === "?") return true;
  const shape = exact.shape;
  return (
    vague.shape.length === shape.length &&
    vague.shape.every((dim, at) => dim === "?" || dim === shape[at] || shape[at] === "?")
  );
}

const isVague = (outputs: Outputs) => isTensor(outputs) && outputs.shape === "?";

function contradiction(vague: Answer, exact: Answer): string | null {
  // A failure without knowing must be one whatever stands there; what fails knowing need not fail without.
  if (!vague.ok) return exact.ok ? `fails without knowing (${vague.error})` : null;
  if (!exact.ok) return null;
  const counts = (["trainable", "fixed"] as const).filter(
    (kind) => vague[kind] !== "?" && exact[kind] !== "?" && vague[kind] !== exact[kind],
  );
  if (counts.length === 0 && holds(vague.outputs, exact.outputs)) return null;
  return `says ${JSON.stringify(vague)} without knowing, ${JSON.stringify(exact)} knowing`;
}

/** The arguments with one of them, or one number of one of them, not known. */
function vagueConfigs(config: Asked["config"]): { config: Asked["config"]; place: string }[] {
  return Object.entries(config).flatMap(([name, value]) => [
    { config: { ...config, [name]: UNKNOWN }, place: name },
    ...(Array.isArray(value) ? value : []).map((_, at) => ({
      config: { ...config, [name]: (value as readonly ConfigValue[]).with(at, UNKNOWN) },
      place: `${name}[${at}]`,
    })),
  ]);
}

const text = ({ layer, library, config, inputs }: Asked) =>
  `${library} ${layer.name} ${JSON.stringify(config, (_, value) => (typeof value === "symbol" ? "?" : value))} on ${JSON.stringify(inputs)}`;

const none = (lines: readonly string[]) =>
  assert.equal(lines.length, 0, `\n${lines.slice(0, 20).join("\n")}\n${lines.length} in all`);

for (const library of LIBRARIES) {
  describe(`what is not known of ${library}`, () => {
    test("a size", () => {
      none(
        callsOf(library).flatMap((call) =>
          places(call.inputs).flatMap((place) => {
            const vague = answerOf({ ...call, inputs: place("?") as Asked["inputs"] });
            return SIZES.flatMap((dim) => {
              const exact = { ...call, inputs: place(dim) as Asked["inputs"] };
              const wrong = contradiction(vague, answerOf(exact));
              return wrong ? [`${text(exact)}\n    ${wrong}`] : [];
            });
          }),
        ),
      );
    });

    test("a shape", () => {
      none(
        callsOf(library).flatMap((call) => {
          if (!isTensor(call.inputs)) return [];
          const wrong = contradiction(answerOf({ ...call, inputs: { shape: "?", dtype: "?" } }), answerOf(call));
          return wrong ? [`${text(call)}\n    ${wrong}`] : [];
        }),
      );
    });

    test("an argument, or a number within it", () => {
      none(
        callsOf(library).flatMap((call) => {
          const exact = answerOf(call);
          return vagueConfigs(call.config).flatMap(({ config, place }) => {
            const wrong = contradiction(answerOf({ ...call, config }), exact);
            return wrong ? [`${text(call)} with ${place} not known\n    ${wrong}`] : [];
          });
        }),
      );
    });
  });
}
