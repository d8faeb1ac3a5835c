// Compares what the catalog says of a call with what the library does. What is not said is not wrong.
import type { Answer, Outputs } from "./answer";

/** Whether what the catalog says holds; whether it leaves something unsaid, which a case must give the reason for. */
export function judge(ours: Answer, real: Answer): "agrees" | "unsaid" | "wrong" {
  if (!ours.ok) return real.ok ? "wrong" : "agrees";
  if (!real.ok) return "unsaid";
  const verdicts = [
    judgeOutputs(ours.outputs, real.outputs),
    judgeValue(ours.trainable, real.trainable),
    judgeValue(ours.fixed, real.fixed),
  ];
  return verdicts.includes("wrong") ? "wrong" : verdicts.includes("unsaid") ? "unsaid" : "agrees";
}

const judgeValue = (ours: unknown, real: unknown) => (ours === real ? "agrees" : ours === "?" ? "unsaid" : "wrong");

function judgeOutputs(ours: Outputs, real: Outputs): "agrees" | "unsaid" | "wrong" {
  if (ours === null || real === null) return ours === real ? "agrees" : "wrong";
  const pairs: ("agrees" | "unsaid" | "wrong")[] = [];
  if (Array.isArray(ours) || Array.isArray(real)) {
    if (!Array.isArray(real)) return "wrong";
    if (!Array.isArray(ours)) return "shape" in ours && ours.shape === "?" ? "unsaid" : "wrong";
    if (ours.length !== real.length) return "wrong";
    pairs.push(...ours.map((one, at) => judgeOutputs(one, real[at]!)));
  } else if ("dict" in ours || "dict" in real) {
    if (!("dict" in ours)) return ours.shape === "?" ? "unsaid" : "wrong";
    if (!("dict" in real) || Object.keys(ours.dict).join() !== Object.keys(real.dict).join()) return "wrong";
    pairs.push(...Object.entries(ours.dict).map(([key, one]) => judgeOutputs(one, real.dict[key]!)));
  } else {
    pairs.push(judgeValue(ours.dtype, real.dtype));
    if (ours.shape === "?" || real.shape === "?") pairs.push(judgeValue(ours.shape, real.shape));
    else if (ours.shape.length !== real.shape.length) return "wrong";
    else pairs.push(...ours.shape.map((dim, at) => judgeValue(dim, (real.shape as unknown[])[at])));
  }
  return pairs.includes("wrong") ? "wrong" : pairs.includes("unsaid") ? "unsaid" : "agrees";
}
