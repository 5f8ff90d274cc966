/** Pictures people can use: styles, formats, letters, one legend; saved numbers do not change by how they are drawn. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ABOVE, encodeModelBytes, parseModel, pictureFigure } from "@backlit/core";
import { writeFigure } from "@backlit/workbench";
import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { at, backlit, root } from "./cli.ts";

const net = `<ir_version: 8, opset_import: ["" : 18]> g (float[N,3,16,16] x) => (float[N,3] y) <float[4,3,3,3] k = random(3), float[4,3] w = random(1)> {
  c = Conv <strides=[2,2], pads=[1,1,1,1]> (x, k) r = Relu(c) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul (f, w) }`;
const model = at("model.onnx");
const photo = at("photo.png");
beforeAll(async () => {
  writeFileSync(model, encodeModelBytes(parseModel(net)));
  const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
  writeFileSync(
    photo,
    await sharp({ create: { width: 48, height: 32, channels: 3, background: "red", noise } })
      .png()
      .toBuffer(),
  );
  writeFileSync(at("labels.txt"), "кот\n猫\ncat\n");
});
const SQUIRREL = fileURLToPath(new URL("../../../data/photos/squirrel.jpg", import.meta.url));
const run = (...more: string[]) => backlit("explain", model, photo, "--range", "0..1", "--labels", at("labels.txt"), ...more);

test("one figure in all formats, its words as text", async () => {
  for (const ending of ["png", "svg", "pdf"]) {
    const { code, err } = await run("--target", "0", "--heatmap", at(`map.${ending}`), "--quiet");
    expect([code, err]).toEqual([0, ""]);
  }
  expect(readFileSync(at("map.svg"), "utf8")).toMatch(/>against кот<.*>for кот</s);
  expect(readFileSync(at("map.pdf"), "latin1")).toMatch(/^%PDF-1\.7/);
  const { width } = await sharp(at("map.png")).metadata();
  expect(width).toBeGreaterThan(1000);
});

test("letters that no font has are told in other words, with a note, or drawn", async () => {
  const { code, err } = await run("--target", "1", "--heatmap", at("cjk.png"));
  expect(code).toBe(0);
  // Where a font has the letters nothing need be said.
  if (/no font/.test(err)) expect(err).toContain("the picture says 'class 1");
});

test("the look changes the picture, never the numbers", async () => {
  const numbers = async (name: string, ...look: string[]) => {
    const { code, err } = await run("--relevance", at(`${name}.npy`), "--heatmap", at(`${name}.png`), "--quiet", ...look);
    expect([code, err]).toEqual([0, ""]);
    return [readFileSync(at(`${name}.npy`)), readFileSync(at(`${name}.png`))] as const;
  };
  const plain = await numbers("plain");
  const looks = [
    ["--style", "overlay", "--on", "original", "--alpha", "0.5"],
    ["--style", "masked", "--smooth", "2"],
    ["--colormap", "dark", "--clip", "90"],
    ["--dots", "keep"],
  ]; // prettier-ignore
  for (const [i, look] of looks.entries()) {
    const [npy, png] = await numbers(`look${i}`, ...look);
    expect(npy).toEqual(plain[0]);
    expect(png).not.toEqual(plain[1]);
  }
});

test("the legend says what the first layer's stride did, and pages carry small pictures of it", async () => {
  await run("--heatmap", at("dots.svg"), "--quiet");
  expect(readFileSync(at("dots.svg"), "utf8")).toContain("first layer&#39;s stride divided out");
  await run("--target", "0", "--target", "2", "--report", at("page.html"), "--quiet");
  const page = readFileSync(at("page.html"), "utf8");
  // Photographs as WebP, maps exactly.
  expect(page.match(/src="data:image\/webp/g)).toHaveLength(3);
  expect(page.match(/src="data:image\/png/g)).toHaveLength(2);
  expect(page.match(/class="scale"/g)).toHaveLength(1);
  expect(page).toMatch(/against it<.*for the class/s);
});

test("a page of a photograph stays below 300 kB, noisy as its map may be", async () => {
  const path = at("size.html");
  const { code, err } = await backlit(
    "explain",
    "efficientnet-lite0",
    SQUIRREL,
    "--method",
    "gradient",
    "--report",
    path,
    "--quiet",
  );
  expect([code, err]).toEqual([0, ""]);
  expect(readFileSync(path).length).toBeLessThan(300_000);
});

/** A photograph in three panels of 448 pixels, under a map noisier than any of a trained net. */
const figureOfPhoto = async (name: string, grey: boolean) => {
  const file = sharp(root(`data/photos/${name}.jpg`)).resize(448, 448, { fit: "cover" });
  const { data } = await (grey ? file.grayscale().toColourspace("srgb") : file)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const values = Float32Array.from({ length: 224 * 224 }, (_, i) => Math.sin(i * 12.9898) * ((i * 7919) % 251));
  const map = { title: name, plane: { width: 224, height: 224, values } };
  return pictureFigure([map], { picture: { width: 448, height: 448, data: new Uint8Array(data) }, sides: ABOVE });
};

test.each([
  ["cat", "png", false],
  ["coffee", "pdf", false],
  ["collage-cat-coffee", "svg", false],
  ["collage-cat-screwdriver", "png", false],
  ["squirrel", "svg", true],
] as const)("a figure of %s takes at most 300 kB as %s, whatever its map", async (name, format, grey) => {
  expect((await writeFigure(await figureOfPhoto(name, grey), format)).length).toBeLessThanOrEqual(300_000);
});

test("of several classes the page has the input once; in the figure, the page and the document stand both numbers", async () => {
  const { err } = await run("--target", "top:3", "--report", at("top.html"), "--quiet");
  expect(err).toBe("");
  expect(readFileSync(at("top.html"), "utf8").match(/alt="input/g)).toHaveLength(1);
  const { out } = await run("--target", "top:3", "--json");
  const [first, second] = JSON.parse(out).inputs[0].maps;
  expect([first.logit > second.logit, JSON.parse(out).inputs[0].top[0].logit]).toEqual([true, first.logit]);
  const other = await run("--target", String(second.target), "--heatmap", at("other.svg"), "--report", at("other.html"));
  const number = ({ probability }: { readonly probability: number }) => `${(100 * probability).toFixed(1)} %`;
  const svg = readFileSync(at("other.svg"), "utf8");
  expect(svg).toMatch(new RegExp(`>[^<]* {2}${number(second)}<`));
  expect(svg).toMatch(new RegExp(`>[^<]* {2}${number(first)} \\(winner\\)<`));
  const page = readFileSync(at("other.html"), "utf8");
  expect([/explained<\/span>/.test(page), /winner<\/span>/.test(page)]).toEqual([true, true]);
  expect(other.out).toMatch(/◂ winner\n(.*\n)*.*◂ explained/);
});

test.each<[string[], RegExp]>([
  [["--alpha", "2"], /alpha 2: give a number from 0 to 1/],
  [["--clip", "no"], /--clip no: give a number/],
  [["--style", "panel"], /--style 'panel': did you mean 'panels'\?/],
  [["--colormap", "jet"], /--colormap 'jet'/],
  [["--heatmap", at("x.gif")], /--heatmap .*x\.gif: name a file that ends in \.png, \.svg, \.pdf or \.html/],
])("%j is refused", async (options, message) => {
  const { code, err } = await run("--heatmap", at("x.png"), ...options);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});
