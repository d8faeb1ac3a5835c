// The Model tab: the layers as they were really built, with shapes and parameters.

import type { ModelSummary } from "../../src/protocol/run";
import { formatCount } from "../../src/protocol/words";
import { fillRows, h, setText, tableOf } from "./dom";

export interface Summary {
  readonly element: HTMLElement;
  update(summary: ModelSummary): void;
}

/** `26 × 26 × 32`: without the batch, which is first and open. */
export const shapeWords = (shape: readonly (number | null)[]): string =>
  (shape[0] === null ? shape.slice(1) : shape).map((size) => size ?? "?").join(" × ") || "scalar";

export function makeSummary(): Summary {
  const facts = h("p", { class: "facts" });
  const table = tableOf("Layers", ["layer", "type", "output shape", "parameters"], "layers");
  const foot = table.createTFoot();
  let shown: ModelSummary | undefined;
  return {
    element: h(
      "div",
      { class: "model-tab" },
      facts,
      h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Layers" }, table),
    ),
    update(summary) {
      if (summary === shown) return;
      shown = summary;
      const { name, optimizer, loss, layers, parameters, trainableParameters } = summary;
      const fixed = parameters - trainableParameters;
      setText(facts, [name, optimizer && `optimizer ${optimizer}`, loss && `loss ${loss}`].filter(Boolean).join(" · "));
      fillRows(
        table.body,
        layers.map((layer) => [
          layer.name,
          layer.className,
          shapeWords(layer.outputShape),
          `${formatCount(layer.parameters)}${layer.trainable || layer.parameters === 0 ? "" : " (fixed)"}`,
        ]),
      );
      fillRows(foot, [
        ["total", "", "", formatCount(parameters)],
        ...(fixed > 0
          ? [
              ["trainable", "", "", formatCount(trainableParameters)],
              ["fixed", "", "", formatCount(fixed)],
            ]
          : []),
      ]);
    },
  };
}
