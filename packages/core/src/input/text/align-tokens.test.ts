import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignTokens } from "./align-tokens.ts";
import { lettersOf, tokenSurface } from "./token-surface.ts";

const bert = tokenSurface({ model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" } });
const bytes = tokenSurface({
  model: { type: "BPE" },
  pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "ByteLevel" }] },
});
const pieces = tokenSurface({ model: { type: "Unigram" }, decoder: { type: "Metaspace" } });
/** Lower case without accents, as BERT's normaliser. */
const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
const cut = (text: string, tokens: readonly string[], surface = bert, normalize = plain) =>
  alignTokens(text, tokens.map(surface), normalize).map(({ start, end }) => text.slice(start, end));

describe("tokens in their text", () => {
  it("are what the user wrote: capitals, accents composed or combining, double spaces", () => {
    expect(cut("A  Café, Cafe\u0301!", ["a", "ca", "##fe", ",", "ca", "##fe", "!"])).toEqual([
      "A",
      "Ca",
      "fé",
      ",",
      "Ca",
      "fe\u0301",
      "!",
    ]);
  });
  it("take control characters and white space for nothing", () => {
    expect(cut("so\u0000\tgood\n", ["so", "good"], bert, (text) => plain(text).replace(/\p{Cc}/gu, ""))).toEqual(["so", "good"]);
  });
  it("unknown words are whole words, ideographs and punctuation stand alone", () => {
    expect(cut("ok 日本 😀!", ["ok", "[UNK]", "[UNK]", "[UNK]", "!"])).toEqual(["ok", "日", "本", "😀", "!"]);
    expect(cut("great😀 film", ["[UNK]", "film"])).toEqual(["great😀", "film"]);
    expect(cut("ᚠᚢ ᚦ", ["[UNK]", "[UNK]"])).toEqual(["ᚠᚢ", "ᚦ"]);
  });
  it("unknown characters, where a vocabulary counts by character", () => {
    expect(cut("ab日か", ["ab", "[UNK]", "[UNK]"])).toEqual(["ab", "日", "か"]);
    expect(cut("xßþyz", ["x", "[UNK]", "[UNK]", "yz"])).toEqual(["x", "ß", "þ", "yz"]);
  });
  it("pieces that begin words, byte fallback, a lone mark of a space", () => {
    expect(cut("Good 日 day", ["▁Good", "▁", "<0xE6>", "<0x97>", "<0xA5>", "▁day"], pieces, (text) => text)).toEqual([
      "Good",
      "",
      "日",
      "日",
      "日",
      "day",
    ]);
  });
  it("bytes of one character share it", () => {
    // 😀 is F0 9F 98 80, written ðŁĺĢ.
    expect(cut("I 😀 it", ["I", "Ġ", "ðŁ", "ĺĢ", "Ġit"], bytes, (text) => text)).toEqual(["I", "", "😀", "😀", "it"]);
  });
  it("goes on behind letters the tokenizer dropped or changed", () => {
    expect(cut("ab★★cd", ["ab", "cd"])).toEqual(["ab", "cd"]);
    expect(cut("ΟΔΟΣ a", ["οδος", "a"])).toEqual(["ΟΔΟΣ", "a"]);
  });
  it("spans are ordered and inside, and cover every letter, whatever the text and the cuts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat(5)), (text, sizes) => {
        const all = lettersOf(text);
        const tokens: Uint8Array[] = [];
        for (let at = 0, i = 0; at < all.length; i++) {
          const size = 1 + (sizes[i % Math.max(1, sizes.length)] ?? 0);
          tokens.push(all.subarray(at, at + size));
          at += size;
        }
        const spans = alignTokens(text, tokens);
        expect(spans).toHaveLength(tokens.length);
        const covered = new Set(spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));
        spans.forEach(({ start, end }, i) => {
          expect(start).toBeLessThan(end);
          if (i > 0) expect(start).toBeGreaterThanOrEqual(spans[i - 1]!.start);
        });
        Array.from(text.matchAll(/[^\s\u2581\u200b]/gu), ({ index }) => expect(covered.has(index)).toBe(true));
      }),
    );
  });
});
