import { describe, expect, it } from "vitest";
import { alignTokens } from "./align-tokens.ts";
import { tokenSurface } from "./token-surface.ts";
import { scoreText, type TokenizedText } from "./token-text.ts";
import { wordsOf } from "./words.ts";

const bert = tokenSurface({ model: { unk_token: "[UNK]", continuing_subword_prefix: "##" } });
const words = (text: string, tokens: readonly string[], surface = bert) => {
  const spans = alignTokens(text, tokens.map(surface), (same) => same.toLowerCase());
  const found = wordsOf(text, spans);
  return { words: found.words.map(({ start, end }) => text.slice(start, end)), ofToken: found.ofToken };
};

describe("words", () => {
  it("join pieces, contractions and decimals; punctuation stands alone", () => {
    expect(
      words("Unbelievable, don't pay 3.50.", ["un", "##believ", "##able", ",", "don", "'", "t", "pay", "3", ".", "50", "."]),
    ).toEqual({
      words: ["Unbelievable", ",", "don't", "pay", "3.50", "."],
      ofToken: [0, 0, 0, 1, 2, 2, 2, 3, 4, 4, 4, 5],
    });
  });
  it("a token over several words joins them; a family of emoji is one", () => {
    expect(words("great😀 👨‍👩‍👧", ["[UNK]", "[UNK]"]).words).toEqual(["great😀", "👨‍👩‍👧"]);
  });
  it("a mark of a space belongs to the word after it, at the end to none", () => {
    const pieces = tokenSurface({ model: {} });
    expect(words("a b ", ["▁a", "▁", "b", "▁"], pieces)).toEqual({ words: ["a", "b"], ofToken: [0, 1, 1, null] });
  });
});

describe("scores", () => {
  const tokenized: TokenizedText = {
    texts: ["ab c"],
    tokens: [
      { token: "[CLS]", id: 0, type: 0, word: null },
      { token: "a", id: 1, type: 0, word: 0, span: { text: 0, start: 0, end: 1 } },
      { token: "##b", id: 2, type: 0, word: 0, span: { text: 0, start: 1, end: 2 } },
      { token: "c", id: 3, type: 0, word: 1, span: { text: 0, start: 3, end: 4 } },
    ],
    words: [
      { text: 0, start: 0, end: 2 },
      { text: 0, start: 3, end: 4 },
    ],
    cut: 0,
  };
  it("sum embeddings to tokens, tokens to words; special tokens and padding apart", () => {
    const data = Float32Array.of(9, 9, 1, -2, 4, 0.5, -3, 1, 8, 8);
    const scored = scoreText(tokenized, { dims: [5, 2], data }, 0)!;
    expect(Array.from(scored.tokens)).toEqual([18, -1, 4.5, -2]);
    expect(Array.from(scored.words)).toEqual([3.5, -2]);
    expect([scored.special, scored.total]).toEqual([18, 35.5]);
    const left = scoreText(tokenized, { dims: [5, 2], data }, 1)!;
    expect(Array.from(left.tokens)).toEqual([-1, 4.5, -2, 16]);
  });
  it("of something without an axis of tokens there are none", () => {
    expect(scoreText(tokenized, { dims: [3], data: new Float32Array(3) })).toBeUndefined();
  });
});
