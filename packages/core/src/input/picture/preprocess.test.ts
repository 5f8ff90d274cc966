import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readNpz } from "../../formats/npz.ts";
import { seenRectangle, toInput, toPicture } from "./geometry.ts";
import { guessPreprocessor } from "./guess.ts";
import type { Pixels } from "./pixels.ts";
import { depreprocess, preprocess } from "./preprocess.ts";
import { type Preprocessor, pixelBox } from "./preprocessor.ts";
import { readPreprocessor } from "./read-preprocessor.ts";

const file = (path: string) => readFileSync(new URL(path, import.meta.url));
const json = (path: string) => JSON.parse(file(path).toString());
const tensors = readNpz(new Uint8Array(file("../fixtures/preprocess.npz")));
const configs: Record<string, unknown> = json("../fixtures/preprocess.json");
const lite0 = json("../../../../../models/efficientnet-lite0/preprocessor_config.json");
const digits = json("../../../../../models/digits/preprocessor_config.json");

const source = tensors.get("picture")!;
const picture: Pixels = { width: source.dims[1]!, height: source.dims[0]!, channels: 3, data: source.data as Uint8Array };
const flat = (width: number, height: number, value = 128): Pixels => ({
  width,
  height,
  channels: 3,
  data: new Uint8Array(width * height * 3).fill(value),
});

describe("preprocess", () => {
  it.each(Object.keys(configs))("makes the same tensor as transformers: %s", (name) => {
    const config = readPreprocessor(configs[name]);
    expect(config.notices).toEqual([]);
    const { tensor } = preprocess(picture, config);
    const expected = tensors.get(name.replace(" (short)", ""))!;
    const every = name.startsWith("convnext-warp") ? 48 : 1; // the fixture keeps every 48th pixel
    const [, , h = 0, w = 0] = tensor.dims;
    const kept = (tensor.data as Float32Array).filter((_, i) => (Math.floor(i / w) % h) % every === 0 && (i % w) % every === 0);
    expect([1, 3, Math.ceil(h / every), Math.ceil(w / every)]).toEqual(expected.dims);
    const worst = kept.reduce((max, v, i) => Math.max(max, Math.abs(v - (expected.data as Float32Array)[i]!)), 0);
    expect(worst).toBeLessThan(2e-6);
  });

  it("makes grey input for the digits models", () => {
    const { tensor } = preprocess(flat(56, 40, 51), readPreprocessor(digits));
    expect(tensor.dims).toEqual([1, 1, 28, 28]);
    expect(tensor.data).toEqual(new Float32Array(784).fill(51 / 255));
  });

  it("lays channels last when the model wants them there", () => {
    const options = { do_resize: false, do_rescale: false, do_normalize: false };
    const { tensor } = preprocess(picture, readPreprocessor(options, ["N", null, null, 3]));
    expect(tensor).toEqual({ type: "float32", dims: [1, 26, 37, 3], data: Float32Array.from(picture.data) });
  });

  it("rounds the long side down", () => {
    const { geometry } = preprocess(flat(451, 300), readPreprocessor(lite0));
    expect(geometry.resized).toEqual({ width: 384, height: 256 }); // 384.85
    expect([geometry.left, geometry.top]).toEqual([80, 16]);
  });

  it("refuses sizes that would not fit into memory", () => {
    const thin = flat(90_000, 1);
    expect(() => preprocess(thin, readPreprocessor(lite0))).toThrow(
      /its 90000x1 pixels would become 23040000x256: crop it first/,
    );
    const crop = { do_resize: false, do_center_crop: true, crop_size: 99_999, do_normalize: false };
    expect(() => preprocess(thin, readPreprocessor(crop))).toThrow(/would become 99999x99999/);
  });

  it("keeps an extremely thin picture at one pixel or more", () => {
    expect(preprocess(flat(1, 600), readPreprocessor({ size: { shortest_edge: 8 } })).geometry.resized.width).toBe(8);
    expect(preprocess(flat(600, 1), readPreprocessor({ size: { height: 4, width: 4 } })).tensor.dims).toEqual([1, 3, 4, 4]);
  });
});

