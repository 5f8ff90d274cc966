/** The columns of a hex dump. */
import { expect, test } from "vitest";
import { hexHtml } from "./hex-views.ts";

test("the letters of a hex dump stand below each other, however short the last row is", () => {
  for (const count of [1, 7, 8, 9, 15, 16]) {
    const rowOf = (at: number, cells: number) => ({
      kind: "row" as const,
      at,
      cells: Array.from({ length: cells }, () => ({ byte: 0x41, value: 0.5 })),
    });
    const lines = hexHtml([rowOf(0, 16), rowOf(16, count)])
      .replace(/<[^>]*>/g, "")
      .split("\n");
    expect(lines.map((line) => line.indexOf("A"))).toEqual(lines.map(() => lines[0]!.length - 16));
  }
});
