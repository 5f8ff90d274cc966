/** The examples run, in Node and in the system's Chromium, and say the same; so do the samples of the README. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readNpy } from "@backlit/core";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../src/index.ts";
import { pythonWith } from "./python.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const run = promisify(execFile);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const folders: string[] = [];
const folder = async () => {
  folders.push(await mkdtemp(join(tmpdir(), "backlit-examples-")));
  return folders.at(-1)!;
};
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

const isPng = async (path: string) => (await readFile(path)).subarray(1, 4).toString() === "PNG";

test("Node: explains a photograph and writes two pictures", async () => {
  const out = await folder();
  const { stdout } = await run(process.execPath, ["examples/node/explain.js", "data/photos/cat.jpg", out], { cwd: root });
  expect(stdout).toMatch(/^tiger cat: -?[\d.]+(e-?\d+)? of -?[\d.]+ reached the pixels/);
  expect(await isPng(join(out, "relevance.png"))).toBe(true);
  expect(await isPng(join(out, "overlay.png"))).toBe(true);
});

test("Node: ranks a folder by likeness, the picture itself first, with pairs of parts", async () => {
  const { stdout } = await run(process.execPath, ["examples/node/retrieve.js"], { cwd: root });
  expect(stdout).toMatch(/^1\. two\.png: cosine 1\.000; cells \d,\d with \d,\d .*\n2\. other\.png: cosine 0\.6\d+; cells /);
});

test("the README's samples for Node run as they stand", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const samples = [...readme.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  expect(samples.length).toBeGreaterThan(0);
  for (const code of samples) {
    // They name files from the clone's root, and write where they are run.
    const out = await folder();
    const path = join(root, "out", `readme-${process.pid}.mjs`);
    await mkdir(join(root, "out"), { recursive: true });
    await writeFile(path, code.replaceAll('"why.png"', JSON.stringify(join(out, "why.png"))));
    await run(process.execPath, [path], { cwd: root }).finally(() => rm(path));
    if (code.includes("why.png")) expect(await isPng(join(out, "why.png"))).toBe(true);
  }
});

const python = await pythonWith("ast");
test.runIf(python)("Python: the files are Python", async () => {
  const files = (await readdir(join(root, "examples/python"))).map((file) => join(root, "examples/python", file));
  expect(files).toHaveLength(3);
  const check = "import ast, sys; [ast.parse(open(path).read()) for path in sys.argv[1:]]";
  expect((await run(python!, ["-c", check, ...files])).stderr).toBe("");
});

const runtime = await pythonWith("onnxruntime");
test.runIf(runtime)("Python: a compiled model runs with bare onnxruntime", async () => {
  const [out, script] = [await folder(), join(root, "examples/python/explain.py")];
  const compile = ["compile", "digits", "-o", join(out, "explained.onnx"), "--target", "input"];
  await run(process.execPath, [join(root, "packages/backlit/bin/backlit.js"), ...compile]);
  const { stdout } = await run(runtime!, [script, join(out, "explained.onnx"), join(root, "data/digits/images.npy")], {
    cwd: out,
  });
  expect(stdout.match(/the relevance adds up to -?\d/g)).toHaveLength(4);
});

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves a folder's files. */
const serve = (from: string): Promise<Server> => {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname.replace(/\/$/, "/index.html");
    const body = await readFile(join(from, path)).catch(() => undefined);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, "localhost", () => resolve(server)));
};

describe.skipIf(executablePath === undefined && !process.env.CI)("in a browser", () => {
  let browser: Browser;
  let inNode: { digit: number; relevance: number[] };
  beforeAll(async () => {
    browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox", "--disable-gpu"] });
    const { data } = readNpy(await readFile(join(root, "data/digits/images.npy")));
    const first = Float32Array.from((data as Uint8Array).subarray(0, 784), (grey) => grey / 255);
    const lit = await load("digits");
    const { relevance, target } = await lit.explain({ type: "float32", dims: [1, 1, 28, 28], data: first });
    await lit.release();
    inNode = { digit: target[0]![0]!, relevance: [...relevance.data] };
  });
  afterAll(() => browser?.close());

  /** What the page has found, and how it is drawn. */
  const opened = async (server: Server, path: string): Promise<typeof inNode & { shown: string; side: number }> => {
    const page = await browser.newPage();
    try {
      const failed = new Promise<never>((_, reject) => page.on("pageerror", reject));
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}${path}`);
      await Promise.race([failed, page.waitForFunction("globalThis.result !== undefined")]);
      return await page.evaluate(
        `({ ...globalThis.result, shown: document.querySelector("output").value, side: document.querySelector("canvas").width })`,
      );
    } finally {
      await page.close();
      server.close();
    }
  };

  const same = (found: Awaited<ReturnType<typeof opened>>) => {
    const largest = Math.max(...inNode.relevance.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    expect(found).toMatchObject({ digit: inNode.digit, shown: String(inNode.digit), side: 28 });
    expect(found.relevance.length).toBe(784);
    const apart = found.relevance.map((value, i) => Math.abs(value - inNode.relevance[i]!) / largest);
    expect(apart.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-4);
  };

  test("a page without a bundler has Node's numbers", async () => {
    same(await opened(await serve(root), "/examples/browser/"));
  });

  test("and so has the page that Vite builds", async () => {
    const outDir = await folder();
    await build({ root: join(root, "examples/vite"), logLevel: "error", build: { outDir } });
    same(await opened(await serve(outDir), "/"));
  });
});
