// What `node --import` loads before the user's script: hands over to worker.js, which Node's compile cache can keep.
import { createRequire } from "node:module";

const { start } = createRequire(import.meta.url)("./worker.js") as typeof import("./main");
await start();
