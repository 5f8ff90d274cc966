import { expect, test } from "vitest";
import { asksOf, pixelAsked, wordAsked } from "./asks.ts";

const of = (label: string, found?: object, area?: { width: number; height: number; positions: number[] }) =>
  asksOf({ target: { index: label, label }, ...(found && { found: { ...found } }), ...(area && { area }) });

test("what a click asks about goes by what was explained", () => {
  expect(of("tiger cat")).toBeUndefined();
  expect(of("box:0 (circle)", { box: [0, 0, 1, 1] })).toBeUndefined();
  expect(of("region:circle", { pixels: 4 }, { width: 8, height: 4, positions: [0] })).toEqual({
    kind: "pixel",
    width: 8,
    height: 4,
  });
  expect(of("B-LOC@position:4", { position: 4 })).toEqual({ kind: "label" });
  expect(of("sings@last", { position: 6 })).toEqual({ kind: "token" });
  expect(of("span:3..4", { tokens: [5, 6] })).toEqual({ kind: "token" });
});

test("the target of a place in the picture: row, column, inside of the grid", () => {
  const grid = { kind: "pixel", width: 8, height: 4 } as const;
  expect(pixelAsked(grid, 0.99, 0.5)).toBe("top@pixel:2,7");
  expect(pixelAsked(grid, 1, -0.1)).toBe("top@pixel:0,7");
});

test("the target of a word: its label, or its own tokens; the first has nothing before it", () => {
  expect(wordAsked({ kind: "label" }, [0, 1])).toBe("top@position:0");
  expect(wordAsked({ kind: "token" }, [3, 4])).toBe("span:3..4");
  expect(wordAsked({ kind: "token" }, [0, 0])).toBeUndefined();
});
