/** DATA of `backlit evaluate`: every form it may have, and what is wrong with it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodePng, preprocess, readNpy, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import type { DataSet } from "@backlit/workbench";
import { type Bundle, classesOf, readLabelFile as labelsIn, openData as openIn, openModel, readyData } from "@backlit/workbench";
import { parquetWriteBuffer } from "hyparquet-writer";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeHost } from "../src/host/index.ts";
import { readPicture } from "../src/host/pictures.ts";
import { at, root } from "./cli.ts";

const { data: pixels } = readNpy(readFileSync(root("data/digits/images.npy"))) as { data: Uint8Array };
const labels = Array.from(readNpy(readFileSync(root("data/digits/labels.npy"))).data as BigInt64Array, Number);
const digit = (n: number) => pixels.subarray(n * 784, (n + 1) * 784);
const png = (n: number) =>
  encodePng({
    width: 28,
    height: 28,
    data: Uint8ClampedArray.from({ length: 28 * 28 * 4 }, (_, i) => (i % 4 === 3 ? 255 : digit(n)[i >> 2]!)),
  } as never);
const bytes = (count: number, dims: readonly number[] = [count, 28, 28]): Tensor => ({
  type: "uint8",
  dims,
  data: pixels.slice(0, count * 784),
});
const floats = (count: number, dims: readonly number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(pixels.subarray(0, count * 784), (value) => value / 255),
});
const ints = (values: readonly number[]): Tensor => ({
  type: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const save = (name: string, content: Uint8Array | string): string => {
  writeFileSync(at(name), content);
  return at(name);
};
const folder = (name: string, files: Readonly<Record<string, Uint8Array | string>>): string => {
  mkdirSync(at(name));
  for (const [file, content] of Object.entries(files)) {
    if (file.includes("/")) mkdirSync(at(`${name}/${file.split("/")[0]}`), { recursive: true });
    save(`${name}/${file}`, content);
  }
  return at(name);
};

const host = nodeHost();
const openData = (path: string, bundle: Bundle, label?: string) => openIn(host, path, bundle, label);
const readLabelFile = (path: string) => labelsIn(host.files, path);

let digits: Bundle;
let lite0: Bundle;
let text: Bundle;
beforeAll(async () => {
  [digits, lite0, text] = (await Promise.all(
    ["digits", "efficientnet-lite0", "text-sentiment"].map((name) => openModel(host, name)),
  )) as [Bundle, Bundle, Bundle];
});

const values = async ({ items }: DataSet, n: number) =>
  Array.from(Object.values((await items[n]!.load()).feeds)[0]!.data as Float32Array);
const written = ({ items }: DataSet) => items.map(({ label }) => label);
const ready = (set: DataSet, target: "top" | "label" = "top", bundle = digits) =>
  readyData({ ...set, name: "data" }, at("data"), bundle, { target, note: () => {} });

describe("arrays", () => {
  test("bytes are pictures, as are the same digits as PNG; floats are taken as they are", async () => {
    const want = Array.from(floats(3, [3, 784]).data as Float32Array).slice(784, 2 * 784);
    const sets = [
      await openData(
        save(
          "bytes.npz",
          writeNpz(
            new Map([
              ["images", bytes(3)],
              ["labels", ints(labels.slice(0, 3))],
            ]),
          ),
        ),
        digits,
      ),
      await openData(
        save(
          "planar.npz",
          writeNpz(
            new Map([
              ["x", bytes(3, [3, 1, 28, 28])],
              ["y", ints(labels.slice(0, 3))],
            ]),
          ),
        ),
        digits,
      ),
      await openData(
        save(
          "floats.npz",
          writeNpz(
            new Map([
              ["inputs", floats(3, [3, 1, 28, 28])],
              ["targets", ints(labels.slice(0, 3))],
            ]),
          ),
        ),
        digits,
      ),
      await openData(
        save(
          "flat.npz",
          writeNpz(
            new Map([
              ["input", floats(3, [3, 28, 28])],
              ["labels", ints(labels.slice(0, 3))],
            ]),
          ),
        ),
        digits,
      ),
      await openData(
        folder("npy", { "images.npy": writeNpy(bytes(3)), "labels.npy": writeNpy(ints(labels.slice(0, 3))) }),
        digits,
      ),
      await openData(at("npy/images.npy"), digits),
      await openData(
        folder("png", {
          "labels.csv": `file,label\n${[0, 1, 2].map((n) => `${n}.png,${labels[n]}`).join("\n")}\n`,
          ...Object.fromEntries([0, 1, 2].map((n) => [`${n}.png`, png(n)])),
        }),
        digits,
      ),
    ];
    for (const set of sets) {
      expect(set.items).toHaveLength(3);
      expect(written(set)).toEqual(labels.slice(0, 3).map(String));
      const got = await values(set, 1);
      expect(Math.max(...got.map((value, i) => Math.abs(value - want[i]!)))).toBeLessThan(1e-6);
      const { data } = await ready(set, "label");
      const { x, targets } = await data.read(1, 2);
      expect(Object.values(x as Record<string, Tensor>)[0]!.dims).toEqual([2, 1, 28, 28]);
      expect(targets).toEqual(labels.slice(1, 3).map((label) => [label]));
    }
    expect(new Set(sets.map(({ sha256 }) => sha256)).size).toBeGreaterThan(4);
  });

  test("masks lie where they are, whatever the input's size", async () => {
    const mask = new Uint8Array(2 * 56 * 56);
    for (let y = 0; y < 28; y++) mask.fill(1, 3136 + y * 56, 3136 + y * 56 + 14);
    const big = Uint8Array.from({ length: 2 * 56 * 56 }, (_, i) => (i * 7) % 256);
    const npz = new Map<string, Tensor>([
      ["x", { type: "uint8", dims: [2, 56, 56], data: big }],
      ["masks", { type: "uint8", dims: [2, 56, 56], data: mask }],
    ]);
    const { data, masked } = await ready(await openData(save("masks.npz", writeNpz(npz)), digits));
    const { masks } = await data.read(0, 2);
    expect(masked).toBe(true);
    const made = (masks as (targets: number[][]) => Tensor)([[0], [0]]);
    expect(made.dims).toEqual([2, 1, 28, 28]);
    const all = Array.from(made.data as Float32Array);
    expect(all.slice(0, 784).every((value) => value === 0)).toBe(true);
    // The upper half, the left quarter.
    all.slice(784).forEach((value, i) => {
      expect(value).toBe(i < 14 * 28 && i % 28 < 7 ? 1 : 0);
    });
  });
});

describe("pictures", () => {
  test("subfolders are classes, taken in turn", async () => {
    const files = { "3/a.png": png(0), "3/b.png": png(1), "seven/c.png": png(2), "1/d.png": png(3), "1/e.png": png(4) };
    const set = await openData(folder("classes", files), digits);
    expect(set.items.map(({ name }) => name)).toEqual(["1/d.png", "3/a.png", "seven/c.png", "1/e.png", "3/b.png"]);
    expect(written(set)).toEqual(["1", "3", "seven", "1", "3"]);
    await expect(ready(set, "label")).rejects.toMatchObject({
      message: expect.stringMatching(/no class 'seven' .*seven\/c\.png/),
    });
  });

  test("boxes of photos.json lie where its authors measured them, by the class asked for", async () => {
    const { photos } = JSON.parse(readFileSync(root("data/photos/photos.json"), "utf8"));
    const set = await openData(root("data/photos"), lite0);
    expect(set.items).toHaveLength(photos.length);
    const { data, masked } = await ready(set, "top", lite0);
    expect(masked).toBe(true);
    const { masks, labels: names } = await data.read(0, set.items.length);
    const of = masks as (targets: number[][]) => Tensor;
    for (const [n, { name }] of set.items.entries()) {
      const photo = photos.find(({ file }: { file: string }) => file === name);
      expect(names![n], name).toBe(lite0.labels![photo.expected.index]);
      for (const { index, accepted, inputBox } of photo.objects) {
        const [x0, y0, x1, y1] = inputBox;
        for (const target of [index, accepted.at(-1)]) {
          const made = of(set.items.map(() => [target]));
          const mask = (made.data as Float32Array).subarray(n * 224 * 224, (n + 1) * 224 * 224);
          const area = mask.reduce((sum, value) => sum + value, 0);
          const want = (Math.min(224, x1) - Math.max(0, x0)) * (Math.min(224, y1) - Math.max(0, y0));
          expect(Math.abs(area - want), name).toBeLessThan(2 * 224);
          const inside = (x: number, y: number) => mask[Math.floor(y) * 224 + Math.floor(x)];
          expect(inside((x0 + Math.min(224, x1)) / 2, (y0 + Math.min(224, y1)) / 2), name).toBe(1);
        }
      }
      const none = of(set.items.map(() => [1])).data as Float32Array;
      if (!photo.objects.some(({ accepted }: { accepted: number[] }) => accepted.includes(1)))
        expect(none.subarray(n * 224 * 224, (n + 1) * 224 * 224).every((value) => value === 0)).toBe(true);
    }
  });

  test("labels in the forms people write", async () => {
    const box = { box: [1, 2, 3, 4] };
    const forms: readonly (readonly [string, string])[] = [
      ["titled.csv", "label;file;x0;y0;x1;y1\ncat;a.png;1;2;3;4\n"],
      ["list.json", JSON.stringify([{ file_name: "a.png", class: "cat", boxes: [[1, 2, 3, 4]] }])],
      ["map.json", JSON.stringify({ "a.png": { label: "cat", box: [1, 2, 3, 4] } })],
      [
        "nested.json",
        JSON.stringify({
          what: "photos",
          photos: [{ file: "a.png", expected: { label: "cat" }, objects: [{ ...box, label: "cat" }] }],
        }),
      ],
      [
        "coco.json",
        JSON.stringify({
          images: [{ id: 5, file_name: "a.png" }],
          categories: [{ id: 1, name: "cat" }],
          annotations: [{ image_id: 5, category_id: 1, bbox: [1, 2, 2, 2] }],
        }),
      ],
    ];
    for (const [name, content] of forms) {
      const { label, objects } = (await readLabelFile(save(name, content))).get("a.png")!;
      expect([label, objects?.map((one) => one.box)], name).toEqual(["cat", [[1, 2, 3, 4]]]);
    }
    expect(await readLabelFile(save("plain.csv", "a.png,cat\nb.png,dog\n"))).toEqual(
      new Map([
        ["a.png", { label: "cat" }],
        ["b.png", { label: "dog" }],
      ]),
    );
    expect(await readLabelFile(save("short.json", '{"a.png": 3, "note": [1]}'))).toEqual(new Map([["a.png", { label: "3" }]]));
    for (const [name, content] of [
      ["empty.json", "{}"],
      ["broken.json", "{"],
      ["number.json", "4"],
    ] as const)
      await expect(readLabelFile(save(name, content))).rejects.toMatchObject({ _tag: "BadInput" });
  });

  test("a label is a class by its name, its index, or a name only one class has", () => {
    const of = classesOf({ labels: ["tabby", "tiger cat", "7"], synonyms: ["tabby, tabby cat", "tiger cat", "seven"] });
    expect(["tiger cat", "1", "7", "tabby cat", "Tiger_Cat", "zebra", "1.0"].map(of)).toEqual([1, 1, 2, 0, 1, undefined, 1]);
  });
});

describe("tables and texts", () => {
  test("a Parquet file of pictures and one of sentences", async () => {
    const encoded = parquetWriteBuffer({
      columnData: [
        { name: "image", data: [0, 1].map((n) => new Uint8Array(png(n))), type: "BYTE_ARRAY" },
        { name: "label", data: labels.slice(0, 2), type: "INT32" },
      ],
    });
    const set = await openData(save("pictures.parquet", new Uint8Array(encoded)), digits);
    expect(written(set)).toEqual(labels.slice(0, 2).map(String));
    const { tensor } = preprocess(await readPicture(new Uint8Array(png(1))), digits.preprocessor!);
    expect(await values(set, 1)).toEqual(Array.from(tensor.data as Float32Array));
    const sentences = ["a great film", "not good at all, sadly"];
    const written2 = parquetWriteBuffer({
      columnData: [
        { name: "sentence", data: sentences },
        { name: "label", data: [1, 0], type: "INT32" },
      ],
    });
    const forms = [
      await openData(save("texts.parquet", new Uint8Array(written2)), text),
      await openData(save("texts.csv", `label,text\n1,${sentences[0]}\n0,"${sentences[1]}"\n`), text),
      await openData(save("texts.json", JSON.stringify(sentences.map((text, i) => ({ ids: [1], text, label: 1 - i })))), text),
    ];
    for (const set of forms) {
      expect(written(set)).toEqual(["1", "0"]);
      const ids = Object.values((await set.items[1]!.load()).feeds)[0]!;
      expect(ids.dims[1]).toBeGreaterThan(5);
      const { data } = await ready(set, "label", text);
      expect([data.chunk, (await data.read(1, 1)).targets]).toEqual([1, [[0]]]);
    }
    expect(written(await openData(save("lines.txt", "one good line\n\nanother line\n"), text))).toEqual([undefined, undefined]);
  });
});

describe("what is wrong is one line", () => {
  const own = (name: string, files: Readonly<Record<string, Uint8Array | string>>) => () => folder(name, files);
  test.each<[string, () => string, RegExp]>([
    ["nothing there", () => at("nowhere"), /^no such data \(.*nowhere\)/],
    ["an empty folder", own("empty", {}), /^no pictures, sounds or arrays in the folder/],
    ["a picture that is none", own("fake", { "a.png": "hello\n" }), /^not a picture \(.*a\.png\): it looks like text/],
    [
      "labels of other files",
      own("others", { "a.png": png(0), "labels.csv": "file,label\nb.png,1\n" }),
      /^the labels are of other files .*b\.png/,
    ],
    [
      "labels too few",
      () =>
        save(
          "few.npz",
          writeNpz(
            new Map([
              ["x", bytes(3)],
              ["y", ints([1, 2])],
            ]),
          ),
        ),
      /^2 labels for 3 samples/,
    ],
    [
      "another shape",
      () => save("odd.npz", writeNpz(new Map([["x", floats(1, [1, 16, 49])]]))),
      /shape 1×16×49 does not fit .*N×1×28×28|takes float/,
    ],
    ["bytes of another shape", () => save("long.npz", writeNpz(new Map([["x", bytes(1, [1, 784])]]))), /is no list of pictures/],
    [
      "no samples in it",
      () =>
        save(
          "named.npz",
          writeNpz(
            new Map([
              ["a", bytes(1)],
              ["b", bytes(1)],
            ]),
          ),
        ),
      /^no samples .*it holds a, b/,
    ],
    [
      "labels that are no classes",
      () =>
        save(
          "half.npz",
          writeNpz(
            new Map([
              ["x", bytes(1)],
              ["y", { type: "float32", dims: [1], data: Float32Array.of(0.5) }],
            ]),
          ),
        ),
      /one whole number a sample/,
    ],
    [
      "a Parquet file that is none",
      () => save("none.parquet", "PAR1 and no more"),
      /^the Parquet file cannot be read .*none\.parquet/,
    ],
    ["a table for a model of pictures", () => save("table.csv", "a,b\n1,2\n"), /^the model takes no table/],
  ])("%s", async (_, make, message) => {
    const error = await openData(make(), digits).catch((e) => e);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  test("a picture cut short is named when its turn comes", async () => {
    const set = await openData(folder("cut", { "a.png": png(0).subarray(0, 60) }), digits);
    await expect(set.items[0]!.load()).rejects.toMatchObject({ _tag: "BadInput", message: expect.stringMatching(/cut\/a\.png/) });
  });
});
