/** The first zero of f on the segments from rows of x to their ends: the first change of sign on a grid, then between two of its points. */
import type { Tensor } from "@backlit/core";
import { type Asked, matrix } from "./asked.ts";

const STEPS = 64;
const ROUNDS = 3;

export const rootsOf = async (asked: Asked, x: Tensor, ends: Tensor): Promise<number[]> => {
  const [rows, width] = x.dims as [number, number];
  const point = (n: number, d: number, t: number) => {
    const from = Number(x.data[n * width + d]);
    return from + t * (Number(ends.data[n * width + d]) - from);
  };
  let brackets = Array.from({ length: rows }, () => ({ from: 0, to: 1, f: [0, 0] as [number, number] }));
  for (let round = 0; round < ROUNDS; round++) {
    const at = (n: number, k: number) => brackets[n]!.from + ((brackets[n]!.to - brackets[n]!.from) * k) / STEPS;
    const line = (k: number) => [Math.floor(k / width / (STEPS + 1)), Math.floor(k / width) % (STEPS + 1)] as const;
    const points = matrix([rows * (STEPS + 1), width], (k) => point(line(k)[0], k % width, at(...line(k))));
    const { f } = await asked.at(points, "gradient");
    brackets = brackets.map((_, n) => {
      const own = f.slice(n * (STEPS + 1), (n + 1) * (STEPS + 1));
      const k = Math.max(
        0,
        own.findIndex((value, i) => value * (own[i + 1] ?? value) <= 0),
      );
      return { from: at(n, k), to: at(n, k + 1), f: [own[k]!, own[k + 1]!] };
    });
  }
  return Array.from({ length: rows * width }, (_, k) => {
    const { from, to, f } = brackets[Math.floor(k / width)]!;
    return point(Math.floor(k / width), k % width, from + ((to - from) * f[0]) / (f[0] - f[1] || 1));
  });
};
