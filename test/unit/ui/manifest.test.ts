// Names that must agree: package.json contributes exactly the commands that are registered, and every setting that is read.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { ENGINES } from "../../../src/protocol/run";
import { COMMANDS } from "../../../src/protocol/server";
import { COMMAND_NAMES } from "../../../src/ui/commandNames";

interface Manifest {
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: {
      properties: Record<string, { enum?: string[]; description?: string; markdownDescription?: string }>;
    };
    snippets: { path: string }[];
    walkthroughs: { steps: { media: { svg: string }; completionEvents: string[] }[] }[];
    viewsWelcome: { contents: string }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
}

const manifest = JSON.parse(fs.readFileSync("package.json", "utf8")) as Manifest;
const { contributes } = manifest;
const contributed = contributes.commands.map(({ command }) => command);
const settingsReaders = ["installation", "training", "errors", "watchTerminals"]
  .map((name) => fs.readFileSync(`src/ui/${name}.ts`, "utf8"))
  .concat(fs.readFileSync("src/server/settings.ts", "utf8"))
  .join("\n");

test("the manifest lists exactly the commands that are registered", () => {
  assert.deepEqual([...contributed].sort(), COMMAND_NAMES.map((name) => `fitlens.${name}`).sort());
});

test("every command has the category Fitlens and a title", () => {
  for (const { command, title, category } of contributes.commands) {
    assert.equal(category, "Fitlens", command);
    assert.match(title, /^[A-Z]/, command);
  }
});

test("menus, welcome texts, walkthroughs and lenses name commands that exist", () => {
  const named = [
    ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
    ...contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(fitlens\.\w+)/g)].map((match) => match[1]!),
    ),
    ...contributes.walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ completionEvents }) => completionEvents.map((event) => event.replace("onCommand:", ""))),
    ),
    ...Object.values(COMMANDS),
  ];
  for (const command of named) assert.ok(contributed.includes(command), command);
});

test("every setting is described, and read somewhere", () => {
  for (const [name, { description, markdownDescription }] of Object.entries(contributes.configuration.properties)) {
    assert.ok(description ?? markdownDescription, name);
    // `get("engine")` in the extension, `codeLens: { enabled }` in the server's settings.
    const words = name.replace(/^fitlens\./, "").split(".");
    assert.ok(
      words.every((word) => new RegExp(`\\b${word}\\b`).test(settingsReaders)),
      `${name} is read nowhere`,
    );
  }
});

test("the engine setting offers automatic and each engine", () => {
  assert.deepEqual(contributes.configuration.properties["fitlens.engine"]?.enum, ["auto", ...ENGINES]);
});

test("settings that name programs are ignored until the workspace is trusted", () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const name of ["fitlens.engine", "fitlens.nodePath", "fitlens.pythonPath", "fitlens.watchTerminals"])
    assert.ok(restricted.includes(name), name);
});

test("what starts a program of the workspace is off until it is trusted", () => {
  const starting = ["train", "trainWithArguments", "debug", "resume", "selectPython", "selectBackend"];
  for (const name of starting) {
    const command = contributes.commands.find((each) => each.command === `fitlens.${name}`);
    assert.match(command?.enablement ?? "", /isWorkspaceTrusted/, name);
  }
});

test("the palette shows what is about a script only where one is", () => {
  const whenOf = (name: string) =>
    contributes.menus["commandPalette"]!.find(({ command }) => command === `fitlens.${name}`)?.when ?? "";
  for (const name of ["train", "trainWithArguments", "debug", "convertToEstimator"]) {
    assert.match(whenOf(name), /editorLangId =~ .*\(type\|java\)script\(react\)\?\|python/, name);
  }
  for (const name of ["train", "trainWithArguments", "convertToEstimator", "selectBackend"]) {
    assert.match(whenOf(name), /notebookType == 'jupyter-notebook'/, name);
  }
  assert.match(whenOf("selectBackend"), /editorLangId == python/);
});

test("files and editors that neither train nor have models have no entry of ours in their menus", () => {
  for (const menu of ["editor/context", "editor/title/run", "notebook/toolbar"]) {
    for (const { command, when } of contributes.menus[menu]!) {
      const needed = command === "fitlens.showGraph" ? /fitlens\.fileHasModels/ : /fitlens\.fileTrains/;
      assert.match(when ?? "", needed, command);
    }
  }
  for (const { command, when } of contributes.menus["explorer/context"]!) assert.match(when ?? "", /resource/, command);
});

test("files that the manifest names exist", () => {
  const files = [
    ...contributes.snippets.map(({ path }) => path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
  ];
  for (const file of files) assert.ok(fs.existsSync(file), file);
});

test("Python files and notebooks activate it", () => {
  for (const event of ["onLanguage:python", "onNotebook:jupyter-notebook"]) {
    assert.ok(manifest.activationEvents.includes(event), event);
  }
});

test("nothing activates at start-up", () => {
  for (const event of manifest.activationEvents) assert.doesNotMatch(event, /^(\*|onStartupFinished)$/);
});
