/** What each kind of input looks like: words, bars, series, bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScoredText, TokenizedText } from "../input/text/token-text.ts";
import { type Bar, strongest, terminalBars } from "./bars.ts";
import { hexRows } from "./hex.ts";
import { hexHtml } from "./html/hex-views.ts";
import { htmlPage } from "./html/page.ts";
import { wordsHtml } from "./html/words-html.ts";
import { piecesOf } from "./pieces.ts";
import { bucketsOf, channelsOf, stepSums } from "./series.ts";
import { signed, signedBeside } from "./signed.ts";
import { barChart, barFigure } from "./svg/bar-chart.ts";
import { seriesChart, seriesFigure } from "./svg/series-chart.ts";
import { ticks } from "./svg/svg.ts";
import { terminalHex } from "./terminal/terminal-hex.ts";
import { terminalSeries } from "./terminal/terminal-series.ts";
import { terminalWords } from "./terminal/terminal-words.ts";

const span = (text: number, start: number, end: number) => ({ text, start, end });
const tokenized: TokenizedText = {
  texts: ["A <b> dull & long one"],
  tokens: [
    { token: "[CLS]", id: 0, type: 0, word: null },
    { token: "a", id: 1, type: 0, word: 0, span: span(0, 0, 1) },
    { token: "dull", id: 2, type: 0, word: 1, span: span(0, 6, 10) },
  ],
  words: [span(0, 0, 1), span(0, 6, 10)],
  cut: 3,
};
const scored: ScoredText = {
  tokens: Float32Array.of(0.5, 0.25, -2),
  words: Float32Array.of(0.25, -2),
  special: 0.5,
  total: -1.25,
};
const pieces = piecesOf(tokenized, scored);

describe("words", () => {
  it("keep the text as it was written, with what was cut off marked", () => {
    expect(pieces.map(({ text }) => text).join("")).toBe(tokenized.texts[0]);
    expect(pieces.at(-1)).toEqual({ text: " & long one", unseen: true });
  });
  it("in a terminal: colours by sign, or signed numbers", () => {
    expect(terminalWords(pieces, "none")).toEqual(["A[+0.25] <b> dull[-2.00] [not seen: & long one]"]);
    const [, red, blue] = /48;2;(\d+);\d+;(\d+)mdull/.exec(terminalWords(pieces, "truecolor")[0]!)!;
    expect(Number(blue)).toBeGreaterThan(Number(red));
  });
  it("cannot move the cursor, and keep their lines", () => {
    const lines = terminalWords([{ text: "a\x1b[2Jb\nc", value: 1 }], "256");
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.endsWith("\x1b[0m"))).toBe(true);
    expect(lines[0]).not.toContain("\x1b[2J");
  });
  it("in HTML: escaped, scores on hover, special tokens and their sum apart", () => {
    const { body, legend } = wordsHtml(tokenized, scored);
    expect(body).toContain("&lt;b&gt;");
    expect(body).toMatch(/<span class="v" style="[^"]+" title="−2">dull<\/span>/);
    expect(body).toMatch(/<span class="special" title="\+0\.5">\[CLS\]<\/span>/);
    expect(body).toContain('<span class="unseen" title="cut off"> &amp; long one</span>');
    expect(legend).toContain("Σ R of the special token +0.5");
    const page = htmlPage({ title: "<t>", subtitle: "s", sections: [{ title: "x", classes: [], body, legend }] });
    expect(page).toContain("<title>&lt;t&gt;</title>");
    expect(page).toContain("prefers-color-scheme:dark");
    expect(page).not.toMatch(/(src|href)="?(https?:|\/\/)|@import|<script/);
  });
});

const bars: readonly Bar[] = [
  { name: "width", given: "2.5", value: 0.5 },
  { name: 'a "name" & <more>', value: -1 },
  { name: "height", given: "-1", value: 0.01 },
  { name: "depth", value: 0.02 },
];

describe("bars", () => {
  it("strongest first, nothing lost", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true })), fc.nat(12), (values, count) => {
        const { shown, rest } = strongest(
          values.map((value, i) => ({ name: `${i}`, value })),
          count,
        );
        const sum = shown.reduce((total, { value }) => total + value, rest?.value ?? 0);
        expect(sum).toBeCloseTo(
          values.reduce((a, b) => a + b, 0),
          9,
        );
        expect(shown.length + (rest?.count ?? 0)).toBe(values.length);
        const sizes = shown.map(({ value }) => Math.abs(value));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
    );
  });
  it("in a terminal: to the left against, to the right for, of one width", () => {
    const lines = terminalBars(bars, { width: 70, colors: "none", count: 3 });
    expect(lines[0]).toMatch(/^a "name" & <more> +█+│ +-1$/);
    expect(lines[1]).toMatch(/^width +2\.5 +│█+ +\+0\.5$/);
    expect(lines[3]).toMatch(/^1 more +\+0\.01 together$/);
    expect(new Set(lines.slice(0, 3).map((line) => line.indexOf("│"))).size).toBe(1);
  });
  it("as SVG: names escaped, lengths in proportion around the zero line", () => {
    const svg = barChart(bars, { title: "class <0>" });
    expect(svg).toContain("a &quot;name&quot; &amp; &lt;more&gt;");
    expect(svg).toContain("height = −1");
    const rects = Array.from(
      svg.matchAll(/<rect class="(\S+)"[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g),
      (m) => [m[1], ...m.slice(2).map(Number)] as [string, number, number],
    );
    expect(rects[0]![0]).toBe("bl-n8");
    expect(rects[1]![0]).toBe("bl-p4");
    expect(rects[0]![2] / rects[1]![2]).toBeCloseTo(2, 1);
    expect(rects[0]![1] + rects[0]![2]).toBeCloseTo(rects[1]![1], 0);
  });
  it("narrow: names over their bars, none as wide as it must be cut, numbers at the right", () => {
    const { width, marks } = barFigure(bars, { width: 350, count: 2 });
    expect(width).toBe(350);
    const texts = marks.flatMap((mark) => (mark.kind === "text" ? [mark] : []));
    expect(texts.map(({ text }) => text)).toContain("width = 2.5");
    for (const { size = 14, x } of texts) expect([size >= 11, x >= 0, x <= 350]).toEqual([true, true, true]);
    const rects = marks.flatMap((mark) => (mark.kind === "rect" ? [mark] : []));
    expect(rects[0]!.width / rects[1]!.width).toBeCloseTo(2);
  });
  it("draws zeros and nothing at all", () => {
    expect(barChart([{ name: "a", value: 0 }])).toContain("bl-zero");
    expect(barChart([])).not.toContain("NaN");
    expect(terminalBars([], { width: 40, colors: "none", count: 3 })).toEqual([]);
  });
});

describe("series", () => {
  it("reduced: every position once, extremes kept, relevance kept", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (values, columns) => {
          const relevance = Float32Array.from(values, (v, i) => (v * (i % 3)) / 4);
          const buckets = bucketsOf({ values: Float32Array.from(values), relevance }, columns);
          expect(buckets.map(({ start }) => start)).toEqual([0, ...buckets.slice(0, -1).map(({ end }) => end)]);
          expect(buckets.at(-1)!.end).toBe(values.length);
          const kept = buckets.flatMap(({ points }) => points.map(([, value]) => value));
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...values), Math.max(...values)]);
          expect(buckets.reduce((sum, b) => sum + b.relevance, 0)).toBeCloseTo(
            relevance.reduce((a, b) => a + b, 0),
            3,
          );
        },
      ),
    );
  });
  it("channels come first, as the reading lays them", () => {
    const data = Float32Array.from({ length: 6 }, (_, i) => i);
    expect(channelsOf([2, 3], data).map((c) => [...c])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(channelsOf([3, 2], data).map((c) => [...c])).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
  });
  it("is drawn: grey without relevance, coloured with it, small however long", () => {
    const values = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 900));
    const relevance = values.map((_, i) => (i > 50_000 && i < 51_000 ? 1 : 0));
    const svg = seriesChart([{ values, relevance }], { title: "t" });
    expect(svg.length).toBeLessThan(100_000);
    expect(svg).toMatch(/<path class="bl-p8"/);
    expect(svg).not.toMatch(/<path class="bl-n|NaN/);
    const [line, peaks] = terminalSeries({ values, relevance }, { width: 50, colors: "none" });
    expect(line).toHaveLength(50);
    expect(peaks!.length).toBeLessThanOrEqual(50);
    expect(peaks).toMatch(/most relevance at 50000-51999 \+1e\+?3|most relevance at 50000-51999 \+\d/);
  });
  const noise = (seed: number) => (_: unknown, i: number) =>
    Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453 - Math.floor(Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453) - 0.5;
  const twelve = Array.from({ length: 12 }, (_, c) => ({
    values: Float32Array.from({ length: 5000 }, noise(c)),
    relevance: Float32Array.from({ length: 5000 }, noise(c + 50)),
  }));
  it("twelve channels of noise, wide and narrow, fit in a small page", () => {
    const [wide, narrow] = [seriesChart(twelve), seriesChart(twelve, { width: 350 })];
    expect(wide.length + narrow.length).toBeLessThan(290_000);
    expect(narrow).toContain('width="350"');
  });
  it("every channel has its strip, and below them stand the sums of each step", () => {
    const { marks } = seriesFigure(twelve);
    const texts = marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
    for (let c = 0; c < 12; c++) expect(texts.some((text) => text === `channel ${c}` || text === String(c))).toBe(true);
    expect(texts).toContain("sums over all 12 channels");
    const one = [1, 2].map((r) => ({ relevance: Float32Array.of(r, 0, -3 * r) }));
    expect(Array.from(stepSums(one))).toEqual([3, 0, -9]);
    // The longest bar of the sums goes down from the zero line, where the other one stands on it.
    const rects = seriesFigure(one)
      .marks.filter((mark) => mark.kind === "rect")
      .slice(-3);
    const [small, large] = [3, -9].map((value) => rects.find(({ tone }) => (tone as { value: number }).value === value)!);
    expect(large!.height / small!.height).toBeCloseTo(3);
    expect(small!.y + small!.height).toBeCloseTo(large!.y);
  });
  it("ticks are round and inside", () => {
    expect(ticks(-0.3, 1.1)).toEqual([0, 0.5, 1]);
    expect(ticks(2, 2)).toEqual([2]);
  });
});

describe("bytes", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i + 28);
  const values = Float32Array.from(bytes, (_, i) => (i === 40 ? 1 : i === 90 ? -0.8 : 0.001));
  it("rows of sixteen; of many those with most relevance, the gaps named", () => {
    expect(hexRows(bytes, values, 99).map((row) => row.kind)).toEqual(Array.from({ length: 7 }, () => "row"));
    expect(hexRows(bytes, values, 2)).toMatchObject([
      { kind: "gap", rows: 2 },
      { kind: "row", at: 32 },
      { kind: "gap", rows: 2 },
      { kind: "row", at: 80 },
      { kind: "gap", rows: 1 },
    ]);
  });
  it("in a terminal: position, bytes, characters, the row's relevance; a short row is as wide", () => {
    const lines = terminalHex(hexRows(bytes, values, 99), "none");
    expect(lines[0]).toMatch(/^00000000 {2}1c 1d .* {2}\.\.\.\. !"#\$%&'\(\)\*\+ {2}\+0\.016$/);
    expect(lines[2]).toContain("44+");
    expect(lines[5]).toContain("76-");
    expect(lines[6]!.lastIndexOf("+0.004")).toBe(lines[0]!.lastIndexOf("+0.016"));
  });
  it("in HTML: characters escaped, scores with positions", () => {
    const html = hexHtml(hexRows(bytes, values, 99));
    expect(html).toContain("&amp;");
    expect(html).toContain('title="00000028: +1"');
  });
});

it("signed numbers", () => {
  expect([0.4234, -12345, 1e-7, 0, Number.NaN].map((value) => signed(value))).toEqual(["+0.423", "-12300", "+1.00e-7", "0", "?"]);
  expect([0.4014, -0.0074, 0.0004, 12].map((value) => signedBeside(value, 0.4014))).toEqual(["+0.401", "-0.007", "0", "+12.000"]);
});
