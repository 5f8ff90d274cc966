import { expect, test } from "vitest";
import { leadOver, runnerUpOf, type Scoring, scoresOf, winnerOf } from "./score.ts";

const LOGITS: Scoring = {
  link: "none",
  votes: false,
  log: false,
  exclusive: true,
  classAxis: 0,
  sign: 1,
  twoClasses: false,
  classes: true,
  plainValue: false,
};
const of = (scoring: Partial<Scoring>, values: readonly number[], target: readonly number[], sizes = [values.length]) =>
  (["logit", "probability", "log-odds"] as const).map((score) =>
    scoresOf(Float32Array.from(values), sizes, target, score, { ...LOGITS, ...scoring }),
  );

test("logits: their softmax along the class axis alone", () => {
  const [z, p, lead] = of({}, [1, 3, 2], [1]);
  const others = Math.exp(1) + Math.exp(2);
  expect([z, p, lead]).toEqual([
    3,
    expect.closeTo(Math.exp(3) / (Math.exp(3) + others), 12),
    expect.closeTo(3 - Math.log(others), 12),
  ]);
  // Two classes at three positions: rivals are those at the same one.
  const grid = of({}, [5, 0, 0, 1, 9, 9], [1, 0], [2, 3]);
  expect(grid[2]).toBeCloseTo(1 - 5, 6);
});

test("a mixture's probability is its own number, its logit log p/(1 − p), finite where p is 1", () => {
  const mixture = { link: "mixture" } as const;
  expect(of(mixture, [0.25, 0.75], [1])).toEqual([expect.closeTo(Math.log(3), 6), 0.75, expect.closeTo(Math.log(3), 6)]);
  expect(of(mixture, [0, 1], [1]).every(Number.isFinite)).toBe(true);
  expect(of({ ...mixture, log: true }, [Math.log(0.25), Math.log(0.75)], [1])[1]).toBeCloseTo(0.75, 6);
});

test("votes have no logits: the score is the probability", () => {
  expect(of({ link: "mixture", votes: true }, [0, 1], [1])[0]).toBe(1);
});

test("one logit stands for two classes; distances speak by being small", () => {
  expect(of({ twoClasses: true }, [2], [0])[0]).toBe(-2);
  expect(of({ sign: -1, classes: false }, [4, 1], [1])[0]).toBe(-1);
  expect(winnerOf(Float32Array.of(4, 1, 2), [3], { ...LOGITS, sign: -1 })).toEqual([1]);
});

test("the runner-up is another class at the target's position, along the axis of classes", () => {
  const z = Float32Array.of(5, 0, 1, 7, 2, 3, 6, 4, 2); // three classes at three positions
  expect(runnerUpOf(z, [3, 3], [0, 0], LOGITS)).toEqual([1, 0]);
  expect(runnerUpOf(z, [3, 3], [2, 1], LOGITS)).toEqual([1, 1]);
  expect(runnerUpOf(z, [3, 3], [2, 1], { ...LOGITS, classAxis: 1 })).toEqual([2, 0]);
  expect(runnerUpOf(z, [3, 3], [2, 1], { ...LOGITS, sign: -1 })).toEqual([0, 1]);
  expect(runnerUpOf(Float32Array.of(2), [], [1], { ...LOGITS, twoClasses: true })).toEqual([0]);
});

test("A minus B of one logit: its lead, and the difference of both probabilities", () => {
  const p = 1 / (1 + Math.exp(-2));
  const one = { ...LOGITS, twoClasses: true };
  const lead = (target: number, score: "logit" | "probability", scoring: Scoring = one, value = 2) =>
    leadOver([1 - target])(Float32Array.of(value), [1], [target], score, scoring);
  expect([lead(1, "logit"), lead(0, "logit")]).toEqual([2, -2]);
  expect([lead(1, "probability"), lead(0, "probability")]).toEqual([
    expect.closeTo(2 * p - 1, 12),
    expect.closeTo(1 - 2 * p, 12),
  ]);
  const votes = { ...one, link: "mixture", votes: true } as const;
  expect([lead(1, "logit", votes, 0.75), lead(0, "logit", votes, 0.75)]).toEqual([0.5, -0.5]);
});
