// Colours as a browser says them, and as files have them. Pure.

/** A colour as every reader of SVG knows it; browsers say mixed ones as `color(srgb 0.5 0.5 0.5 / 0.2)`. */
export function plain(value: string): { colour: string; opacity: number } {
  const parts = /^(rgba?|color)\((?:srgb )?([^)]*)\)$/.exec(value);
  if (!parts) return { colour: value, opacity: 1 };
  const numbers = parts[2]!.split(/[\s,/]+/).map(Number);
  const factor = parts[1] === "color" ? 255 : 1;
  const [red, green, blue] = numbers.slice(0, 3).map((one) => Math.round(one * factor));
  return { colour: `rgb(${red}, ${green}, ${blue})`, opacity: numbers[3] ?? 1 };
}
