import { describe, expect, test } from "vitest";
import { matrixChart } from "./svg/matrix-chart.ts";
import { terminalMatrix } from "./terminal/terminal-matrix.ts";

const matrix = {
  rows: ["one", "a name that is longer than all the room there is"],
  columns: ["the", "cat", "<sat>"],
  values: [
    [0.5, -1, 0],
    [0, 0.25, 0.125],
  ],
};

describe("a matrix", () => {
  test("as SVG: a cell each, told to who does not see, names escaped", () => {
    const svg = matrixChart(matrix, "steps");
    expect(svg.match(/<rect /g)).toHaveLength(6);
    expect(svg).toContain("one, cat: −1");
    expect(svg).toContain("&lt;sat&gt;");
    expect(svg).toMatch(/role="img" aria-label="relevance of 3 columns for 2 rows"/);
  });
  test("in a terminal: numbers in columns; blocks where there is no room", () => {
    const lines = terminalMatrix(matrix, { width: 80, colors: "none" });
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/ one {2}\+0\.50 -1\.00 +0$/);
    expect(terminalMatrix(matrix, { width: 40, colors: "none" }).length).toBeGreaterThan(3);
    expect(terminalMatrix(matrix, { width: 80, colors: "256" })).toHaveLength(2);
  });
});
