import { expect, test } from "vitest";
import type { RankedClass } from "../rows/top.ts";
import { headingOf } from "./heading.ts";

const cat: RankedClass = { index: 282, label: "tiger cat", logit: 9.1 };
const lynx: RankedClass = { index: 287, label: "lynx", logit: 3.2 };

test("what is explained stands with its number, and what wins beside it where that is something else", () => {
  const title = (target: RankedClass, top = [cat, lynx]) => headingOf({ top }, { target }).title;
  expect(title(cat)).toBe("tiger cat (282)  9.1");
  expect(title(lynx)).toBe("lynx (287)  3.2 (explained), tiger cat (282)  9.1 (winner)");
  expect(title({ ...lynx, probability: 0.0021 })).toMatch(/^lynx \(287\) {2}0\.2 % \(explained\)/);
  // Numbers, differences and things at a place have no winner.
  expect(title({ index: 0, label: "price", value: -2.5, whole: true })).toBe("price  −2.5");
  expect(title({ ...lynx, label: "lynx minus tiger cat", rival: "tiger cat" })).not.toContain("winner");
  expect(headingOf({ top: [cat, lynx] }, { target: lynx }).otherwise).toBe("class 287  3.2 (explained), class 282  9.1 (winner)");
});

test("a name that runs from right to left keeps to itself", () => {
  const { title } = headingOf({ top: [] }, { target: { index: 1, label: "قط", logit: 2 } });
  expect(title).toBe("\u2068قط (1)\u2069  2");
});
