// A page's HTML: a frame for its script and style sheet under a strict Content-Security-Policy. A pure function.

export interface PanelHtml {
  title: string;
  scriptUri: string;
  styleUri: string;
  cspSource: string;
  nonce: string;
  /** A script that the page fetches and starts as a worker. */
  workerUri?: string;
}

/** The hash of nothing: the button library tries :focus-visible out on an empty style element. No other inline style is let in. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

export function panelHtml({ title, scriptUri, styleUri, cspSource, nonce, workerUri }: PanelHtml): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} ${EMPTY_STYLE}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    // From its text, since a page may not start a worker of another origin.
    ...(workerUri === undefined ? [] : [`connect-src ${cspSource}`, "worker-src blob:"]),
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(styleUri)}">
</head>
<body>
<main${workerUri === undefined ? "" : ` data-worker="${attribute(workerUri)}"`}></main>
<script nonce="${attribute(nonce)}" src="${attribute(scriptUri)}"></script>
</body>
</html>
`;
}

const attribute = (text: string): string => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
