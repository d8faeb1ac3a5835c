// What exists: builds each part once, passes it to those that need it, and hands all of it to VS Code to dispose.
import * as vscode from "vscode";
import { startFollower } from "./runs/follower";
import { ActivePython } from "./ui/activePython";
import { backendCommands } from "./ui/backend";
import { registerCommands } from "./ui/commands";
import { Conversions } from "./ui/convert";
import { engineCommands } from "./ui/engine";
import { environmentCommands } from "./ui/environments";
import { Reporter } from "./ui/errors";
import { Graphs } from "./ui/graph/graphs";
import { Installation } from "./ui/installation";
import { Kernels } from "./ui/kernels";
import { LanguageServer } from "./ui/languageServer";
import { decorateLenses } from "./ui/lenses";
import { Panels } from "./ui/panel";
import { Pythons } from "./ui/python";
import { registerPythonStatus } from "./ui/pythonStatus";
import { Remembered } from "./ui/remembered";
import { runCommands } from "./ui/runCommands";
import { Runs } from "./ui/runs";
import { registerRunsView } from "./ui/runsView";
import { scaffoldCommands } from "./ui/scaffold";
import { selectPythonCommands } from "./ui/selectPython";
import { registerStatus } from "./ui/status";
import { registerTasks } from "./ui/tasks";
import { Training } from "./ui/training";
import { WatchedTerminals } from "./ui/watchTerminals";

/** What tests and other extensions may use. */
export interface FitlensApi {
  runs: Runs;
  server: LanguageServer;
  graphs: Graphs;
  activePython: ActivePython;
  kernels: Kernels;
  remembered: Remembered;
}

export function activate(context: vscode.ExtensionContext): FitlensApi {
  const log = vscode.window.createOutputChannel("Fitlens", { log: true });
  const installation = new Installation(context);
  const reporter = new Reporter(log);
  const runs = new Runs(log);
  const remembered = new Remembered(context.workspaceState);
  const pythons = new Pythons(installation, log);
  const server = new LanguageServer(installation, log, (lenses, document) =>
    decorateLenses(lenses, document, { runs, remembered }),
  );
  const activePython = new ActivePython({ pythons, server, remembered });
  const follower = startFollower(installation.dist("follower.js"));
  const panels = new Panels({ installation, runs, follower, server, log });
  const graphs = new Graphs({ installation, server, reporter, log });
  const training = new Training({ installation, runs, panels, server, pythons, remembered });
  const conversions = new Conversions(server, reporter);
  const kernels = new Kernels({ installation, runs, server, log });
  const terminals = new WatchedTerminals({ variables: context.environmentVariableCollection, installation, log });

  context.subscriptions.push(
    log,
    runs,
    remembered,
    pythons,
    activePython,
    server,
    panels,
    graphs,
    follower,
    conversions,
    kernels,
    terminals,
    runs.onDidChange(() => server.refreshLenses()),
    remembered.onDidChange(() => server.refreshLenses()),
    registerRunsView(runs),
    registerStatus(runs),
    registerPythonStatus(activePython),
    registerTasks({ training, runs, follower }),
    reporter.tellHowRunsEnd(runs),
    registerCommands(
      {
        ...training.commands,
        ...conversions.commands,
        ...graphs.commands,
        ...runCommands({ runs, panels, training, reporter }),
        ...engineCommands(installation),
        ...backendCommands({ pythons, remembered }),
        ...selectPythonCommands(pythons),
        ...terminals.commands,
        ...environmentCommands({ installation, pythons, remembered, log }),
        ...scaffoldCommands({ installation, pythons, state: context.globalState }),
      },
      reporter,
    ),
  );
  server.start();
  return { runs, server, graphs, activePython, kernels, remembered };
}