describe("geometry", () => {
  const { geometry } = preprocess(flat(451, 300), readPreprocessor(lite0));

  it("says which part of the picture the model sees", () => {
    const seen = seenRectangle(geometry);
    expect(seen.x).toBeCloseTo((80 * 451) / 384);
    expect(seen.y).toBeCloseTo((16 * 300) / 256);
    expect(seen.width).toBeCloseTo((224 * 451) / 384);
    expect(seen.height).toBeCloseTo((224 * 300) / 256);
  });

  it("maps there and back", () => {
    const there = toInput(geometry, { x: 100, y: 50 });
    const back = toPicture(geometry, there);
    expect(back.x).toBeCloseTo(100);
    expect(back.y).toBeCloseTo(50);
  });

  it("finds a white spot where the picture has it", () => {
    const spot = flat(451, 300, 0);
    for (let y = 145; y < 155; y++) spot.data.fill(255, (y * 451 + 300) * 3, (y * 451 + 310) * 3);
    const { tensor, geometry } = preprocess(spot, readPreprocessor(lite0));
    const brightest = (tensor.data as Float32Array)
      .subarray(0, 224 * 224)
      .reduce((best, v, i, all) => (v > all[best]! ? i : best), 0);
    const found = toPicture(geometry, { x: (brightest % 224) + 0.5, y: Math.floor(brightest / 224) + 0.5 });
    expect(Math.abs(found.x - 305)).toBeLessThan(5);
    expect(Math.abs(found.y - 150)).toBeLessThan(5);
  });
});

describe("pixelBox", () => {
  it("gives the values of black and white", () => {
    const { low, high } = pixelBox(readPreprocessor(lite0));
    for (const value of low) expect(value).toBeCloseTo(-127 / 128, 6);
    for (const value of high) expect(value).toBeCloseTo(1, 6);
    expect(pixelBox(readPreprocessor(digits))).toEqual({ low: [0], high: [1] });
  });

  it("holds every value of a tensor", () => {
    const config = readPreprocessor(configs.clip);
    const { low, high } = pixelBox(config);
    const { data, dims } = preprocess(picture, config).tensor;
    (data as Float32Array).forEach((value, i) => {
      const channel = Math.floor(i / (dims[2]! * dims[3]!));
      expect(value >= low[channel]! && value <= high[channel]!).toBe(true);
    });
  });
});

describe("depreprocess", () => {
  it.each([
    ["rgb", [1, 3, 26, 37]],
    ["bgr", [1, 3, 26, 37]],
    ["channels last", [1, 26, 37, 3]],
  ])("gives the picture back: %s", (name, dims) => {
    const options = {
      do_resize: false,
      do_flip_channel_order: name === "bgr",
      image_mean: [0.4, 0.5, 0.6],
      image_std: [0.1, 0.2, 0.3],
    };
    const config = readPreprocessor(options, name === "channels last" ? dims : undefined);
    const { tensor } = preprocess(picture, config);
    expect(tensor.dims).toEqual(dims);
    expect(depreprocess(tensor, config)).toEqual(picture);
  });

  it("refuses another shape", () => {
    const config = readPreprocessor(lite0);
    const grey = { type: "float32", dims: [1, 1, 2, 2], data: new Float32Array(4) } as const;
    expect(() => depreprocess(grey, config)).toThrow(/float32 \[1, 1, 2, 2\] is no picture/);
  });
});

