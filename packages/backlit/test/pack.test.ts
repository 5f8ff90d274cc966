/**
 * What a user gets: the packages packed, installed from their tarballs in an empty folder, and the command run there; first without
 * the models, which are optional, and last without the native runtime.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = {
  "@backlit/core": "packages/core",
  "@backlit/workbench": "packages/workbench",
  backlit: "packages/backlit",
  "@backlit/models": "models",
};

const digit = join(root, "conformance/real/digits/inputs/input.npy");

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

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever that is. */
const ended = (command: string, args: readonly string[], cwd: string) =>
  new Promise<Ended>((done, failed) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", failed);
    child.on("close", (code) => {
      done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });

/** What a command that ends well prints; a failure carries all it said. */
const run = async (command: string, args: readonly string[], cwd: string): Promise<string> => {
  const { code, stdout, stderr } = await ended(command, args, cwd);
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} exited with ${code}\n${stdout}\n${stderr}`);
};

const backlit = (...args: string[]) => ended("npx", ["--no-install", "backlit", ...args], folder);

/** Installs tarballs of ours; what npm says of them is no warning. */
const install = async (...names: (keyof typeof packages)[]) => {
  const tarballs = packed.filter(({ name }) => (names as string[]).includes(name)).map(({ filename }) => `./${filename}`);
  expect(tarballs).toHaveLength(names.length);
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", ...tarballs];
  const { code, stderr } = await ended("npm", args, folder);
  expect(code, stderr).toBe(0);
  expect(stderr.split("\n").filter((line) => /warn/i.test(line) && /backlit|peer/.test(line))).toEqual([]);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "backlit-pack-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
  const json = await run(
    "npm",
    ["pack", "--json", "--pack-destination", folder, ...Object.values(packages).map((p) => `./${p}`)],
    root,
  );
  packed = JSON.parse(json);
  await install("@backlit/core", "@backlit/workbench", "backlit");
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

test("without the models the command works, and says how to get them", async () => {
  expect(existsSync(join(folder, "node_modules/@backlit/models"))).toBe(false);
  const models = await backlit("models");
  expect(models).toMatchObject({ code: 0, stderr: "" });
  expect(models.stdout).toMatch(/^digits-mlp +handwritten digits/m);
  expect(models.stdout).toMatch(/not installed: get them by npm install @backlit\/models \(40 MB\)\n$/);
  expect(await backlit("explain", "digits", digit)).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "backlit: the bundled model 'digits' is not here: @backlit/models is not installed: get it by npm install @backlit/models (40 MB)\n",
  });
  const own = await backlit("explain", join(root, "models/digits/model.onnx"), digit, "--json");
  expect(own.code, own.stderr).toBe(0);
  expect(JSON.parse(own.stdout).inputs).toHaveLength(2);
});

test("reference cases are run by a package of their own, and the command says so", async () => {
  const refused = await run("npx", ["--no-install", "backlit", "conform", "."], folder).then(
    () => "no error",
    (error: Error) => error.message,
  );
  expect(refused).toContain("npx @backlit/conform DIR");
});

test("the library loads from the installed package", async () => {
  const names = await run(
    "node",
    ["--input-type=module", "-e", 'console.log(Object.keys(await import("backlit")).length > 0)'],
    folder,
  );
  expect(names.trim()).toBe("true");
});

describe("with the models", () => {
  beforeAll(() => install("@backlit/models"), 300_000);

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

  test("without onnxruntime-node it runs on onnxruntime-web, and says how to get the faster one", async () => {
    await rm(join(folder, "node_modules/onnxruntime-node"), { recursive: true });
    const { code, stdout, stderr } = await backlit("explain", "digits", digit, "--json");
    expect(code, stderr).toBe(0);
    const notice =
      "onnxruntime-node is not installed: using onnxruntime-web, which is slower; to get it, npm install onnxruntime-node";
    expect(JSON.parse(stdout).notices).toContain(notice);
    expect(stderr).toContain(`note: ${notice}\n`);
  });
});
