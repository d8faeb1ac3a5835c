// The command line of `code`, as far as extension tests use it. Pure: words in, options out.
const REPEATED = ["extensionDevelopmentPath", "install-extension", "uninstall-extension", "enable-proposed-api"];
const VALUED = [...REPEATED, "extensionTestsPath", "user-data-dir", "extensions-dir", "folder-uri", "file-uri"];
export const VERBS = ["install-extension", "uninstall-extension", "list-extensions"];

/** The command line as options by name, and what stands alone. An option with a value takes `--name=value` and `--name value`. */
export function parse(argv) {
  const options = {};
  const alone = [];
  const rest = [...argv];
  while (rest.length > 0) {
    const word = rest.shift();
    const [, name, attached] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (!name) {
      if (!word.startsWith("-")) alone.push(word);
      continue;
    }
    const value = attached ?? (VALUED.includes(name) ? rest.shift() : true);
    if (REPEATED.includes(name)) options[name] = [...(options[name] ?? []), value];
    else options[name] = value;
  }
  return { options, alone };
}
