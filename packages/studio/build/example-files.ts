/** The bundled models, inputs and stored results as files of the page: served in development, copied when it is built. */
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { examples, modelFiles } from "../src/examples/list.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const stored = fileURLToPath(new URL("../stored", import.meta.url));

/** Files on disk, by their place in the page. */
const places = (): ReadonlyMap<string, string> => {
  const models = Object.entries(modelFiles).flatMap(([model, names]) =>
    names.map((name) => [`examples/models/${model}/${name}`, join(root, "models", model, name)] as const),
  );
  const inputs = examples.flatMap(({ input }) =>
    "file" in input ? [[`examples/${input.file}`, join(root, "data", input.file)] as const] : [],
  );
  const results = examples.map(({ id }) => [`examples/stored/${id}.json`, join(stored, `${id}.json`)] as const);
  return new Map([...models, ...inputs, ...results]);
};

const types: Readonly<Record<string, string>> = {
  json: "application/json",
  png: "image/png",
  jpg: "image/jpeg",
  csv: "text/csv",
};

export const exampleFiles = (): Plugin => ({
  name: "example-files",
  configureServer({ middlewares }) {
    const all = places();
    middlewares.use((request, response, next) => {
      const path = all.get(decodeURIComponent((request.url ?? "").split("?")[0]!.slice(1)));
      if (path === undefined) return next();
      response.setHeader("content-type", types[path.split(".").at(-1)!] ?? "application/octet-stream");
      createReadStream(path).on("error", next).pipe(response);
    });
  },
  generateBundle() {
    for (const [fileName, path] of places()) this.emitFile({ type: "asset", fileName, source: readFileSync(path) });
  },
});
