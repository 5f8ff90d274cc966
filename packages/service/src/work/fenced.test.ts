import type { Host } from "@backlit/workbench";
import { describe, expect, test } from "vitest";
import { fenced } from "./fenced.ts";

const host = {
  files: {
    info: async (path: string) => ({ kind: "file", name: path, size: 1 }),
    list: async () => [],
    read: async () => new Uint8Array(1),
    slice: async () => new Uint8Array(1),
  },
  pictures: { decode: async (_: Uint8Array, { maxPixels }: { maxPixels: number }) => ({ maxPixels }) },
  runtimes: { cores: 1 },
  store: () => ({}),
} as unknown as Host;

describe("a fenced host", () => {
  test.each([
    [
      "models/digits",
      ["models/digits/tokenizer.json"],
      ["models/digits-mlp/a", "models/digits/../a", "/etc/passwd", "-", "a.png"],
    ],
    ["", ["tokenizer.json", "onnx/a.json"], ["/etc/passwd", "../a", "C:\\a", "-", "a/../../b"]],
  ])("of the folder '%s' opens what lies in it, and nothing else", async (folder, inside, outside) => {
    const { files, store } = fenced(host, folder, 10);
    expect(store).toBeUndefined();
    expect(await files.list(folder)).toEqual([]);
    for (const path of inside) {
      expect(await files.info(path)).toBeDefined();
      expect(await files.read(path)).toHaveLength(1);
    }
    for (const path of outside) {
      expect(await files.info(path)).toBeUndefined();
      await expect(files.read(path)).rejects.toMatchObject({ _tag: "NotFound" });
      await expect(files.slice(path, 0, 1)).rejects.toMatchObject({ _tag: "NotFound" });
      await expect(files.list(path)).rejects.toMatchObject({ _tag: "NotFound" });
    }
  });

  test("decodes pictures up to its own limit", async () => {
    const { pictures } = fenced(host, "m", 10);
    expect(await pictures.decode(new Uint8Array(1), { name: "a", maxPixels: 5 })).toEqual({ maxPixels: 5 });
    expect(await pictures.decode(new Uint8Array(1), { name: "a", maxPixels: 50 })).toEqual({ maxPixels: 10 });
  });
});
