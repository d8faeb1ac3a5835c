// Stands for Python's own extensions: the part of their public API that Fitlens uses, and the debug type debugpy.
const vscode = require("vscode");

/** What that extension says where nothing is selected. */
const NOTHING = "python";

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  let selected = NOTHING;
  context.subscriptions.push(
    changed,
    vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", {
      createDebugAdapterDescriptor: ({ configuration: { python } }) =>
        new vscode.DebugAdapterExecutable(python, ["-m", "debugpy.adapter"]),
    }),
  );
  const resolved = (path) => ({ id: path, path, executable: { uri: vscode.Uri.file(path) } });
  return {
    ready: Promise.resolve(),
    environments: {
      getActiveEnvironmentPath: () => ({ id: selected, path: selected }),
      onDidChangeActiveEnvironmentPath: changed.event,
      resolveEnvironment: async ({ path }) => (path === NOTHING ? undefined : resolved(path)),
      get known() {
        return selected === NOTHING ? [] : [resolved(selected)];
      },
      async updateActiveEnvironmentPath(path) {
        selected = path;
        changed.fire({ id: path, path, resource: undefined });
      },
    },
  };
};
