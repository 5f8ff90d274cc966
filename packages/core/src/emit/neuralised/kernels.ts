/**
 * Outlier scores as networks (Kauffmann, Müller, Montavon 2020): o = −(1/γ) log Σ α_s exp(−γ |x − s|²) is a soft least distance, and
 *
 *   R_d = Σ_s p_s o (x − s)_d² / |x − s|²,   p_s = α_s exp(−γ |x − s|²) / Σ.
 *
 * Weights of both signs are two such scores: (1/γ)(log Σ₊ − log Σ₋) = o₋ − o₊. Of one sign alone they are scaled to a sum of 1.
 */
import type { Spheres } from "../../plan/neuralised/spheres.ts";
import { type Compared, type Decomposed, doubleMask, doubles, logSumExp, most, where } from "./compared.ts";

/** What stands for log 0: no kernel's own is as small. */
const NONE = -1e300;

/** `direction` [N, K]: how each kernel speaks for what is explained. */
export const decomposeKernels = (compared: Compared, { q, rest }: Spheres, direction: string): Decomposed => {
  const { g, distances } = compared;
  const number = (value: number) => doubles(g, [value], []);
  const [zero, one] = [number(0), number(1)];
  const addend = rest.every((r) => r === 0) ? undefined : doubles(g, rest);
  const exponents = g.mul(distances, number(q)); // q = −γ
  const here = g.op("Equal", [distances, zero]);
  const apart = where(g, here, one, distances);
  const sides = [1, -1].map((sign) => {
    const weights = sign > 0 ? direction : g.op("Neg", [direction]);
    const has = g.op("Greater", [weights, zero]);
    const log = g.op("Log", [where(g, has, weights, one)]);
    return {
      sign,
      any: g.op("Greater", [most(g, weights), zero]),
      log: where(g, has, addend ? g.add(log, addend) : log, number(NONE)),
    };
  });
  const both = g.op("And", [sides[0]!.any, sides[1]!.any]);
  const parts = sides.map(({ sign, any, log }) => {
    const logs = g.add(log, exponents);
    const sum = logSumExp(g, logs);
    const whole = where(g, both, zero, logSumExp(g, log));
    const o = where(g, any, g.mul(g.sub(sum, whole), number(-sign / q)), zero); // −sign · o: what this side adds to the score
    return { o, each: g.mul(o, g.op("Exp", [g.sub(logs, sum)])) };
  });
  const each = g.add(parts[0]!.each, parts[1]!.each);
  return {
    shares: g.div(each, apart),
    score: g.add(parts[0]!.o, parts[1]!.o),
    lost: g.reduceSum(g.mul(each, doubleMask(g, here)), [1]),
  };
};

/** Σ w exp(q d + r), [N, 1]: the score itself, but for what is added to it. */
export const kernelSum = ({ g, distances }: Compared, { q, rest }: Spheres, direction: string): string => {
  const exponents = g.add(g.mul(distances, doubles(g, [q], [])), doubles(g, rest));
  return g.reduceSum(g.mul(direction, g.op("Exp", [exponents])), [1]);
};
