/** The bundled models of shapes, asked as docs/targets.md asks them. */
import { readFileSync } from "node:fs";
import { readNpy } from "@backlit/core";
import sharp from "sharp";
import { expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const picture = root("data/shapes/two.png");
/** Where the triangle and the circle were drawn. */
const boxes = [
  [12, 16, 33, 37],
  [5, 44, 22, 61],
] as const;
type Box = readonly [x1: number, y1: number, x2: number, y2: number];

const positiveIn = (map: Float32Array, [x1, y1, x2, y2]: Box): number => {
  let sum = 0;
  for (let y = y1; y < y2; y++)
    for (let x = x1; x < x2; x++) {
      const at = y * 64 + x;
      sum += Math.max(0, map[at]! + map[4096 + at]! + map[8192 + at]!);
    }
  return sum;
};

/** Intersection over union. */
const overlap = (a: Box, b: Box): number => {
  const shared = [0, 1].reduce((n, k) => n * Math.max(0, Math.min(a[k + 2]!, b[k + 2]!) - Math.max(a[k]!, b[k]!)), 1);
  const area = ([x1, y1, x2, y2]: Box) => (x2 - x1) * (y2 - y1);
  return shared / (area(a) + area(b) - shared);
};

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit("explain", ...argv, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

test("a detector: nearly all positive relevance lies in the box that is asked, and the box is drawn", async () => {
  for (const [k, label] of ["triangle", "circle"].entries()) {
    const files = ["--relevance", at("box.npy"), "--heatmap", at("box.png")];
    const { inputs } = await json("shapes-detector", picture, "--target", `box:${k}`, ...files);
    expect(inputs[0].label).toBe(`box:${k} (${label})`);
    expect(overlap(inputs[0].found.box, boxes[k]!)).toBeGreaterThan(0.6);
    const map = readNpy(readFileSync(at("box.npy"))).data as Float32Array;
    expect(positiveIn(map, boxes[k]!) / positiveIn(map, [0, 0, 64, 64])).toBeGreaterThan(0.95);
    expect((await sharp(readFileSync(at("box.png"))).metadata()).width).toBeGreaterThan(600);
  }
});

test("a segmentation: the larger shape's region when nobody says, one of a name, a pixel", async () => {
  const { inputs } = await json("shapes-segmenter", picture);
  expect(inputs[0].label).toBe("region:triangle");
  expect(inputs[0].found.pixels).toBeGreaterThan(150);
  const named = await json("shapes-segmenter", picture, "--target", "region:circle", "--target", "circle@pixel:52,13");
  expect(named.inputs[0].maps.map((map: { label: string }) => map.label)).toEqual(["region:circle", "circle@pixel:52,13"]);
});
