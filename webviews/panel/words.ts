// Small words that several parts of the page say. Pure.

export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) || path;

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");
