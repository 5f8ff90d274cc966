import fc from "fast-check";
import { expect, test } from "vitest";
import { boxData, lineData } from "./path-data.ts";
import type { Point } from "./point.ts";

/** Where a path of ours goes: each line's points. */
const walked = (data: string): number[][][] => {
  let [x, y] = [0, 0];
  const lines: number[][][] = [];
  for (const [, command, numbers] of data.matchAll(/([mlhvz])([^mlhvz]*)/g)) {
    const values = Array.from(numbers!.matchAll(/-?\d*\.?\d+/g), ([one]) => Number(one));
    const go = (dx: number, dy: number): void => {
      x += dx;
      y += dy;
      lines.at(-1)!.push([x, y]);
    };
    if (command === "m") lines.push([]);
    if (command === "z") [x, y] = lines.at(-1)![0] as [number, number];
    else if (command === "h") go(values[0]!, 0);
    else if (command === "v") go(0, values[0]!);
    else for (let i = 0; i < values.length; i += 2) go(values[i]!, values[i + 1]!);
  }
  return lines;
};

const place = fc.double({ min: -300, max: 300, noNaN: true });
const point = fc.tuple(place, place);

test("every point lies within a twentieth of a px of its place, however many come before it", () => {
  fc.assert(
    fc.property(fc.array(fc.array(point, { minLength: 2, maxLength: 30 }), { maxLength: 5 }), (lines) => {
      const drawn = walked(lineData(lines));
      expect(drawn.length).toBe(lines.length);
      lines.flat().forEach(([x, y]: Point, i) => {
        expect(Math.abs(drawn.flat()[i]![0]! - x)).toBeLessThan(0.051);
        expect(Math.abs(drawn.flat()[i]![1]! - y)).toBeLessThan(0.051);
      });
    }),
  );
});

test("rectangles have their corners", () => {
  const boxes = [
    { x: 1.04, y: 2, width: 3, height: 4.5 },
    { x: -7.5, y: 0.2, width: 0.5, height: 1 },
  ];
  const corners = boxes.map(({ x, y, width, height }) => [x, y, x + width, y + height]);
  const drawn = walked(boxData(boxes)).map(([first, , third]) => [...first!, ...third!]);
  for (const [i, value] of drawn.flat().entries()) expect(Math.abs(value - corners.flat()[i]!)).toBeLessThan(0.06);
});
