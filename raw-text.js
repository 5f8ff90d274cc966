/** `import text from "./page.css?raw"` for rolldown: the file's text is the module. Vite and vitest do this by themselves. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

const RAW = "?raw";

export const rawText = () => ({
  name: "raw-text",
  resolveId(source, importer) {
    return source.endsWith(RAW) && importer !== undefined ? resolve(dirname(importer), source) : undefined;
  },
  async load(id) {
    if (!id.endsWith(RAW)) return undefined;
    const file = id.slice(0, -RAW.length);
    this.addWatchFile(file);
    return {
      code: `export default ${JSON.stringify(await readFile(file, "utf8"))};`,
      moduleType: "js",
      moduleSideEffects: false,
    };
  },
});
