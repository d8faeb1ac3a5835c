// The models of a document as they are read, kept from one version to the next: an edit has only what it touches read again.
import type { Unit } from "../read/code";
import { JAVASCRIPT } from "../read/evaluate/javascript/language";
import { pythonLibraries } from "../read/evaluate/keras/library";
import { evaluateProgram, type Program, updateProgram } from "../read/evaluate/program";
import { PYTHON } from "../read/evaluate/python/language";
import type { Workspace } from "../read/evaluate/run";
import { TFJS } from "../read/evaluate/tfjs/library";
import { difference, type Source } from "../read/source";
import { splitUnits } from "../read/units";

/** Which Keras a Python script runs with where it does not say so itself. */
export type KerasDefault = "keras3" | "keras2";

export interface Reading {
  readonly source: Source;
  readonly keras: KerasDefault;
  readonly workspace: Workspace | null;
  readonly units: readonly Unit[];
  readonly program: Program;
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
  const program =
    source.dialect === "python"
      ? evaluateProgram(units, PYTHON, pythonLibraries(keras), workspace)
      : evaluateProgram(units, JAVASCRIPT, TFJS, workspace);
  return { source, keras, workspace, units, program };
}

/** Reads one document, version after version. */
export class ModelReader {
  private last: Reading | undefined;

  constructor(private readonly workspace: () => Workspace | null = () => null) {}

  read(source: Source, keras: KerasDefault): Reading {
    const workspace = this.workspace();
    const { last } = this;
    if (last?.source === source && last.keras === keras && last.workspace === workspace) return last;
    this.last = readModels(source, keras, { workspace, before: last });
    return this.last;
  }
}
