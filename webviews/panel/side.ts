// The tables beside the charts: values at the cursor or the last ones, the best, and the model in four numbers.
import { formatCount } from "../../src/protocol/words";
import { type Axis, epochLength } from "./axis";
import { fillRows, h, setText, show, tableOf } from "./dom";
import { bestValues, lastValues, placeWords, rolesOf, valuesAt } from "./facts";
import type { Metric, Model } from "./model";
import { isConduct } from "./tags";

export interface Side {
  readonly element: HTMLElement;
  update(model: Model, metrics: readonly Metric[], axis: Axis, cursor: number | null): void;
}

export function makeSide(): Side {
  const values = h("table", {}, h("caption"), h("thead", {}, h("tr")), h("tbody"));
  const best = tableOf("Best", ["", "value", "epoch"]);
  const network = tableOf("Model", []);
  network.tHead!.remove();
  return {
    element: h("aside", { "aria-label": "Values" }, values, best, network),
    update(model, metrics, axis, cursor) {
      const roles = rolesOf(metrics);
      const learnt = metrics.filter((metric) => !isConduct(metric.name));
      const conduct = metrics.filter((metric) => isConduct(metric.name));
      const read = (some: readonly Metric[], of: typeof roles) =>
        cursor === null ? lastValues(some, of) : valuesAt(some, axis, cursor, of);
      setText(values.caption!, cursor === null ? "Last values" : `At ${placeWords(axis, cursor)}`);
      heads(values.tHead!.rows[0]!, ["", ...roles]);
      // The conduct of the training has one number each: at the right, as in the rest of the column.
      const blank = roles.slice(1).map(() => "");
      const rows = [
        ...read(learnt, roles),
        ...read(conduct, ["train"]).map(([name, value]) => [name!, ...blank, value!]),
      ];
      fillRows(values.tBodies[0]!, rows);
      show(values, rows.length > 0);

      const length = epochLength(model.status, metrics);
      heads(best.tHead!.rows[0]!, ["", "value", length ? "epoch" : "step"]);
      const bests = bestValues(metrics, length);
      fillRows(best.body, bests);
      show(best, bests.length > 0);

      const rowsOfModel = modelRows(model);
      fillRows(network.body, rowsOfModel);
      show(network, rowsOfModel.length > 0);
    },
  };
}

function heads(row: HTMLTableRowElement, texts: readonly string[]): void {
  while (row.cells.length > texts.length) row.deleteCell(-1);
  texts.forEach((text, index) => {
    const cell = row.cells[index] ?? row.appendChild(text ? h("th", { scope: "col" }) : h("td"));
    setText(cell, text);
  });
}

function modelRows({ summary, status }: Model): string[][] {
  const rows: string[][] = [];
  if (summary) {
    rows.push(["layers", formatCount(summary.layers.length)]);
    rows.push(["parameters", formatCount(summary.parameters)]);
    if (summary.optimizer) rows.push(["optimizer", summary.optimizer]);
    if (summary.loss) rows.push(["loss function", summary.loss]);
  }
  if (status?.checkpoint) rows.push(["last checkpoint", `step ${formatCount(status.checkpoint.step)}`]);
  return rows;
}
