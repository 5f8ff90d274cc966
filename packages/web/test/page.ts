/** A page in the system's Chromium that runs backlit's jobs: what the tests of this package share. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { rolldown } from "rolldown";
import { rawText } from "../../../raw-text.js";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
export const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const source = (name: string) => join(root, `packages/${name}/src/index.ts`);

/** The JavaScript of a page in one file, from the sources, minified; the runtime stays outside. */
export const bundled = async (code: string): Promise<string> => (await chunksOf(code, false)).map((chunk) => chunk.code).join("");

/** Bytes, gzipped: of what a page loads at once, and with all that it may load when it is asked for. */
export const sizesOf = async (code: string): Promise<readonly [first: number, all: number]> => {
  const chunks = await chunksOf(code, true);
  const sizes = new Map(chunks.map((chunk) => [chunk.fileName, gzipSync(chunk.code).length]));
  const first = new Set<string>();
  const load = (name: string): void => {
    if (first.has(name)) return;
    first.add(name);
    for (const other of chunks.find(({ fileName }) => fileName === name)?.imports ?? []) load(other);
  };
  for (const { isEntry, fileName } of chunks) if (isEntry) load(fileName);
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
  return [sum(first), sum(sizes.keys())];
};

const chunksOf = async (code: string, codeSplitting: boolean) => {
  const page = "\0page";
  const bundle = await rolldown({
    input: page,
    platform: "browser",
    logLevel: "silent",
    external: [/^onnxruntime-web/],
    resolve: {
      alias: { "@backlit/core": source("core"), "@backlit/workbench": source("workbench"), "@backlit/web": source("web") },
    },
    plugins: [
      rawText() as never,
      { name: "page", resolveId: (id) => (id === page ? id : null), load: (id) => (id === page ? code : null) },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true, codeSplitting });
  await bundle.close();
  return output.flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
};

const HTML = `<!doctype html><title>backlit</title>
<script type="importmap">{ "imports": { "onnxruntime-web/wasm": "/node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs" } }</script>
<script type="module" src="/page.js"></script>`;

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the page, and files of the clone by their paths in it. */
export const serve = (script: string): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const body = path === "/" ? HTML : path === "/page.js" ? script : await readFile(join(root, path)).catch(() => undefined);
    const type = path === "/" ? "text/html" : (TYPES[extname(path)] ?? "application/octet-stream");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": body === undefined ? "text/plain" : type });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
};

export const addressOf = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}/`;

/** Calls a function the page has put on `globalThis`; errors of the page are the test's. */
export const call = async <T>(page: Page, name: string, ...given: unknown[]): Promise<T> => {
  await page.waitForFunction(`globalThis.${name} !== undefined`);
  return page.evaluate(`globalThis.${name}(...${JSON.stringify(given)})`) as Promise<T>;
};
