/** `npm run demo`: explains a bundled photograph with a bundled model and writes the heatmap to out/. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("../../..", import.meta.url));
mkdirSync(new URL("../../../out/", import.meta.url), { recursive: true });

const cli = fileURLToPath(new URL("./backlit.js", import.meta.url));
const args = ["explain", "efficientnet-lite0", "data/photos/cat.jpg", "--heatmap", "out/cat.png"];
const { status } = spawnSync(process.execPath, [cli, ...args], { cwd, stdio: "inherit" });
process.exitCode = status ?? 1;
