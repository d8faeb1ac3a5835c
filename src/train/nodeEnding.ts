// What the end of a Node.js process means, where its output or its signal tells.

export function nodeEnding(output: string, _code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (/FATAL ERROR:.*(heap|memory)|JavaScript heap out of memory/i.test(output)) {
    return "Out of memory: the JavaScript heap is full. Train with smaller batches, keep less data in arrays, and dispose of tensors that are no longer used.";
  }
  const badOption = /bad option: (\S+)/.exec(output)?.[1];
  if (badOption)
    return `This Node.js does not know ${badOption}: it is too old. Fitlens needs Node.js 20.19 or later (setting fitlens.nodePath).`;
  if (signal === "SIGSEGV" || signal === "SIGILL" || signal === "SIGBUS") {
    return `The engine crashed (${signal}). Choose another one by Fitlens: Select Engine.`;
  }
  return undefined;
}