describe("readPreprocessor", () => {
  const timm = {
    input_size: [3, 288, 288],
    crop_pct: 0.95,
    interpolation: "bicubic",
    crop_mode: "center",
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  };

  it("reads timm's pretrained_cfg", () => {
    const config = readPreprocessor({ architecture: "x", pretrained_cfg: timm });
    expect(config).toMatchObject({
      resize: { to: "shortest-edge", edge: 303, filter: "bicubic" },
      crop: { width: 288, height: 288, margin: "even" },
      scale: 1 / 255,
    });
    // torchvision rounds half a pixel to even: (303 - 288) / 2 = 7.5 becomes 8
    expect(preprocess(flat(303, 303), config).geometry).toMatchObject({ left: 8, top: 8 });
    expect(preprocess(flat(303, 303), { ...config, crop: { width: 290, height: 290, margin: "even" } }).geometry.left).toBe(6);
    expect(readPreprocessor({ ...timm, crop_mode: "squash" }).resize).toEqual({
      to: "size",
      width: 303,
      height: 303,
      filter: "bicubic",
    });
  });

  it("does not square the deviation unless include_top is written", () => {
    expect(readPreprocessor(lite0).std[0]).toBeCloseTo(128 / 255);
    expect(readPreprocessor({ ...lite0, include_top: true }).std[0]).toBeCloseTo((128 / 255) ** 2);
  });

  it("reads old feature extractors and the fast classes", () => {
    const old = readPreprocessor({ feature_extractor_type: "ViTFeatureExtractor", size: 224 });
    expect(readPreprocessor({ image_processor_type: "ViTImageProcessorFast", size: { height: 224, width: 224 } })).toEqual(old);
  });

  it("says what the file leaves open", () => {
    expect(readPreprocessor({ image_processor_type: "NewImageProcessor" }).notices.join()).toMatch(/no mean.*no size/);
  });

  it.each<[string, unknown, RegExp]>([
    ["no object", [1], /expected a JSON object/],
    ["a size that is none", { size: { height: "a", width: 3 } }, /size is .*expected a number or height and width/],
    ["a size of another kind", { size: { longest_edge: 800 } }, /size is \{"longest_edge":800\}/],
    ["an unknown filter", { size: 8, resample: 9 }, /resample is 9/],
    ["a mean of two channels", { size: 8, image_mean: [1, 2], image_std: [1] }, /image_mean is \[1,2\]: expected 3 numbers/],
    ["a deviation of 0", { size: 8, image_mean: [1], image_std: [0] }, /image_std/],
    ["a flag that is a text", { size: 8, do_resize: "yes" }, /do_resize is "yes": expected true or false/],
    ["timm's border mode", { ...timm, crop_mode: "border" }, /crop_mode is "border"/],
  ])("refuses %s", (_, config, why) => {
    expect(() => readPreprocessor(config)).toThrow(why);
    expect(() => readPreprocessor(config)).toThrow(expect.objectContaining({ _tag: "BadInput" }));
  });
});

describe("guessPreprocessor", () => {
  it("takes what is said of the axes where both orders would do", () => {
    expect(guessPreprocessor(["N", 3, 6, 3])).toMatchObject({ layout: "nchw", resize: { width: 3, height: 6 } });
    expect(guessPreprocessor(["N", 3, 6, 3], { layout: "NHWC" })).toMatchObject({
      layout: "nhwc",
      resize: { width: 6, height: 3 },
    });
    expect(guessPreprocessor(["N", 3, 6, 8], { layout: "NHWC" })).toMatchObject({ layout: "nchw" });
  });
  it("takes the size from the model and says that it guessed", () => {
    const config = guessPreprocessor(["N", 3, 299, 299]);
    expect(preprocess(flat(640, 480), config).tensor.dims).toEqual([1, 3, 299, 299]);
    expect(config.notices).toEqual([expect.stringMatching(/guessed 299x299/)]);
  });

  it.each<[(string | number | null)[], number[]]>([
    [
      [1, 1, 28, 28],
      [1, 1, 28, 28],
    ],
    [
      ["N", 3, "h", "w"],
      [1, 3, 224, 224],
    ],
    [
      [null, 224, 192, 3],
      [1, 224, 192, 3],
    ],
  ])("fits %j", (dims, shape) => {
    expect(preprocess(flat(50, 40), guessPreprocessor(dims)).tensor.dims).toEqual(shape);
  });

  it("refuses a model that takes no picture", () => {
    expect(() => guessPreprocessor(["N", 128])).toThrow(/takes no picture.*\[N, 128\]/);
  });

  it("is plain data", () => {
    const config: Preprocessor = guessPreprocessor([1, 3, 8, 8]);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });
});
