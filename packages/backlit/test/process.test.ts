/** What a process meets: long command lines, full disks, terminals without columns, inputs without samples, many classes. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { at, backlit, ioOf, root } from "./cli.ts";

const cli = fileURLToPath(new URL("../bin/backlit.js", import.meta.url));
const built = existsSync(new URL("../dist/worker-thread.js", import.meta.url));
const digit = root("conformance/real/digits/inputs/input.npy");

const run = (args: readonly string[], stdout: "ignore" | "pipe" | number = "ignore") =>
  new Promise<{ readonly code: number | null; readonly signal: string | null; readonly err: string }>((done) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", stdout, "pipe"] });
    let err = "";
    child.stderr!.on("data", (text: Buffer) => {
      err += text;
    });
    child.on("close", (code, signal) => done({ code, signal, err }));
  });

describe.skipIf(!built)("the process", () => {
  test("takes a command line of 40 kB", async () => {
    const args = ["explain", "digits", ...Array.from({ length: Math.ceil(40_000 / digit.length) }, () => digit), "--quiet"];
    expect(await run(args)).toEqual({ code: 0, signal: null, err: "" });
  });

  test("ends well when its reader has seen enough", async () => {
    const child = spawn(process.execPath, [cli, "methods"], { stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    child.stderr.on("data", (text: Buffer) => {
      err += text;
    });
    child.stdout.destroy();
    const code = await new Promise((done) => child.on("close", done));
    expect([code, err]).toEqual([0, ""]);
  });

  test.skipIf(!existsSync("/dev/full"))("says that standard output is full", async () => {
    const full = openSync("/dev/full", "w");
    const { code, err } = await run(["models"], full);
    closeSync(full);
    expect([code, err]).toEqual([1, "backlit: cannot write to standard output: the disk is full\n"]);
  });
});

test.each([0, 1, 7])("a terminal of %i columns", async (columns) => {
  const commands = [
    ["explain", "digits", digit, "--terminal", "--ledger"],
    ["inspect", "digits"],
    ["methods"],
    ["metrics", "srg"],
    ["models"],
    ["--help"],
  ];
  for (const argv of commands) {
    const [out, err]: [string[], string[]] = [[], []];
    expect(await main(argv, { ...ioOf(out, err), columns }), err.join("")).toBe(0);
    expect(out.join("").length).toBeGreaterThan(100);
  }
});

test("a batch of no samples", async () => {
  writeFileSync(at("none.npy"), writeNpy({ type: "float32", dims: [0, 1, 28, 28], data: new Float32Array(0) }));
  for (const method of ["lrp", "gradient", "occlusion", "shapley"]) {
    const { code, err } = await backlit("explain", "digits", at("none.npy"), "--method", method);
    expect([code, err]).toEqual([1, expect.stringMatching(/^backlit: an empty batch \(.*none\.npy\): its shape is 0×1×28×28/)]);
  }
  expect((await backlit("evaluate", "digits", at("none.npy"))).err).toMatch(/^backlit: (?!.*undefined)/m);
});

test("more classes than a call has arguments", async () => {
  const classes = 200_000;
  const net = parseModel(
    `net (float[N,2] x) => (float[N,${classes}] y) <float[2,${classes}] w = random(1)> { y = MatMul(x, w) }`,
  );
  writeFileSync(at("many.onnx"), encodeModelBytes(net));
  writeFileSync(at("two.npy"), writeNpy({ type: "float32", dims: [1, 2], data: Float32Array.of(1, 2) }));
  for (const method of ["lrp", "gradient", "occlusion"]) {
    const { code, err } = await backlit("explain", at("many.onnx"), at("two.npy"), "--quiet", "--method", method);
    expect([code, err]).toEqual([0, ""]);
  }
});

/** util-linux's or another system's, which opens a terminal for a command. */
const terminal = existsSync("/usr/bin/script") && process.platform === "linux";

describe.skipIf(!built || !terminal)("in a terminal", () => {
  const shown = (env: Record<string, string>) =>
    new Promise<string>((done) => {
      const { NO_COLOR: _, FORCE_COLOR: __, COLUMNS: ___, ...others } = process.env;
      const own = { ...others, TERM: "xterm-256color", ...env };
      const args = ["-qec", `'${process.execPath}' '${cli}' methods`, "/dev/null"];
      const child = spawn("/usr/bin/script", args, { env: own, stdio: ["ignore", "pipe", "ignore"] });
      let out = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
      child.on("close", () => done(out));
    });
  const widest = (out: string): number =>
    Math.max(
      ...stripVTControlCharacters(out)
        .split(/\r?\n/)
        .map((line) => line.length),
    );

  test("colours and columns are those of the terminal, unless it is told otherwise", async () => {
    const [usual, plain, dumb] = [
      await shown({ COLUMNS: "70" }),
      await shown({ COLUMNS: "140", NO_COLOR: "1" }),
      await shown({ COLUMNS: "70", TERM: "dumb" }),
    ];
    expect(usual).toContain("\x1b[1m");
    expect(plain + dumb).not.toContain("\x1b");
    expect(widest(usual)).toBeLessThanOrEqual(70);
    expect(widest(plain)).toBeGreaterThan(70);
    expect(widest(plain)).toBeLessThanOrEqual(140);
    expect(stripVTControlCharacters(usual)).toBe(dumb);
  });
});
