import { unzlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { createRaster, getPixel } from "../raster/canvas.ts";
import { below, beside, type Figure, type Mark } from "./figure.ts";
import { hexFigure } from "./hex-figure.ts";
import { foreignTexts, inOwnFont, letterKey } from "./letters.ts";
import { figurePdf, inPdfFonts } from "./pdf-figure.ts";
import { figureRaster } from "./raster-figure.ts";
import { figureSvg } from "./svg-figure.ts";
import { fitted, helveticaWidth, roomFor } from "./text-size.ts";
import { wordsFigure } from "./words-figure.ts";

const figureOf = (...marks: Mark[]): Figure => ({ width: 40, height: 20, label: "a <figure>", marks, scale: 1 });
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
/** Streams of a file, inflated. */
const streamsOf = (pdf: Uint8Array): string[] =>
  Array.from(latin(pdf).matchAll(/\/Length (\d+)[^>]*>>\nstream\n/g), ({ 0: head, 1: length, index }) => {
    const from = index + head.length;
    return latin(unzlibSync(pdf.subarray(from, from + Number(length))));
  });

describe("marks", () => {
  const rect: Mark = { kind: "rect", x: 4, y: 2, width: 10, height: 8, tone: [200, 10, 20] };
  test("as pixels: where they lie, their edges in parts", () => {
    const raster = figureRaster(figureOf({ ...rect, x: 4.5 }));
    expect(getPixel(raster, 8, 5)).toEqual([200, 10, 20]);
    expect(getPixel(raster, 4, 5)).toEqual([228, 133, 138]);
    expect(getPixel(raster, 2, 5)).toEqual([255, 255, 255]);
    expect(getPixel(figureRaster({ ...figureOf(rect), dark: true }), 30, 15)).toEqual([20, 23, 27]);
  });
  test("as SVG: texts escaped, classes for what follows the appearance, pictures embedded", () => {
    const svg = figureSvg(
      figureOf(
        { kind: "text", text: "虎 & <猫>", x: 3, y: 9, anchor: "end", bold: true },
        {
          kind: "line",
          points: [
            [0, 0],
            [4, 4],
          ],
          tone: { value: -1, limit: 1 },
          width: 2,
        }, // prettier-ignore
        { kind: "image", x: 0, y: 0, width: 2, height: 2, raster: createRaster(2, 2) },
        rect,
      ),
    );
    expect(svg).toContain('class="bl-ink bl-bold" text-anchor="end">虎 &amp; &lt;猫&gt;</text>');
    expect(svg).toContain('class="bl-n8"');
    expect(svg).toContain('href="data:image/png;base64,');
    expect(svg).toContain('fill="#c80a14"');
    expect(svg).toContain('aria-label="a &lt;figure&gt;"');
  });
  test("as PDF: text stays text, offsets are right, a page as large as the figure", () => {
    const pdf = figurePdf(
      figureOf(
        { kind: "text", text: "Σ|R| (é) ≥ −1", x: 3, y: 9 },
        { kind: "image", x: 0, y: 0, width: 2, height: 2, raster: createRaster(2, 1, [1, 2, 3]) },
      ),
    );
    const text = latin(pdf);
    expect(text).toMatch(/^%PDF-1\.7/);
    expect(text).toContain("/MediaBox [0 0 30 15]");
    const start = Number(/startxref\n(\d+)/.exec(text)![1]);
    expect(text.slice(start, start + 4)).toBe("xref");
    const offsets = Array.from(text.slice(start).matchAll(/^(\d{10}) 00000 n/gm), ([, offset]) => Number(offset));
    offsets.forEach((offset, i) => {
      expect(text.slice(offset).startsWith(`${i + 1} 0 obj`)).toBe(true);
    });
    const [image, page] = streamsOf(pdf) as [string, string];
    // A row: no filter, then two pixels of the palette's only colour.
    expect(image).toBe("\x00\x00\x00");
    expect(text).toContain(
      "/ColorSpace [/Indexed /DeviceRGB 0 <010203>] /DecodeParms << /Predictor 15 /Colors 1 /BitsPerComponent 8 /Columns 2 >>",
    );
    // Σ of Symbol, then |R| ( é ) of Helvetica.
    expect(page).toContain("/S 14 Tf <53> Tj /R 14 Tf <7c527c2028e92920> Tj /S 14 Tf <b3> Tj");
  });
});

describe("letters that no font of ours has", () => {
  const mark: Mark = { kind: "text", text: "虎", otherwise: "class 3", x: 2, y: 15, size: 14 };
  const letters = new Map([[letterKey(mark), { width: 48, height: 96, ascent: 67, cover: new Uint8Array(48 * 96).fill(255) }]]);
  const inked = (figure: Figure, given?: typeof letters) => figureRaster(figure, given).data.filter((v) => v < 100).length > 0;
  test("are drawn elsewhere, or told in other words; never as other letters or boxes", () => {
    expect(["é", "虎", "σ", "a"].map(inOwnFont)).toEqual([false, false, false, true]);
    expect(["é", "ß", "虎", "σ", "ж"].map(inPdfFonts)).toEqual([true, true, false, true, false]);
    expect(foreignTexts(figureOf(mark, mark), inOwnFont)).toEqual([mark]);
    const [drawn, told] = [figureRaster(figureOf(mark), letters), figureRaster(figureOf(mark))];
    expect(getPixel(drawn, 5, 8)).toEqual([28, 32, 38]);
    expect(told).toEqual(figureRaster(figureOf({ ...mark, text: "class 3" })));
    const { otherwise: _, ...bare } = mark;
    expect(inked(figureOf(bare))).toBe(false);
  });
  test("in PDF are a picture that is copied as text", () => {
    const page = streamsOf(figurePdf(figureOf(mark), letters)).at(-1)!;
    expect(page).toContain("/ActualText <feff864e>");
    expect(streamsOf(figurePdf(figureOf(mark))).at(-1)).toContain("636c6173732033"); // class 3
  });
});

test("figures stand in a row or below each other, nothing of them lost", () => {
  const [a, b] = [
    figureOf({ kind: "text", text: "a", x: 1, y: 2 }),
    { ...figureOf({ kind: "text", text: "b", x: 1, y: 2 }), height: 50 },
  ];
  expect(beside([a, b], 10)).toMatchObject({
    width: 90,
    height: 50,
    marks: [{ x: 1 }, { x: 51, y: 2 }],
    label: "a <figure>; a <figure>",
  });
  expect(below([a, b], 10)).toMatchObject({ width: 40, height: 80, marks: [{ y: 2 }, { x: 1, y: 32 }] });
});

test("texts are measured as Helvetica is, and shortened to their room", () => {
  expect(helveticaWidth("Wim.", { size: 1000 })).toBe(944 + 222 + 833 + 278);
  expect(helveticaWidth("虎é", { size: 10 })).toBeCloseTo(15.56, 5);
  const short = fitted("a rather long name of a class", 80);
  expect(short).toMatch(/^a rather.*…$/);
  expect(roomFor(short)).toBeLessThanOrEqual(80);
});

describe("words", () => {
  const pieces = [
    { text: "good", value: 1 },
    { text: " " },
    { text: "bad", value: -0.5 },
    { text: "\n" },
    { text: "cut", unseen: true as const },
  ];
  test("stand on their colours in lines, no two over each other, within the figure", () => {
    const long = Array.from({ length: 60 }, (_, i) => [{ text: `word${i}`, value: i / 60 }, { text: " " }]).flat();
    const { marks, width, height } = wordsFigure([pieces, long, [{ text: "x".repeat(400), value: 1 }]], {
      title: "t",
      width: 300,
    });
    const boxes = marks.flatMap((mark) => (mark.kind === "rect" ? [mark] : []));
    for (const [i, a] of boxes.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(width);
      for (const b of boxes.slice(i + 1))
        expect(a.x + a.width <= b.x + 2.01 || b.x + b.width <= a.x + 2.01 || a.y !== b.y).toBe(true);
    }
    expect(height).toBeGreaterThan(300);
    const joined = marks.flatMap((mark) => (mark.kind === "text" && mark.text.startsWith("x") ? [mark.text] : [])).join("");
    expect(joined).toBe("x".repeat(400));
  });
  test("from right to left begin at the right", () => {
    const at = (text: string, marks: readonly Mark[]) =>
      marks.find((mark) => mark.kind === "text" && mark.text === text) as { x: number };
    const { marks } = wordsFigure([[{ text: "قط", value: 1 }, { text: " " }, { text: "نمر", value: 1 }]]);
    expect(at("قط", marks).x).toBeGreaterThan(at("نمر", marks).x);
  });
});

test("bytes stand in a grid of their values and letters", () => {
  const row = {
    kind: "row" as const,
    at: 16,
    cells: [
      { byte: 65, value: 1 },
      { byte: 0, value: -1 },
    ],
  }; // prettier-ignore
  const texts = hexFigure([row, { kind: "gap", rows: 3 }]).marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
  expect(texts.slice(0, 6)).toEqual(["00000010", "41", "A", "00", ".", "… 3 rows with less relevance"]);
});
