// The picture as a file of its own: SVG with the colours of the theme in it, and PNG of that.

import { plain } from "./colours";

/** What a style sheet says of shapes and texts, as attributes have it. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
] as const;

/** What stays the same where it is not said. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "stroke-dasharray": "none",
  opacity: "1",
  "font-style": "normal",
  "text-anchor": "start",
};

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export function pictureOf(content: SVGGElement, size: { width: number; height: number }, title: string): Picture {
  const copy = content.cloneNode(true) as SVGGElement;
  const [from, to] = [elementsOf(content), elementsOf(copy)];
  for (const [index, element] of from.entries()) {
    const target = to[index]!;
    if (element instanceof SVGGElement) {
      for (const { name } of [...target.attributes]) if (name !== "transform") target.removeAttribute(name);
      continue;
    }
    target.removeAttribute("class");
    if (element instanceof SVGTitleElement) continue;
    const style = getComputedStyle(element);
    const isText = element instanceof SVGTextElement;
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value === "" || DEFAULTS[name] === value || (!isText && /^(font|text)/.test(name))) continue;
      if (name !== "fill" && name !== "stroke") {
        target.setAttribute(name, value.replace(/px$/, ""));
        continue;
      }
      const { colour, opacity } = plain(value);
      target.setAttribute(name, colour);
      if (opacity < 1) target.setAttribute(`${name}-opacity`, opacity.toFixed(3));
    }
  }
  copy.removeAttribute("transform");
  // What is there to be touched only.
  for (const unseen of copy.querySelectorAll(
    'rect[fill-opacity="0.000"]:not([stroke]), rect[fill="none"][stroke="none"]',
  ))
    unseen.remove();
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  const background = getComputedStyle(document.body).backgroundColor;
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  root.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  root.setAttribute("width", String(width));
  root.setAttribute("height", String(height));
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const name = document.createElementNS(root.namespaceURI, "title");
  name.textContent = title;
  const paper = document.createElementNS(root.namespaceURI, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", background);
  root.append(name, paper, copy);
  return { svg: `${new XMLSerializer().serializeToString(root)}\n`, width, height };
}

const elementsOf = (root: Element): Element[] => [root, ...root.querySelectorAll("*")];

/** Larger canvases come out empty. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 120_000_000;

/** In base 64, at twice the size where that is possible. */
export async function pngOf({ svg, width, height }: Picture): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, MOST_SIDE / Math.max(width, height), Math.sqrt(MOST_PIXELS / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("There is no canvas to draw the picture on.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL("image/png");
  if (!url.startsWith("data:image/png")) throw new Error("The picture is too large for a PNG. Export it as SVG.");
  return url.slice(url.indexOf(",") + 1);
}
