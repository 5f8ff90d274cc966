import { describe, expect, test } from "vitest";
import { guessPreprocessor } from "./guess.ts";
import type { Pixels } from "./pixels.ts";
import { preprocess } from "./preprocess.ts";
import { IMAGENET, pixelBox } from "./preprocessor.ts";
import { readPreprocessor } from "./read-preprocessor.ts";
import { type SaidPreprocessing, sayPreprocessing } from "./said.ts";
import { writePreprocessor } from "./write-preprocessor.ts";

const NCHW = [1, 3, 224, 224];
const pixel: Pixels = { width: 1, height: 1, channels: 3, data: Uint8Array.of(255, 128, 0) };
/** A pixel's values. */
const valuesOf = (said: SaidPreprocessing) =>
  Array.from(preprocess(pixel, sayPreprocessing({ size: 1, ...said }, ["N", 3, "H", "W"])).tensor.data as Float32Array);
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4));

describe("values", () => {
  test.each<[string, SaidPreprocessing, number[]]>([
    ["0..1", { range: "0..1" }, [1, 128 / 255, 0]],
    ["-1..1", { range: "-1..1" }, [1, 128 / 127.5 - 1, -1]],
    ["0..255", { range: "0..255" }, [255, 128, 0]],
    ["mean and deviation of 0..1", { mean: [0.5, 0.4, 0.3], std: 0.5 }, [1, (128 / 255 - 0.4) / 0.5, -0.6]],
    ["a mean above 1 is of 0..255", { mean: [103.939, 116.779, 123.68], bgr: true }, [-103.939, 128 - 116.779, 255 - 123.68]],
    ["one number for all", { mean: 127.5, std: 127.5 }, [1, 128 / 127.5 - 1, -1]],
  ])("%s", (_, said, values) => expect(valuesOf(said)).toEqual(near(values)));

  test("grey models take one number; other counts and deviations of 0 are refused", () => {
    const grey = sayPreprocessing({ mean: 0.1307, std: 0.3081 }, ["N", 1, 28, 28]);
    expect(pixelBox(grey)).toEqual({ low: [expect.closeTo(-0.4242, 4)], high: [expect.closeTo(2.8215, 4)] });
    expect(() => sayPreprocessing({ mean: [1, 2, 3] }, ["N", 1, 28, 28])).toThrow(/--mean 1,2,3: .* 1 channel: give one number$/);
    expect(() => sayPreprocessing({ std: [1, 2] }, NCHW)).toThrow(/--std 1,2: .* 3 channels: give one number, or 3/);
    expect(() => sayPreprocessing({ std: 0 }, NCHW)).toThrow(/numbers above 0/);
  });
});

describe("sizes", () => {
  test("alone both edges, with a crop the shorter edge, two numbers as they are", () => {
    const frame = (said: SaidPreprocessing, dims = NCHW) => {
      const { resize, crop } = sayPreprocessing(said, dims);
      return { resize, crop };
    };
    expect(frame({ size: 224 })).toMatchObject({ resize: { to: "size", width: 224, height: 224 }, crop: null });
    expect(frame({ size: 256, crop: 224 })).toMatchObject({ resize: { to: "shortest-edge", edge: 256 }, crop: { width: 224 } });
    expect(frame({ size: [8, 6] }, [1, 3, 6, 8])).toMatchObject({ resize: { to: "size", width: 8, height: 6 }, crop: null });
  });

  test("what the model does not take is refused", () => {
    expect(() => sayPreprocessing({ size: 256 }, NCHW)).toThrow(/pictures of 256x256 pixels: the model takes 224x224: give that/);
    expect(() => sayPreprocessing({ size: 0 }, NCHW)).toThrow(/--size 0/);
  });

  test("NHWC as the shape says, or as somebody says", () => {
    expect(sayPreprocessing({ size: 8 }, ["N", 8, 8, 3]).layout).toBe("nhwc");
    expect(sayPreprocessing({ size: [6, 3], layout: "NHWC" }, [1, 3, 6, 3]).layout).toBe("nhwc");
  });
});

test("guessed: ImageNet's nets look at the middle, small ones at the whole picture", () => {
  expect(guessPreprocessor(NCHW)).toMatchObject({ resize: { to: "shortest-edge", edge: 256 }, crop: { width: 224 } });
  expect(guessPreprocessor([1, 3, 32, 32])).toMatchObject({ resize: { to: "size", width: 32, height: 32 }, crop: null });
});

test("the notices name what is still guessed; a file's own preprocessing keeps what nobody says", () => {
  const notices = (said: SaidPreprocessing) => sayPreprocessing(said, NCHW).notices.join();
  expect(notices({ size: 224, mean: 0.5 })).toBe("");
  expect(notices({ size: 224 })).toBe("no preprocessor_config.json: guessed ImageNet mean and deviation (--mean, --std)");
  expect(notices({ mean: 0.5 })).toBe("no preprocessor_config.json: guessed 224x224 pixels (centre) (--size)");
  const own = { range: "0..255", node: "rescaling" } as const;
  expect(sayPreprocessing({ size: 224 }, NCHW, { own })).toMatchObject({
    scale: 1,
    mean: [0, 0, 0],
    notices: ["no preprocessor_config.json: guessed 0..255, which the model scales itself (rescaling) (--mean, --std)"],
  });
  expect(sayPreprocessing({ size: 224, range: "0..1" }, NCHW, { own })).toMatchObject({ scale: 1 / 255, notices: [] });
  const known = readPreprocessor(
    { size: { shortest_edge: 256 }, do_center_crop: true, crop_size: 224, image_mean: IMAGENET.mean, image_std: IMAGENET.std },
    NCHW,
  );
  const said = sayPreprocessing({ bgr: true }, NCHW, { known });
  expect(said).toEqual({ ...known, order: "bgr" });
});

test.each<[string, SaidPreprocessing, readonly (number | string)[]]>([
  ["torchvision's", { size: 256, crop: 224, mean: IMAGENET.mean, std: IMAGENET.std }, NCHW],
  ["Keras' caffe", { size: 224, mean: [103.939, 116.779, 123.68], bgr: true }, ["N", 224, 224, 3]],
  ["-1..1", { size: 224, range: "-1..1" }, NCHW],
  ["grey", { range: "0..255" }, ["N", 1, 28, 28]],
  ["guessed", {}, NCHW],
])("written and read again: %s", (_, said, dims) => {
  const made = sayPreprocessing(said, dims);
  const read = readPreprocessor(JSON.parse(JSON.stringify(writePreprocessor(made))), dims);
  expect(read).toEqual({ ...made, notices: [] });
});
