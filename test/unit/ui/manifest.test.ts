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
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string }[]>;
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
const settingsReaders = ["installation", "training", "errors"]
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
  for (const name of ["fitlens.engine", "fitlens.nodePath", "fitlens.pythonPath"])
    assert.ok(restricted.includes(name), name);
});

test("files that the manifest names exist", () => {
  const files = [
    ...contributes.snippets.map(({ path }) => path),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
  ];
  for (const file of files) assert.ok(fs.existsSync(file), file);
});

test("nothing activates at start-up", () => {
  for (const event of manifest.activationEvents) assert.doesNotMatch(event, /^(\*|onStartupFinished)$/);
});
