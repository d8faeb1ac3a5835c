// Small words that several parts of the page say. Pure.

export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) || path;
