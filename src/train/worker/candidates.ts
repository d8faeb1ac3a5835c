// The files that an import of TypeScript code may mean. Pure: looks at names only.

const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx", ".json"];
const WRITTEN_AS: Record<string, string[]> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** `./layers` → `./layers.ts`, …, `./layers/index.ts`, …; `./layers.js` → `./layers.ts`. Only for relative and absolute names. */
export function candidates(specifier: string): string[] {
  if (!/^(\.{0,2}\/|\.{1,2}$|file:|[A-Za-z]:[\\/])/.test(specifier)) return [];
  const ending = /\.[cm]?jsx?$/.exec(specifier)?.[0];
  const bare = ending ? specifier.slice(0, -ending.length) : specifier;
  const renamed = ending ? (WRITTEN_AS[ending] ?? []).map((other) => bare + other) : [];
  const folder = specifier.replace(/\/$/, "");
  return [
    ...renamed,
    ...ENDINGS.map((other) => specifier + other),
    ...ENDINGS.map((other) => `${folder}/index${other}`),
  ];
}

/** The user's own code, as far as its path tells. */
export function isDependency(urlOrPath: string): boolean {
  return /[\\/]node_modules[\\/]/.test(urlOrPath);
}
