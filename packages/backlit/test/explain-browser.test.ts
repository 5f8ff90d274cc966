/** Pages of `explain` in the system's Chromium: each kind of input, wide and narrow, light and dark, read by axe. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, launch, noBrowser, openPage, seriousIn } from "./browser.ts";
import { at, backlit } from "./cli.ts";

/** A folder that keeps what the tests saw. */
const pictures = process.env.BACKLIT_SCREENSHOTS;

const saved = (name: string, text: string): string => {
  writeFileSync(at(`${name}.onnx`), encodeModelBytes(parseModel(`<ir_version: 8, opset_import: ["" : 18]> ${text}`)));
  return at(`${name}.onnx`);
};
const floats = (dims: readonly number[]) => ({
  type: "float32" as const,
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i)),
});

const MODELS = {
  picture: `g (float[N,3,16,16] x) => (float[N,3] y) <float[4,3,3,3] k = random(3), float[4,3] w = random(1)> {
    c = Conv <strides=[2,2], pads=[1,1,1,1]> (x, k) r = Relu(c) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul (f, w) }`,
  series: `g (float[N,3,90] x) => (float[N,2] y) <float[4,3,5] k = random(3), float[4,2] w = random(1)> {
    c = Conv <pads=[2,2]> (x, k) r = Relu(c) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul (f, w) }`,
  table: `g (float[N,5] x) => (float[N,2] y) <float[5,2] w = random(4)> { y = MatMul (x, w) }`,
  bag: `g (float[M,3] bag) => (float[1,2] logits) <float[3,4] w = random(1), float[4,2] v = random(2), int64[1] rows = {0}> {
    h = MatMul(bag, w) r = Relu(h) s = ReduceSum(r, rows) logits = MatMul(s, v) }`,
};
const TABLE = "sepal length in centimetres,b,c,d,e\n1.5,2,-1,3,0.2\n2,1,0,1,1\n3,1,1,0,0\n0,1,2,3,4\n";

describe.skipIf(noBrowser)("pages in a browser", () => {
  let browser: Browser;
  const pages = new Map<string, string>();
  beforeAll(async () => {
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const photo = await sharp({ create: { width: 48, height: 32, channels: 3, background: "red", noise } })
      .png()
      .toBuffer();
    mkdirSync(at("photos"));
    for (const name of ["one", "two"]) writeFileSync(join(at("photos"), `${name}.png`), photo);
    writeFileSync(at("series.npy"), writeNpy(floats([1, 3, 90])));
    writeFileSync(at("bag.npy"), writeNpy(floats([6, 3])));
    writeFileSync(at("table.csv"), TABLE);
    const model = Object.fromEntries(Object.entries(MODELS).map(([name, text]) => [name, saved(name, text)])) as typeof MODELS;
    const made = async (name: string, ...argv: readonly string[]) => {
      const { code, err } = await backlit("explain", ...argv, "--report", at(`${name}.html`), "--quiet");
      expect(code, err).toBe(0);
      pages.set(name, readFileSync(at(`${name}.html`), "utf8"));
    };
    await made("picture", model.picture, at("photos/one.png"), "--range", "0..1", "--target", "0", "--target", "2");
    await made("text", "text-sentiment", "A dull film, but the end is good.");
    await made("series", model.series, at("series.npy"), "--target", "0", "--target", "1");
    await made("table", model.table, at("table.csv"));
    await made("bag", model.bag, at("bag.npy"));
    const { code, err } = await backlit(
      "explain",
      model.picture,
      at("photos"),
      "--range",
      "0..1",
      "--out",
      at("maps"),
      "--quiet",
    );
    expect(code, err).toBe(0);
    pages.set("index of a folder", readFileSync(join(at("maps"), "index.html"), "utf8").replace(/src="(?!data:)[^"]*"/g, ""));
    browser = await launch();
  }, 120_000);
  afterAll(() => browser?.close());

  test.each(["picture", "text", "series", "table", "bag", "index of a folder"])(
    "%s: axe finds nothing serious, contrast included, and every letter is read, on a phone too",
    async (name) => {
      for (const screen of SCREENS) {
        const { page, said } = await openPage(browser, pages.get(name)!, screen);
        const shot = `${name}-${screen.width}-${screen.colorScheme}.png`;
        if (pictures) await page.screenshot({ path: join(pictures, shot), fullPage: true });
        expect(await seriousIn(page)).toEqual([]);
        const { over, sizes, scales } = await ask<{ over: number; sizes: number[]; scales: number[] }>(page, SHAPE);
        expect(over).toBeLessThanOrEqual(0);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
        expect(scales.filter((count) => count > 1)).toEqual([]);
        expect(said).toEqual([]);
        await page.close();
      }
    },
  );
});

const SCREENS = [
  { width: 390, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
] as const;

/** How far the page is wider than the screen, how large letters are, those of drawings as they are shown, and how many scales a section has. */
const SHAPE = `(() => {
  const shown = (one) => one.getClientRects().length > 0;
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const drawn = (svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return {
    scales: [...document.querySelectorAll("section")].map((one) => one.querySelectorAll(".scale").length),
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    sizes: [...document.querySelectorAll("p, td, th, figcaption, span")].filter(shown).map(size)
      .concat([...document.querySelectorAll("svg text")].filter(shown).map((text) => size(text) * drawn(text.ownerSVGElement))),
  };
})()`;
