// The Python that will train, in the status bar: only while the file that one looks at is a Python file that trains.
import * as vscode from "vscode";
import type { ActivePython, ActivePythonState } from "./activePython";
import { SOURCES } from "./python";
import { pythonText } from "./pythonNeeds";

export function registerPythonStatus(active: ActivePython): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("fitlens.python", vscode.StatusBarAlignment.Right, 99);
  item.name = "Fitlens Python";
  const update = () => {
    const { state } = active;
    if (!state) return item.hide();
    show(item, state);
  };
  update();
  return vscode.Disposable.from(item, active.onDidChange(update));
}

function show(item: vscode.StatusBarItem, { script, python, lacking }: ActivePythonState): void {
  const works = python !== undefined && python.problem === undefined;
  const warns = !works || lacking !== undefined;
  const said = works ? pythonText(python) : python ? "Python does not work" : "No Python";
  item.text = warns ? `$(warning) ${said}` : said;
  item.backgroundColor = warns ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  item.tooltip = tooltip(python, lacking);
  item.accessibilityInformation = { label: `${said}. ${lacking ?? "It trains this file."} Select another Python.` };
  item.command = { command: "fitlens.selectPython", title: "Select Python", arguments: [script] };
  item.show();
}

/** Plain text, since paths are anything. */
function tooltip(python: ActivePythonState["python"], lacking: string | undefined): string {
  if (!python) return "No Python was found on this machine. Click to name one, or to make an environment.";
  const lines = [
    `${python.path} (${SOURCES[python.source]})`,
    "It trains this file under Fitlens. Click to select another.",
  ];
  return (lacking === undefined ? lines : [lacking, ...lines]).join("\n");
}
