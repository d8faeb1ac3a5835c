// The models of a document as they are read, kept from one version to the next: an edit has only what it touches read again.
import type { Unit } from "../read/code";
import { JAVASCRIPT } from "../read/evaluate/javascript/language";
import { pythonLibraries } from "../read/evaluate/keras/library";
import { evaluateProgram, type Program, updateProgram } from "../read/evaluate/program";
import { PYTHON } from "../read/evaluate/python/language";
import type { Workspace } from "../read/evaluate/run";
import { TFJS } from "../read/evaluate/tfjs/library";
import type { Dialect } from "../read/grammars";
import { difference, type Source } from "../read/source";
import { splitUnits } from "../read/units";
import type { Called } from "./called";

/** Which Keras a Python script runs with where it does not say so itself. */
export type KerasDefault = "keras3" | "keras2";

export interface Reading {
  readonly source: Source;
  readonly keras: KerasDefault;
  readonly workspace: Workspace | null;
  readonly units: readonly Unit[];
  readonly program: Program;
  /** What programs of the workspace make of it that import it. */
  readonly called?: Called | undefined;
}

export interface ReadingOptions {
  /** The files beside it, which it may import: one object while none of them changes. */
  readonly workspace?: Workspace | null;
  /** What was read of an earlier text of the document. It is used up. */
  readonly before?: Reading | undefined;
}

export function readModels(
  source: Source,
  keras: KerasDefault = "keras3",
  { workspace = null, before }: ReadingOptions = {},
): Reading {
  const isKin = before?.source.dialect === source.dialect && before.keras === keras && before.workspace === workspace;
  if (before && isKin) {
    const edit = difference(before.source.text, source.text);
    if (!edit) return { ...before, source };
    const units = splitUnits(source, { source: before.source, units: before.units, edit });
    return { source, keras, workspace, units, program: updateProgram(before.program, units) };
  }
  const units = splitUnits(source);
  const program = evaluated(units, source.dialect, keras, workspace);
  return { source, keras, workspace, units, program };
}

/** Units of a language, with the libraries that it has. */
export const evaluated = (
  units: readonly Unit[],
  dialect: Dialect,
  keras: KerasDefault,
  workspace: Workspace | null,
) =>
  dialect === "python"
    ? evaluateProgram(units, PYTHON, pythonLibraries(keras), workspace)
    : evaluateProgram(units, JAVASCRIPT, TFJS, workspace);

/** Reads one document, version after version. */
export class ModelReader {
  private last: Reading | undefined;

  /** `called`: asked at each reading, whose answer may come later and change. */
  constructor(
    private readonly workspace: () => Workspace | null = () => null,
    private readonly called: (reading: Reading) => Called | undefined = () => undefined,
  ) {}

  read(source: Source, keras: KerasDefault): Reading {
    const workspace = this.workspace();
    const { last } = this;
    const isSame = last?.source === source && last.keras === keras && last.workspace === workspace;
    // It is used up, even where this fails.
    this.last = undefined;
    const reading = isSame ? last : readModels(source, keras, { workspace, before: last });
    const called = this.called(reading);
    this.last = called === reading.called ? reading : { ...reading, called };
    return this.last;
  }
}
