import { expect, test } from "vitest";
import type { TokenizedText } from "../input/text/token-text.ts";
import { firstShare, legendLines, matrixLimit, wordsLimit } from "./pieces.ts";

const words = ["the", "cat", "sat"];
const starts = [0, 4, 8];
const tokenized: TokenizedText = {
  texts: [words.join(" ")],
  tokens: words.map((token, i) => ({
    token,
    id: i,
    type: 0,
    span: { text: 0, start: starts[i]!, end: starts[i]! + 3 },
    word: i,
  })),
  words: words.map((_, i) => ({ text: 0, start: starts[i]!, end: starts[i]! + 3 })),
  cut: 0,
};
const scored = (...values: number[]) => ({
  tokens: Float32Array.from(values),
  words: Float32Array.from(values),
  special: 0,
  total: values.reduce((a, b) => a + b),
});

test("a first word that holds most leaves the colours to the others, and both are said", () => {
  const dominated = scored(-8, 1, 1);
  expect(wordsLimit(dominated)).toBe(1);
  expect(legendLines(tokenized, dominated).slice(1)).toEqual([
    "the first token has 80 % of Σ |R|",
    "colours without the first word",
  ]);
});

test("one among others is coloured as they are; nothing is said of a small share, of zeros, of a word alone", () => {
  expect(wordsLimit(scored(4, 3, 3))).toBe(4);
  expect(legendLines(tokenized, scored(1, 5, 4))).toHaveLength(1);
  expect(firstShare([0, 0])).toBe(0);
  expect(wordsLimit(scored(2))).toBe(2);
});

test("of a matrix each row is asked", () => {
  expect(
    matrixLimit([
      [9, 1, 2],
      [8, 1, 0.5],
    ]),
  ).toBe(2);
  expect(
    matrixLimit([
      [9, 1, 2],
      [3, 2, 2],
    ]),
  ).toBe(3);
});
