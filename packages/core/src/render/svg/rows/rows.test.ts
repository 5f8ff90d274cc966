import { describe, expect, test } from "vitest";
import { helveticaWidth } from "../../figure/text-size.ts";
import { beeswarm, byMean, decisionPath, dependence, meanBars, type RowsTable, rowsHeatmap, waterfall } from "./index.ts";
import { interacting } from "./interacting.ts";
import { placesIn } from "./table.ts";

/** R of a is a, turned by c; b says little; d is a text. */
const given = Array.from({ length: 24 }, (_, n) => [n - 12, n % 5, n % 2, n % 3 === 0 ? "red" : "<blue>"] as const);
const relevance = given.map(([a, b, c]) => [a * (c === 1 ? 1 : -1), b / 10, 0.5, -0.25]);
const table: RowsTable = {
  columns: ["a", "b", "c", "d & e"],
  given,
  relevance,
  rows: given.map((_, n) => `row ${n}`),
  ends: relevance.map((row) => ({ reference: 2, score: 2 + row.reduce((x, y) => x + y, 0) })),
};
const count = (svg: string, what: string) => svg.split(what).length - 1;

describe("charts over rows", () => {
  test("columns stand by their mean |R|", () => {
    expect(byMean(table).map(({ column }) => column)).toEqual([0, 2, 3, 1]);
    expect(meanBars(table)).toContain("+6<");
  });

  test("a dot a row and column; names are escaped, texts grey", () => {
    const svg = beeswarm(table);
    expect(count(svg, "<circle")).toBe(24 * 4);
    expect(svg).toContain("d &amp; e = &lt;blue&gt;");
    expect(count(svg, 'class="bl-zero"')).toBe(24);
  });

  test("places go by rank, equal values together", () => {
    const places = placesIn({ ...table, given: [[1], [1], [1000], [2]] }, 0);
    expect(places.map((place) => place!.toFixed(3))).toEqual(["-0.667", "-0.667", "1.000", "0.333"]);
  });

  test("a waterfall ends at f(x); what is not shown is one step", () => {
    const svg = waterfall(table, 3, { count: 3 });
    expect(svg).toContain("2 others");
    expect(svg).toContain(
      `f(x) = ${table
        .ends![3]!.score.toPrecision(4)
        .replace("-", "−")
        .replace(/\.?0+$/, "")}`,
    );
    expect(count(svg, "<rect")).toBe(3);
  });

  test("dependence is coloured by what R goes with, and is no chart of one value", () => {
    expect(interacting(table, 0)).toBe(2);
    expect(dependence(table, 0)).toContain("coloured by c");
    const same = { ...table, given: given.map(([, b, c, d]) => [1, b, c, d]) };
    expect(dependence(same, 0)).toBeUndefined();
  });

  test("dependence on texts: a row of dots a category, least mean R first; the rarest are one", () => {
    const turned = { ...table, relevance: given.map(([, , c, d]) => [0, 0, 0, d === "red" ? -1 - c : 1]) };
    const svg = dependence(turned, 3)!;
    expect(count(svg, "<circle")).toBe(24);
    expect(svg.indexOf(">red<")).toBeLessThan(svg.indexOf(">&lt;blue&gt;<"));
    expect(svg.indexOf(">red<")).toBeGreaterThan(0);
    expect(interacting(turned, 3)).toBe(2);
    const many = { ...table, given: given.map((row, n) => [...row.slice(0, 3), `text ${n % 9}`]) };
    expect(dependence(many, 3, { count: 4 })).toContain(">6 others<");
    expect(dependence({ ...table, given: given.map((row) => [...row.slice(0, 3), "red"]) }, 3)).toBeUndefined();
  });

  test("narrow: as wide as asked for, every text inside, names longer than the drawing cut, headings broken", () => {
    const long = {
      ...table,
      columns: ["a", "b", "c", "d"].map((name) => `${name} of a column with a name as long as these are`),
    };
    const drawings = [
      ...[beeswarm, rowsHeatmap, decisionPath].map((draw) => draw(long, { width: 350 })),
      ...[waterfall(long, 3, { width: 350 }), decisionPath(long, { row: 3, width: 350 })],
      ...[dependence(long, 0, { width: 350 })!, dependence(long, 3, { width: 350 })!, meanBars(long, { width: 350 })],
    ];
    for (const svg of drawings) {
      expect(svg).toContain('width="350"');
      const texts = [...svg.matchAll(/<text ([^>]*)>([^<]*)</g)];
      expect(texts.length).toBeGreaterThan(4);
      for (const [, how, text] of texts) {
        const room = helveticaWidth(text!.replace(/&\w+;/g, "&"), { bold: how!.includes("bold") });
        const at = Number(/\bx="([-\d.]+)"/.exec(how!)![1]);
        const left = at - (how!.includes('"end"') ? room : how!.includes('"middle"') ? room / 2 : 0);
        expect([text, left >= 0, left + room <= 350]).toEqual([text, true, true]);
      }
    }
  });

  test("a cell a row and column, rows alike together; a line a row on the way to f(x)", () => {
    expect(count(rowsHeatmap(table), "<rect")).toBe(24 * 4);
    expect(count(decisionPath(table), "<title>")).toBe(24);
    expect(count(decisionPath(table, { row: 1 }), "<title>")).toBe(1);
  });
});
