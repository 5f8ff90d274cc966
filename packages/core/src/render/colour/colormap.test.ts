import { describe, expect, it } from "vitest";
import { type ColorMap, colorAt, diverging, divergingDark, NOT_A_NUMBER, sequential, sequentialDark } from "./colormap.ts";
import { linearFromRgb, oklabFromRgb, type Rgb, rgbFromLinear, type Vec3 } from "./oklab.ts";

const lightness = (rgb: Rgb) => oklabFromRgb(rgb)[0];
const distance = (a: Rgb, b: Rgb) => {
  const [p, q] = [oklabFromRgb(a), oklabFromRgb(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
};
const steps = (from: number, to: number, n: number) => Array.from({ length: n + 1 }, (_, i) => from + ((to - from) * i) / n);

// Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color vision deficiency",
// severity 1.0, applied to linear RGB.
const DEFICIENCIES: Record<string, readonly [Vec3, Vec3, Vec3]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};
const seenBy = (m: readonly [Vec3, Vec3, Vec3], rgb: Rgb): Rgb => {
  const v = linearFromRgb(rgb);
  const row = (r: Vec3) => r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
  return rgbFromLinear([row(m[0]), row(m[1]), row(m[2])]);
};

describe("diverging maps", () => {
  it.each([diverging, divergingDark])("$name: neutral centre, equal lightness at ±t", (map) => {
    const [r, g, b] = colorAt(map, 0);
    expect(r).toBe(g);
    expect(g).toBe(b);
    for (const t of steps(0, 1, 50)) {
      expect(Math.abs(lightness(colorAt(map, t)) - lightness(colorAt(map, -t)))).toBeLessThan(0.008);
    }
    const arm = steps(0, 1, 20).map((t) => lightness(colorAt(map, t)));
    const direction = Math.sign(arm[20]! - arm[0]!);
    for (let i = 1; i < arm.length; i++) expect((arm[i]! - arm[i - 1]!) * direction).toBeGreaterThan(0);
  });

  it.each([diverging, divergingDark])("$name: blue is negative, red positive", (map) => {
    for (const t of [0.2, 0.5, 1]) {
      const [negative, positive] = [colorAt(map, -t), colorAt(map, t)];
      expect(negative[2]).toBeGreaterThan(negative[0]);
      expect(positive[0]).toBeGreaterThan(positive[2]);
    }
  });

  for (const [name, matrix] of Object.entries(DEFICIENCIES)) {
    it.each([diverging, divergingDark])(`$name: the signs stay apart under ${name}`, (map) => {
      const apart = (t: number) => distance(seenBy(matrix, colorAt(map, t)), seenBy(matrix, colorAt(map, -t)));
      expect(apart(0.2)).toBeGreaterThan(0.05); // OKLab distance; 0.02 is about just noticeable
      for (const t of [0.35, 0.5, 0.75, 1]) expect(apart(t)).toBeGreaterThan(0.1);
    });
  }
});

describe("sequential maps", () => {
  const monotone = (map: ColorMap, see: (rgb: Rgb) => Rgb) => {
    const ls = steps(0, 1, 32).map((t) => lightness(see(colorAt(map, t))));
    const direction = Math.sign(ls[32]! - ls[0]!);
    for (let i = 1; i < ls.length; i++) expect((ls[i]! - ls[i - 1]!) * direction).toBeGreaterThan(0);
    expect(Math.abs(ls[32]! - ls[0]!)).toBeGreaterThan(0.5);
  };
  it.each([sequential, sequentialDark])("$name: lightness is monotone, for colour-blind eyes too", (map) => {
    monotone(map, (rgb) => rgb);
    for (const matrix of Object.values(DEFICIENCIES)) monotone(map, (rgb) => seenBy(matrix, rgb));
  });
});

describe("colorAt", () => {
  it("clamps, and marks NaN by a colour of its own", () => {
    for (const map of [diverging, divergingDark, sequential, sequentialDark]) {
      expect(colorAt(map, 7)).toEqual(colorAt(map, 1));
      expect(colorAt(map, -7)).toEqual(colorAt(map, map.signed ? -1 : 0));
      expect(colorAt(map, Number.NaN)).toEqual(NOT_A_NUMBER);
      for (const t of steps(-1, 1, 40)) expect(distance(colorAt(map, t), NOT_A_NUMBER)).toBeGreaterThan(0.04);
    }
  });
  it("changes by small, even steps", () => {
    for (const map of [diverging, divergingDark, sequential, sequentialDark]) {
      const ts = steps(map.signed ? -1 : 0, 1, 64);
      const jumps = ts.slice(1).map((t, i) => distance(colorAt(map, t), colorAt(map, ts[i]!)));
      expect(Math.max(...jumps) / Math.min(...jumps)).toBeLessThan(3);
    }
  });
});
