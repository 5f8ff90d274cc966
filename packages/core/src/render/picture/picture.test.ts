import { describe, expect, test } from "vitest";
import { colorAt, diverging, divergingDark, sequential } from "../colour/colormap.ts";
import type { Mark } from "../figure/figure.ts";
import { checkLook, coloursOf, type Look } from "../look.ts";
import { createRaster, getPixel } from "../raster/canvas.ts";
import type { Plane } from "../raster/plane.ts";
import { panelsOf } from "./panels.ts";
import { drawnMaps, pictureFigure } from "./picture-figure.ts";
import { shownPlane, shownSlices, withoutDots } from "./shown.ts";

const plane = (width: number, height: number, value: (x: number, y: number) => number): Plane => ({
  width,
  height,
  values: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const signedMap = plane(8, 8, (x) => x - 3.5);
const positive = plane(8, 8, (x) => x / 10);
const picture = createRaster(16, 16, [10, 200, 30]);
const texts = (marks: readonly Mark[]) => marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
const sides = { for: "for cat", against: "against cat" };

test.each<[Look | Record<string, unknown>, RegExp]>([
  [{ style: "boxes" }, /style boxes: give panels, overlay, map or masked/],
  [{ colormap: "jet" }, /colormap jet: give auto, dark, /],
  [{ alpha: 1.5 }, /alpha 1\.5: give a number from 0 to 1/],
  [{ alpha: "1" }, /alpha 1: give a number/],
  [{ clip: 0 }, /clip 0: give a number above 0, up to 100/],
  [{ smooth: -1 }, /smooth -1/],
  [{ on: "photo" }, /on photo: give crop or original/],
  [{ toString: 1 }, /no option 'toString': it has style, /],
])("looks that are none are refused: %j", (look, message) => {
  expect(() => checkLook(look as Look)).toThrow(message);
});

test("a look is checked and kept; colours fit the range unless they are named", () => {
  expect(checkLook({ style: "map", alpha: 0, smooth: undefined } as unknown as Look)).toEqual({ style: "map", alpha: 0 });
  expect(coloursOf({}, { signed: true })).toBe(diverging);
  expect(coloursOf({}, { signed: false })).toBe(sequential);
  expect(coloursOf({ colormap: "dark" }, { signed: true })).toBe(divergingDark);
  expect(coloursOf({ colormap: "diverging" }, { signed: false })).toBe(diverging);
});

describe("styles", () => {
  const names = (look: Look, given = true) =>
    panelsOf(signedMap, { picture: given ? picture : undefined, look, side: 16, cell: 1 }).panels.map(({ name }) => name);
  test("say which panels there are; without a picture there is the map alone", () => {
    expect(names({})).toEqual(["input", "relevance", "relevance over the input"]);
    expect(names({ style: "overlay" })).toEqual(["relevance over the input"]);
    expect(names({ style: "masked" })).toEqual(["what speaks for it"]);
    expect(names({ style: "map" })).toEqual(["relevance"]);
    expect(names({ style: "overlay" }, false)).toEqual(["relevance"]);
  });
  test("masked shows the picture where it speaks for the class, the ground elsewhere", () => {
    const { raster } = panelsOf(signedMap, { picture, look: { style: "masked", clip: 100 }, side: 16, cell: 1 }).panels[0]!;
    expect(getPixel(raster, 0, 8)).toEqual([255, 255, 255]);
    expect(getPixel(raster, 15, 8)).toEqual([10, 200, 30]);
  });
  test("alpha 0 leaves the grey picture", () => {
    const { raster } = panelsOf(signedMap, { picture, look: { style: "overlay", alpha: 0 }, side: 16, cell: 1 }).panels[0]!;
    const [r, g, b] = getPixel(raster, 15, 8);
    expect([g, b]).toEqual([r, r]);
  });
  test("on the original the map lies where the model saw it", () => {
    const whole = createRaster(40, 20, [90, 90, 90]);
    const seen = { x: 20, y: 4, width: 16, height: 16 };
    const { panels } = panelsOf(positive, { picture: whole, seen, look: { clip: 100 }, side: 16, cell: 1 });
    const relevance = panels[1]!.raster;
    expect([relevance.width, relevance.height]).toEqual([40, 20]);
    expect(getPixel(relevance, 10, 10)).toEqual(colorAt(sequential, 0));
    expect(getPixel(relevance, 34, 10)).toEqual(colorAt(sequential, 1));
    expect(getPixel(relevance, 24, 10)).toEqual(colorAt(sequential, 2 / 7));
  });
});

describe("figures", () => {
  test("have one legend in words; a map that speaks for the class alone has one end", () => {
    const both = texts(pictureFigure([{ title: "cat", plane: signedMap }], { sides }).marks);
    expect(both.filter((text) => /cat/.test(text))).toEqual(["cat", "against cat", "for cat"]);
    const one = texts(pictureFigure([{ title: "cat", plane: positive }], { sides }).marks);
    expect(one.filter((text) => /cat/.test(text))).toEqual(["cat", "for cat"]);
  });
  test("several maps share range, colours and legend, also where one has no negatives; the input stands once", () => {
    const { drawn, colors, range } = drawnMaps([{ plane: signedMap }, { plane: positive }], { look: { clip: 100 } });
    expect(drawn.map((panels) => panels.range)).toEqual([range, range]);
    expect([range.limit, colors]).toEqual([3.5, diverging]);
    expect(getPixel(drawn[1]!.panels[0]!.raster, 1, 1)).toEqual(colorAt(diverging, 0));
    const { marks } = pictureFigure(
      [
        { title: "a", plane: signedMap },
        { title: "b", plane: positive },
      ],
      { picture, sides },
    ); // prettier-ignore
    const words = texts(marks);
    expect(words.filter((text) => text === "input")).toHaveLength(1);
    expect(words.filter((text) => text === "for the class")).toHaveLength(1);
    expect(words).toContain("relevance per pixel, one scale");
  });
  test("say what was done and what is not shown", () => {
    const look: Look = { smooth: 2, colormap: "sequential" };
    const visits = { across: [2, 1], down: [1] };
    const { lines, ends } = drawnMaps([{ plane: signedMap }], { look, visits });
    expect(ends.at(-1)).toMatch(/%$/);
    expect(lines).toEqual([
      "share of Σ|R| per pixel",
      "first layer's stride divided out",
      "smoothed by 2 pixels",
      "what speaks against is not shown",
    ]);
    expect(drawnMaps([{ plane: signedMap }], { look: { dots: "keep" }, visits }).lines).toEqual(["share of Σ|R| per pixel"]);
    const shared = drawnMaps([{ plane: signedMap }], { range: { limit: 2, signed: true, invalid: 0 } });
    expect(shared.lines).toEqual(["relevance per pixel, one scale"]);
  });
});

test("dots of a stride are divided out: an even map becomes even, its sum stays, what nobody visits stays zero", () => {
  const across = [2, 1];
  const dotted = plane(8, 6, (x, y) => across[x % 2]! * [1, 3, 0][y % 3]!);
  const { values } = withoutDots(dotted, { across, down: [1, 3, 0] });
  const shown = new Set(Array.from(values, (value) => Math.round(1000 * value)));
  expect([...shown].sort((a, b) => a - b)).toEqual([0, 2000]);
  const sum = (of: Float32Array) => of.reduce((a, b) => a + b, 0);
  const even = plane(8, 6, (x) => across[x % 2]!);
  expect(sum(withoutDots(even, { across, down: [1] }).values)).toBeCloseTo(sum(even.values), 4);
  expect(shownPlane(even, { smooth: 1 }).plane.values).not.toEqual(even.values);
});

test("slices of a volume: what the stride does in depth is divided out as well, and the sum stays", () => {
  const visits = { deep: [2, 1], down: [1, 2], across: [1] };
  const slices = [0, 1, 2, 3].map(
    (k): Plane => ({
      width: 2,
      height: 2,
      values: Float32Array.from({ length: 4 }, (_, i) => visits.deep[k % 2]! * visits.down[Math.floor(i / 2)]!),
    }),
  );
  const { slices: even, lines } = shownSlices(slices, {}, visits);
  expect(even.flatMap(({ values }) => [...values])).toEqual(Array(16).fill(expect.closeTo(2.25, 6)));
  expect(lines).toEqual(["first layer's stride divided out"]);
  expect(shownSlices(slices, { dots: "keep" }, visits).slices).toBe(slices);
});
