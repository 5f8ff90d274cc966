/** What the two signs of a map say, in words. */
import type { Sides } from "@backlit/core";
import type { RankedClass } from "../rows/top.ts";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A name that runs from right to left keeps to itself: numbers beside it stay where they are. */
export const isolated = (name: string): string => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);

/** "for tiger cat", "against tiger cat"; of A minus B "for A", "for B"; a number is raised or lowered. */
export const sidesOf = ({ index, label, whole, rival }: RankedClass): Sides => {
  const name = isolated(label ?? `class ${index}`);
  if (rival !== undefined)
    return { for: `for ${isolated((label ?? "").slice(0, -` minus ${rival}`.length))}`, against: `for ${isolated(rival)}` };
  if (whole) return { for: `raises ${name}`, against: `lowers ${name}` };
  const otherwise = { for: `for class ${index}`, against: `against class ${index}` };
  return { for: `for ${name}`, against: `against ${name}`, otherwise };
};
