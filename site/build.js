/** Writes the pages below pages/ and builds the site into dist/, the studio below dist/studio/. `--pages`: the pages only. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { methodPages, metricPages, pageOf } from "./pages.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [docs, pages, dist] = ["../docs", "pages", "dist"].map((path) => at(path));

rmSync(pages, { recursive: true, force: true });
for (const folder of ["methods", "metrics"]) mkdirSync(`${pages}/${folder}`, { recursive: true });
for (const name of readdirSync(docs).filter((file) => file.endsWith(".md")))
  writeFileSync(`${pages}/${name}`, pageOf(readFileSync(`${docs}/${name}`, "utf8")));
cpSync(`${docs}/images`, `${pages}/images`, { recursive: true });
writeFileSync(`${pages}/index.md`, pageOf(readFileSync(at("index.md"), "utf8")));
for (const { name, text } of methodPages()) writeFileSync(`${pages}/methods/${name}.md`, `${pageOf(text)}\n`);
for (const { name, text } of metricPages()) writeFileSync(`${pages}/metrics/${name}.md`, `${pageOf(text)}\n`);

if (!process.argv.includes("--pages")) {
  const run = (bin, args, cwd) => execFileSync(process.execPath, [bin, ...args], { cwd, stdio: "inherit" });
  run(at("node_modules/vitepress/bin/vitepress.js"), ["build"], at("."));
  run(
    at("../node_modules/vite/bin/vite.js"),
    ["build", "--outDir", `${dist}/studio`, "--logLevel", "error"],
    at("../packages/studio"),
  );
}
