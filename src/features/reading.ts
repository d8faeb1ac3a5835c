// The models of a document as they are read, kept from one version to the next: an edit has only what it touches read again.
import type { Unit } from "../read/code";
import { JAVASCRIPT } from "../read/evaluate/javascript/language";
import { pythonLibraries } from "../read/evaluate/keras/library";
import { evaluateProgram, type Program, updateProgram } from "../read/evaluate/program";
import { PYTHON } from "../read/evaluate/python/language";
import { TFJS } from "../read/evaluate/tfjs/library";
import { difference, type Source } from "../read/source";
import { splitUnits } from "../read/units";

/** Which Keras a Python script runs with where it does not say so itself. */
export type KerasDefault = "keras3" | "keras2";

export interface Reading {
  readonly source: Source;
  readonly keras: KerasDefault;
  readonly units: readonly Unit[];
  readonly program: Program;
}

/** `before`: what was read of an earlier text of the document. It is used up. */
export function readModels(source: Source, keras: KerasDefault = "keras3", before?: Reading): Reading {
  const isKin = before?.source.dialect === source.dialect && before.keras === keras;
  if (before && isKin) {
    const edit = difference(before.source.text, source.text);
    if (!edit) return { ...before, source };
    const units = splitUnits(source, { source: before.source, units: before.units, edit });
    return { source, keras, units, program: updateProgram(before.program, units) };
  }
  const units = splitUnits(source);
  const program =
    source.dialect === "python"
      ? evaluateProgram(units, PYTHON, pythonLibraries(keras))
      : evaluateProgram(units, JAVASCRIPT, TFJS);
  return { source, keras, units, program };
}

/** Reads one document, version after version. */
export class ModelReader {
  private last: Reading | undefined;

  read(source: Source, keras: KerasDefault): Reading {
    if (this.last?.source !== source || this.last.keras !== keras) this.last = readModels(source, keras, this.last);
    return this.last;
  }
}
