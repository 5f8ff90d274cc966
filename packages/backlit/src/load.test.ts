import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Tensor, writeNpy, writeNpz } from "@backlit/core";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { loadInput } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "backlit-"));
afterAll(() => rmSync(folder, { recursive: true }));
const saved = (name: string, content: Uint8Array | string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const tensor: Tensor = { type: "float32", dims: [2], data: Float32Array.of(1, 2) };
const png = await sharp({ create: { width: 2, height: 1, channels: 3, background: "#010203" } })
  .png()
  .toBuffer();
const piped = (bytes: Uint8Array) => ({
  async *[Symbol.asyncIterator]() {
    yield bytes.subarray(0, 5);
    yield bytes.subarray(5);
  },
});

describe("loadInput", () => {
  it("goes by the content, not the name", async () => {
    expect(await loadInput(saved("a.bin", writeNpy(tensor)))).toMatchObject({ kind: "tensor", tensor });
    expect(await loadInput(saved("b.npy", png))).toMatchObject({ kind: "picture", pixels: { width: 2, height: 1 } });
    expect(await loadInput(saved("c", writeNpz(new Map([["ids", tensor]]))))).toMatchObject({
      kind: "tensors",
      tensors: new Map([["ids", tensor]]),
    });
  });

  it("reads standard input for -", async () => {
    expect(await loadInput("-", { stdin: piped(writeNpy(tensor)) })).toEqual({ kind: "tensor", name: "standard input", tensor });
    expect(await loadInput("-", { stdin: piped(png) })).toMatchObject({ kind: "picture", pixels: { channels: 3 } });
    await expect(loadInput("-", { stdin: piped(new Uint8Array()) })).rejects.toThrow(
      /standard input\): it looks like an empty file/,
    );
  });

  it("takes text only where it is wanted", async () => {
    const file = saved("review.txt", "Wunderschön.");
    expect(await loadInput(file, { text: true })).toMatchObject({ kind: "text", text: "Wunderschön." });
    await expect(loadInput(file)).rejects.toMatchObject({ _tag: "BadInput", message: expect.stringMatching(/looks like text/) });
  });

  it("names the file in errors", async () => {
    const file = saved("cut.npy", writeNpy(tensor).subarray(0, 130));
    await expect(loadInput(file)).rejects.toThrow(
      `not a readable .npy file (${file}): shape (2) of float32 takes 8 bytes, 2 are there`,
    );
    await expect(loadInput(join(folder, "missing.npy"))).rejects.toMatchObject({ _tag: "NotFound" });
  });
});
