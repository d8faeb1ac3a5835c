import { test, before, after } from "node:test";
import fs from "node:fs";
import { type Harness, startHarness } from "./browser";
import { BLOCKS, long, modelsMessage, SEQUENCE } from "./graphs";
let harness: Harness;
before(async () => { harness = await startHarness(); fs.mkdirSync("artifacts", {recursive: true}); });
after(() => harness.close());
for (const theme of (process.env.T ?? "dark").split(",") as never[]) for (const [name, code] of Object.entries({ sequence: SEQUENCE, blocks: BLOCKS, ...(process.env.BIG ? { long: long(300, false) } : {}) })) {
  test(`${theme} ${name}`, async () => {
    const panel = await harness.open({ page: "graph", theme, width: 900, height: 1000 });
    await panel.feed(await modelsMessage(code), { kind: "cursor", uri: "file:///space/model.py", position: { line: 6, character: 10 } });
    await panel.page.waitForSelector(".content", { timeout: 60000 }).catch((e) => console.log(String(e)));
    await panel.feed();
    await panel.page.screenshot({ path: `artifacts/try-${name}-${theme}.png` });
    console.log(await panel.failures(), JSON.stringify(await panel.sent()).slice(0, 600));
    await panel.page.context().close();
  });
}
