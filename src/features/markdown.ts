// Text put into Markdown so that it shows as it is. Knows nothing of what it says.

export const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replaceAll("\n", " ");
