// Inlay hints: behind each layer what it gives and how many parameters it has, behind a model its total. What is not known shows nothing.
import { type InlayHint, MarkupKind, type Range } from "vscode-languageserver-types";
import type { Site } from "../read/evaluate/sites";
import { type Analysis, isAsked, offsetOf as offsetAt, positionOf } from "./analysis";
import { layerSites, siteParts } from "./layerSites";
import { resultEnd, spanIn } from "./place";
import type { KerasDefault } from "./reading";
import { siteMarkdown } from "./siteWords";

/** Which parts are shown. */
export interface HintSettings {
  readonly enabled: boolean;
  readonly shapes: boolean;
  readonly parameters: boolean;
  readonly models: boolean;
}

export function inlayHints(analysis: Analysis, range: Range, settings: HintSettings, keras: KerasDefault): InlayHint[] {
  if (!settings.enabled) return [];
  const from = offsetAt(analysis, range.start);
  const to = offsetAt(analysis, range.end);
  const { source } = analysis;
  const hints = layerSites(analysis.reading(keras), { start: from, end: to }).flatMap((site): InlayHint[] => {
    const span = spanIn(site.place);
    if (span.end < from || span.start > to || !isAsked(analysis, span.start)) return [];
    if (site.kind === "model" && !settings.models) return [];
    const label = labelOf(site, settings);
    if (!label) return [];
    const { line, character } = positionOf(analysis, resultEnd(source, span));
    const tooltip = { kind: MarkupKind.Markdown, value: siteMarkdown(site) };
    return [{ position: { line, character }, label: `→ ${label}`, paddingLeft: true, tooltip }];
  });
  // By where they stand: the call of a layer ends behind those in its arguments.
  return hints.sort(({ position: a }, { position: b }) => a.line - b.line || a.character - b.character);
}

/** A layer without parameters says nothing of them; a model says that they are its total. */
function labelOf(site: Site, settings: HintSettings): string {
  const { shape, count } = siteParts(site);
  const isTotal = site.kind === "model";
  const told = isTotal && count ? `${count} parameters` : count === "0" ? "" : count;
  return [settings.shapes ? shape : "", settings.parameters ? told : ""].filter((part) => part !== "").join(" · ");
}
