// An environment for a benchmark alone: the packages of the tests' Python, and beside them the peers that Fitlens is measured against.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Where pip is to keep what it takes from the tests' environment. */
const PEERS = ["mlflow-skinny", "pandas", "wandb"];

/** Its Python; without the peers where they cannot be installed. */
export function pythonWithPeers(python: string, note: (why: string) => void): { python: string; peers: string[] } {
  const builtIn = ["csv", "tensorboard"];
  const base = path.dirname(path.dirname(python));
  const home = path.resolve(".cache", `bench-${path.basename(base)}`);
  const program = path.join(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const stamp = path.join(home, "fitlens.json");
  const wanted = JSON.stringify([python, ...PEERS]);
  try {
    if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== wanted) {
      fs.rmSync(home, { recursive: true, force: true });
      execFileSync(python, ["-m", "venv", home], { stdio: "ignore" });
      // What the base environment has is found after the new one's own, and pip counts it as installed.
      fs.writeFileSync(path.join(packagesOf(program), "base.pth"), `${packagesOf(python)}\n`);
      const pip = ["-m", "pip", "install", "--quiet", "--progress-bar", "off", ...pinned(python), ...PEERS];
      execFileSync(program, pip, { stdio: ["ignore", 2, 2], timeout: 20 * 60_000 });
      fs.writeFileSync(stamp, wanted);
    }
    return { python: program, peers: [...builtIn, "mlflow", "wandb"] };
  } catch (error) {
    note(
      `MLflow and W&B could not be installed beside ${python}: ${error instanceof Error ? error.message.split("\n")[0] : error}`,
    );
    return { python, peers: builtIn };
  }
}

function packagesOf(python: string): string {
  const ask = "import sysconfig; print(sysconfig.get_paths()['purelib'])";
  return execFileSync(python, ["-I", "-c", ask], { encoding: "utf8" }).trim();
}

/** The packages that train stay as they are. */
function pinned(python: string): string[] {
  const ask = `import importlib.metadata as m
for name in ("tensorflow-cpu", "tensorflow", "keras", "numpy", "jax", "torch"):
    try: print(f"{name}=={m.version(name)}")
    except m.PackageNotFoundError: pass`;
  return execFileSync(python, ["-I", "-c", ask], { encoding: "utf8" }).trim().split("\n");
}
