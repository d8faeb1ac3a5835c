// What scikit-learn makes of arrays before a training: scalers keep the shape, encoders of labels as well.
import type { Run } from "../run";
import { asTensor, data } from "../tensors/given";
import { type Arguments, UNKNOWN, type Value } from "../value";

const SCALERS =
  /^sklearn\.preprocessing\.(StandardScaler|MinMaxScaler|MaxAbsScaler|RobustScaler|Normalizer|PowerTransformer|QuantileTransformer|LabelEncoder)$/;
const METHOD = /^sklearn\.preprocessing\.(\w+)\.made\.(\w+)$/;

/** null: it is none of scikit-learn's. */
export function sklearnCall(run: Run, path: string, { positional: [x], named, open }: Arguments): Value | null {
  if (SCALERS.test(path)) return { kind: "library", path: `${path}.made`, library: null };
  const method = METHOD.exec(path);
  if (!method) return null;
  const [, name, called] = method as unknown as [string, string, string];
  if (called === "fit" || called === "partial_fit" || called === "set_output")
    return { kind: "library", path: path.slice(0, path.lastIndexOf(".")), library: null };
  if (!/^(fit_transform|transform|inverse_transform)$/.test(called) || open) return UNKNOWN;
  const given = x ?? named.get("X") ?? named.get("y");
  const tensor = given ? asTensor(run, given) : null;
  if (!tensor) return UNKNOWN;
  return data(
    tensor.type.shape,
    name === "LabelEncoder" ? "int64" : tensor.type.dtype === "float32" ? "float32" : "float64",
  );
}
