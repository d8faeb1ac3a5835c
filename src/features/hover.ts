// Hovers: on the name of a layer or model what is known of it, on a name what tensor, layer or data set it is worth there.
import { type Hover, MarkupKind, type Position } from "vscode-languageserver-types";
import type { Span } from "../model/span";
import { recordedOf, summariesOf } from "../read/evaluate/program";
import type { Named } from "../read/evaluate/run";
import type { Site } from "../read/evaluate/sites";
import { type Analysis, isAsked, offsetOf as offsetAt, rangeOf } from "./analysis";
import { layerSites } from "./layerSites";
import { callAt, spanIn } from "./place";
import type { KerasDefault, Reading } from "./reading";
import { siteMarkdown, tupleText } from "./siteWords";
import { summaryMarkdown } from "./summary";
import { arrayTypeText, datasetMarkdown, frameMarkdown } from "./tableWords";

export function hover(analysis: Analysis, position: Position, keras: KerasDefault): Hover | null {
  const offset = offsetAt(analysis, position);
  if (!isAsked(analysis, offset)) return null;
  const reading = analysis.reading(keras);
  const contains = ({ start, end }: Span) => start <= offset && offset <= end;
  const answer = (span: Span, value: string): Hover | null =>
    value ? { range: rangeOf(analysis, span), contents: { kind: MarkupKind.Markdown, value } } : null;

  // The innermost call whose callee is pointed at.
  const here = layerSites(reading, { start: offset, end: offset });
  const sites = here.filter((site) => contains(spanIn(site.place)));
  for (const site of sites.reverse()) {
    const callee = calleeOf(analysis, site);
    if (callee && contains(callee)) return answer(callee, toldOf(site, reading));
  }
  const named = recordedOf(reading.program, "named").filter(({ place }) => contains(spanIn(place)));
  const [first] = named;
  if (!first) return null;
  const span = spanIn(first.place);
  return answer(span, namedMarkdown(analysis.source.text.slice(span.start, span.end), named, reading));
}

/** Of a model its summary, where there is one; models of different sizes at one place are told like a layer. */
function toldOf(site: Site, { program }: Reading): string {
  const summaries =
    site.kind === "model" ? new Set(summariesOf(program, site.place).map((one) => summaryMarkdown(one))) : [];
  const [first, ...others] = summaries;
  return first === undefined || others.length > 0 ? siteMarkdown(site) : first;
}

/** `layers.Dense` of `layers.Dense(10)`. */
function calleeOf({ source }: Analysis, { place }: Site): Span | null {
  const call = callAt(source, spanIn(place));
  const callee = call?.childForFieldName("function") ?? call?.childForFieldName("constructor");
  return callee ? { start: callee.startIndex, end: callee.endIndex } : null;
}

const MOST_TOLD = 4;

/** What a name is worth, each difference once. */
function namedMarkdown(name: string, named: readonly Named[], reading: Reading): string {
  const sites = layerSites(reading);
  const told = new Set<string>();
  for (const value of new Set(named.map((one) => one.value))) {
    if (value.kind === "tensor") {
      const { shape } = value.type;
      if (shape === "?" || shape.includes("?")) continue;
      told.add(`\`${tupleText(value.type)}\`${arrayTypeText(value)}`);
    } else if (value.kind === "frame" || value.kind === "dataset") {
      const markdown = value.kind === "frame" ? frameMarkdown(value) : datasetMarkdown(value);
      if (markdown) told.add(markdown);
    } else {
      const layer = value.kind === "instance" ? value.native : value;
      const site =
        layer && sites.find(({ place }) => place.unit === layer.place.unit && place.start === layer.place.start);
      const markdown = site && toldOf(site, reading);
      if (markdown) told.add(markdown);
    }
  }
  const lines = [...told];
  if (lines.length === 0) return "";
  const shown = lines.slice(0, MOST_TOLD);
  if (lines.length > MOST_TOLD) shown.push(`… and ${lines.length - MOST_TOLD} more`);
  return [`**${name}**`, ...shown].join("\n\n");
}
