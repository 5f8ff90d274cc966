/** `backlit serve` as a process, as docs/service.md has it: `npm run build` first. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { writeNpy } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { at, backlit, root, scratch } from "./cli.ts";
import { npyOf } from "./support.ts";

const cli = fileURLToPath(new URL("../bin/backlit.js", import.meta.url));
const built = existsSync(new URL("../dist/service-thread.js", import.meta.url));

const lines = (child: ChildProcess): AsyncIterator<string> => createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
const next = async (from: AsyncIterator<string>) => JSON.parse((await from.next()).value as string);
const ended = (child: ChildProcess) => new Promise<number | null>((done) => child.on("close", done));

const run = (command: string) =>
  new Promise<{ code: number | null; out: Buffer }>((done) => {
    const child = spawn("sh", ["-c", command], { cwd: scratch, stdio: ["ignore", "pipe", "ignore"] });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.on("close", (code) => done({ code, out: Buffer.concat(parts) }));
  });

const digit = () => Float32Array.from((npyOf("data/digits/images.npy").data as Uint8Array).subarray(0, 784));

describe.skipIf(!built)("the process", () => {
  test("answers every curl of the page, and ends at SIGTERM", async () => {
    const pixels = digit();
    writeFileSync(at("digit.npy"), writeNpy({ type: "float32", dims: [1, 1, 28, 28], data: pixels }));
    writeFileSync(at("some.npy"), writeNpy({ type: "float32", dims: [2, 1, 28, 28], data: new Float32Array(1568).fill(9) }));
    const page = readFileSync(root("docs/service.md"), "utf8");
    const request = JSON.parse(/where `request\.json`[\s\S]*?```json\n([\s\S]*?)```/.exec(page)![1]!);
    request.inputs[0].data = Array.from(pixels);
    writeFileSync(at("request.json"), JSON.stringify(request));
    const rows = Array.from({ length: 28 }, (_, row) => Array.from(pixels.subarray(28 * row, 28 * row + 28)));
    writeFileSync(at("instances.json"), JSON.stringify({ instances: [[rows]], parameters: { target: 3 } }));
    const child = spawn(process.execPath, [cli, "serve", "digits", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const log = lines(child);
      const { url } = await next(log);
      const curls = page.split("\n").filter((line) => line.startsWith("curl "));
      expect(curls).toHaveLength(9);
      for (const curl of curls) {
        const { code, out } = await run(curl.replace("curl ", "curl -sf ").replace("localhost:8080", url));
        expect([code, curl]).toEqual([0, curl]);
        // A stream of events ends with the answer.
        const text = curl.includes("event-stream") ? out.toString().trim().split("data: ").at(-1)! : out.toString();
        if (!curl.includes(" -o ")) JSON.parse(text);
        expect(await next(log)).toMatchObject({ status: 200 });
      }
      expect(readFileSync(at("why.png")).subarray(1, 4).toString()).toBe("PNG");
      const left = ended(child);
      child.kill("SIGTERM");
      expect(await next(log)).toMatchObject({ signal: "SIGTERM" });
      expect(await left).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });

  test("checks models, and ends", async () => {
    const child = spawn(process.execPath, [cli, "serve", "seven=digits", "--check"], { stdio: ["ignore", "pipe", "inherit"] });
    const [line, code] = await Promise.all([lines(child).next(), ended(child)]);
    expect([line.value, code]).toEqual([expect.stringMatching(/^seven: \S+ \[-1, 1, 28, 28\] → .*; ready$/), 0]);
  });
});

test.each([
  [["serve"], 2, /no MODEL/],
  [["serve", "a b.onnx"], 2, /a b/],
  [["serve", "digits", "digits"], 2, /two models/],
  [["serve", "digits", "--port", "x"], 2, /--port/],
  [["serve", "digits", "--config", "none.json"], 1, /none\.json/],
])("%j is refused", async (argv, code, error) => {
  const ran = await backlit(...argv);
  expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(error)]);
});
