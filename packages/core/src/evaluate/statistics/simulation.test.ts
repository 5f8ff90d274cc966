/** What intervals, tests and the floor promise, over many simulated experiments. Seeds are fixed: the shares are always the same. */
import { describe, expect, test } from "vitest";
import { randomBy, type Stream } from "../../numeric/random.ts";
import { intervalOf, resamplingOf } from "./bootstrap.ts";
import { columnOf } from "./column.ts";
import { noiseFloor } from "./floor.ts";
import { signFlipsOf } from "./permutation-test.ts";
import { summarise } from "./summarise.ts";

const EXPERIMENTS = 1000;

/** Share of experiments with the outcome; its standard error at 0.95 is 0.007. */
const share = (key: number, outcome: (stream: Stream, k: number) => boolean, experiments = EXPERIMENTS): number => {
  let hits = 0;
  for (let k = 0; k < experiments; k++) if (outcome(randomBy(11).stream(key, k), k)) hits += 1;
  return hits / experiments;
};
const draw = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const column = (scores: readonly number[]) =>
  columnOf(
    scores,
    scores.map((_, i) => i),
  );

describe("a 95 % interval holds the true mean in about 95 % of experiments", () => {
  const covers = (scores: readonly number[], truth: number, seed: number): boolean => {
    const of = column(scores);
    const { low, high } = intervalOf(of, resamplingOf(scores.length, 1000, seed).means(of), 0.95);
    return low <= truth && truth <= high;
  };
  test("normal scores, 12 and 30 samples", () => {
    for (const [key, count] of [
      [1, 12],
      [2, 30],
    ] as const) {
      const found = share(key, (stream, k) =>
        covers(
          draw(count, () => 3 + 2 * stream.normal()),
          3,
          k,
        ),
      );
      expect(found).toBeGreaterThan(0.93);
      expect(found).toBeLessThan(0.97);
    }
  });
  test("exponential scores, 30 samples: far from symmetric", () => {
    const found = share(3, (stream, k) =>
      covers(
        draw(30, () => -Math.log(1 - stream.next())),
        1,
        k,
      ),
    );
    expect(found).toBeGreaterThan(0.92);
    expect(found).toBeLessThan(0.97);
  });
});

describe("the sign-flip test", () => {
  const rejects = (count: number, shift: number) => (stream: Stream, k: number) => {
    const common = draw(count, () => 5 * stream.normal());
    const a = column(common.map((v) => v + stream.normal() + shift));
    const b = column(common.map((v) => v + stream.normal()));
    return signFlipsOf(count, 299, k).p(a, b) <= 0.05;
  };
  test("finds a difference where there is none in about 5 %", () => {
    for (const [key, count] of [
      [4, 10],
      [5, 30],
    ] as const) {
      const found = share(key, rejects(count, 0));
      expect(found).toBeGreaterThan(0.03);
      expect(found).toBeLessThan(0.07);
    }
  });
  test("finds a difference that is small beside the spread over samples, as it is paired", () => {
    expect(share(6, rejects(30, 1.2), 200)).toBeGreaterThan(0.95);
  });
});

describe("the noise floor", () => {
  // Samples differ much, and some are noisier than others.
  const maps = (count: number, draws: number, stream: Stream): number[][] => {
    const samples = draw(count, () => ({ centre: 3 * stream.normal(), noise: 0.2 + stream.next() }));
    return draw(draws, () => 0).map(() => samples.map(({ centre, noise }) => centre + noise * stream.normal()));
  };
  const inside = (count: number, draws: number) => (stream: Stream) => {
    const [fresh, ...known] = maps(count, draws + 1, stream);
    const { low, high } = noiseFloor(known.map(column), 0.95)!;
    const mean = fresh!.reduce((a, b) => a + b, 0) / count;
    return low <= mean && mean <= high;
  };
  test("a further set of random maps lies in it in about 95 % of experiments", () => {
    for (const [key, draws] of [
      [7, 2],
      [8, 3],
      [9, 10],
    ] as const) {
      const found = share(key, inside(25, draws));
      expect(found).toBeGreaterThan(0.93);
      expect(found).toBeLessThan(0.97);
    }
  });
  test("one draw is enough to be on the safe side", () => {
    expect(share(10, inside(25, 1))).toBeGreaterThan(0.95);
  });
  test("a random heatmap under another name is at the floor, and a better one is not", () => {
    const entries = [
      { name: "noise", recipe: {}, hash: "" },
      { name: "good", recipe: {}, hash: "" },
      ...[0, 1, 2].map(() => ({ name: "random", random: true as const, recipe: {}, hash: "" })),
    ];
    const found = share(
      11,
      (stream) => {
        const [noise, good, ...random] = maps(30, 5, stream) as [number[], number[], ...number[][]];
        const values = [noise, good.map((v) => v + 2), ...random];
        const table = { setting: 0, score: "s", direction: "higher" as const, primary: true, values };
        const { methods } = summarise([table], entries, { resamples: 100, permutations: 100 }).tables[0]!;
        expect(methods[1]!.atFloor).toBe(false);
        return methods[0]!.atFloor!;
      },
      400,
    );
    expect(found).toBeGreaterThan(0.92);
    expect(found).toBeLessThan(0.98);
  });
});
