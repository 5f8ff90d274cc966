/** The text of an input with its relevance; of models that read several apart from each other, all of them as one. */
import { type ScoredText, scoreText, type TokenizedText } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import type { ViewContext } from "../../views/view.ts";

export interface ScoredTexts {
  readonly tokenized: TokenizedText;
  readonly scored: ScoredText;
}

/** Undefined when the INPUT is no text, or nothing that is explained has an axis of tokens. */
export const scoredTexts = (
  { sample }: Pick<ExplainedRow, "sample">,
  { relevances }: Pick<ExplainedMap, "relevances">,
  { explained, lookedUp = {} }: ViewContext,
): ScoredTexts | undefined => {
  const { text, texts } = sample;
  if (text === undefined) return undefined;
  const of = (value: string) => {
    const own = texts === undefined ? text : lookedUp[value]?.map((input) => texts[input]).find((one) => one !== undefined);
    const scored = own && scoreText(own.tokenized, relevances[value]!, own.from);
    return scored ? [{ tokenized: own.tokenized, scored }] : [];
  };
  const [first, ...more] = (texts === undefined ? explained.slice(0, 1) : explained).flatMap(of);
  return first === undefined ? undefined : more.reduce(joined, first);
};

const joined = (a: ScoredTexts, b: ScoredTexts): ScoredTexts => {
  const [texts, words] = [a.tokenized.texts.length, a.tokenized.words.length];
  return {
    tokenized: {
      texts: [...a.tokenized.texts, ...b.tokenized.texts],
      tokens: [
        ...a.tokenized.tokens,
        ...b.tokenized.tokens.map(({ span, word, ...token }) => ({
          ...token,
          ...(span && { span: { ...span, text: span.text + texts } }),
          word: word === null ? null : word + words,
        })),
      ],
      words: [...a.tokenized.words, ...b.tokenized.words.map((word) => ({ ...word, text: word.text + texts }))],
      cut: a.tokenized.cut + b.tokenized.cut,
    },
    scored: {
      tokens: Float32Array.of(...a.scored.tokens, ...b.scored.tokens),
      words: Float32Array.of(...a.scored.words, ...b.scored.words),
      special: a.scored.special + b.scored.special,
      total: a.scored.total + b.scored.total,
    },
  };
};
