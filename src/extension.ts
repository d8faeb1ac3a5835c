// What exists: builds each part once, passes it to those that need it, and hands all of it to VS Code to dispose.
import * as vscode from "vscode";
import { startFollower } from "./runs/follower";
import { registerCommands } from "./ui/commands";
import { Conversions } from "./ui/convert";
import { engineCommands } from "./ui/engine";
import { Reporter } from "./ui/errors";
import { Installation } from "./ui/installation";
import { LanguageServer } from "./ui/languageServer";
import { decorateLenses } from "./ui/lenses";
import { Panels } from "./ui/panel";
import { runCommands } from "./ui/runCommands";
import { Runs } from "./ui/runs";
import { registerRunsView } from "./ui/runsView";
import { scaffoldCommands } from "./ui/scaffold";
import { registerStatus } from "./ui/status";
import { registerTasks } from "./ui/tasks";
import { Training } from "./ui/training";

/** What tests and other extensions may use. */
export interface FitlensApi {
  runs: Runs;
  server: LanguageServer;
}

export function activate(context: vscode.ExtensionContext): FitlensApi {
  const log = vscode.window.createOutputChannel("Fitlens", { log: true });
  const installation = new Installation(context);
  const reporter = new Reporter(log);
  const runs = new Runs(log);
  const server = new LanguageServer(installation, log, (lenses, document) => decorateLenses(lenses, document, runs));
  const follower = startFollower(installation.dist("follower.js"));
  const panels = new Panels({ installation, runs, follower, server, log });
  const training = new Training({ installation, runs, panels, reporter, server });
  const conversions = new Conversions(server, reporter);

  context.subscriptions.push(
    log,
    runs,
    server,
    panels,
    follower,
    conversions,
    runs.onDidChange(() => server.refreshLenses()),
    registerRunsView(runs),
    registerStatus(runs),
    registerTasks({ training, runs, follower }),
    reporter.tellHowRunsEnd(runs),
    registerCommands(
      {
        ...training.commands,
        ...conversions.commands,
        ...runCommands({ runs, panels, training, reporter }),
        ...engineCommands(installation),
        ...scaffoldCommands(installation),
      },
      reporter,
    ),
  );
  server.start();
  return { runs, server };
}
