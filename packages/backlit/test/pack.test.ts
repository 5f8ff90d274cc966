/** What a user gets: the three packages packed, installed from their tarballs in an empty folder, and the command run there. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = { "@backlit/core": "packages/core", backlit: "packages/backlit", "@backlit/models": "models" };

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let folder = "";
let packed: Packed[] = [];

// Settings of the surrounding npm run (its prefix, its .npmrc) must not reach the install under test.
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_prefix|prefix|workspace)|package_)/i.test(name)),
  ),
  ONNXRUNTIME_NODE_INSTALL: "skip",
};

/** Runs a command to its end; a failure carries what it printed. */
const run = (command: string, args: readonly string[], cwd: string) =>
  new Promise<string>((done, failed) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", failed);
    child.on("close", (code) => {
      const [stdout, stderr] = [out, err].map((chunks) => Buffer.concat(chunks).toString());
      if (code === 0) done(stdout ?? "");
      else failed(new Error(`${command} ${args.join(" ")} exited with ${code}\n${stdout}\n${stderr}`));
    });
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backlit-pack-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const json = await run(
    "npm",
    ["pack", "--json", "--pack-destination", folder, ...Object.values(packages).map((p) => `./${p}`)],
    root,
  );
  packed = JSON.parse(json);
  const tarballs = packed.map(({ filename }) => `./${filename}`);
  await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs], folder);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

test("the tarballs hold the build, a licence, and neither tests, sources nor conformance data", () => {
  expect(packed.map(({ name }) => name).sort()).toEqual(Object.keys(packages).sort());
  for (const { name, files } of packed) {
    const paths = files.map(({ path }) => path);
    expect(
      paths.some((path) => path.startsWith("LICENSE")),
      `${name} has a licence`,
    ).toBe(true);
    expect(paths, `${name} has a README`).toContain("README.md");
    expect(paths.filter((path) => /\.test\.|\.map$|^(src|test|data|conformance)\//.test(path))).toEqual([]);
  }
  const own = packed.find(({ name }) => name === "backlit")!.files.map(({ path }) => path);
  expect(own).toContain("dist/worker-thread.js"); // without it the command would run in its own thread, and say nothing
  expect(packed.find(({ name }) => name === "@backlit/core")?.size).toBeLessThan(1_000_000);
});

test("backlit models lists the bundled models", async () => {
  const listed = await run("npx", ["--no-install", "backlit", "models"], folder);
  for (const name of ["efficientnet-lite0", "digits", "digits-mlp", "text-sentiment"]) expect(listed).toContain(name);
});

test("backlit explain finds the cat and writes its heatmap", async () => {
  const cat = join(root, "data/photos/cat.jpg");
  const json = await run(
    "npx",
    ["--no-install", "backlit", "explain", "efficientnet-lite0", cat, "--heatmap", "out.png", "--json"],
    folder,
  );
  expect(JSON.stringify(JSON.parse(json))).toMatch(/tiger cat|Egyptian cat/);
  expect(existsSync(join(folder, "out.png"))).toBe(true);
  const png = await readFile(join(folder, "out.png"));
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
});

test("the library loads from the installed package", async () => {
  const names = await run(
    "node",
    ["--input-type=module", "-e", 'console.log(Object.keys(await import("backlit")).length > 0)'],
    folder,
  );
  expect(names.trim()).toBe("true");
});
