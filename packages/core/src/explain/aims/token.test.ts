/** Tokens of a sequence: at a position, at the last that is no padding, spans; what is taken when nobody says; caches run empty. */
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats, ints } from "../../../test/support/run.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { parseModel } from "../../onnx/parse-text.ts";
import { load } from "../explainer.ts";
import type { LoadOptions } from "../types.ts";

const weights =
  "float[7,4] table = random(1), float[4,4] q = random(2), float[4,7] w = random(3), float[4,3] u = random(4), int64[1] second = {1}, float big = {1000}, float one = {1}";
/** Attention over all tokens that the mask holds, and a residual. */
const attention = (keys: string) =>
  `e = Gather(table, input_ids) ${keys} kt = Transpose <perm=[0,2,1]> (k) eq = MatMul(e, q) s = MatMul(eq, kt) m = Cast <to=1> (attention_mask)
   off = Sub(m, one) far = Mul(off, big) wide = Unsqueeze(far, second) masked = Add(s, wide) a = Softmax(masked) h = MatMul(a, k) r = Add(e, h)`;
const lm = `g (int64[N,S] input_ids, int64[N,S] attention_mask) => (float[N,S,7] logits) <${weights}> { ${attention("k = Identity(e)")} logits = MatMul(r, w) }`;
const cached = `g (int64[N,S] input_ids, int64[N,T] attention_mask, float[N,P,4] past_key_values) => (float[N,S,7] logits, float[N,T,4] present) <${weights}> {
  ${attention("k = Concat <axis=1> (past_key_values, e)")} logits = MatMul(r, w) present = Identity(k) }`;
const labeller = `g (int64[N,S] input_ids, int64[N,S] attention_mask) => (float[N,S,3] logits) <${weights}> { ${attention("k = Identity(e)")} logits = MatMul(r, u) }`;
const WORDS = ["<pad>", "the", " cat", " sat", " down", "<mask>", "!"];
const tokens = { encode: (text: string) => text.split("+").map((one) => WORDS.indexOf(one)), decode: (id: number) => WORDS[id]! };
const x = {
  input_ids: ints([2, 4], [1, 2, 3, 4, 1, 3, 0, 0]),
  attention_mask: ints([2, 4], [1, 1, 1, 1, 1, 1, 0, 0]),
};
const numbers = ({ data }: { readonly data: Float32Array }) => Array.from(data);
const open = (text: string, options: Partial<LoadOptions> = {}) => loadText(text, { tokens, ...options });
const METHODS = [
  {},
  { seed: "logit" },
  { method: "attnlrp" },
  { method: "gradient-x-input" },
  { method: "integrated-gradients", params: { steps: 3 } },
] as const;

describe("a token at a position", () => {
  test.each(METHODS.map((options) => [JSON.stringify(options), options] as const))(
    "is that index of the logits: %s",
    async (_, options) => {
      await using lit = await open(lm);
      const index = await lit.explain(x, { ...options, batch: 2, target: "1,3" });
      for (const target of ["3@position:1", 'token:" sat"@position:1', "token: sat@position:1"]) {
        const placed = await lit.explain(x, { ...options, batch: 2, target });
        expectClose(numbers(placed.relevance), numbers(index.relevance), 2e-6);
        expect(placed.aims![0]![0]!.found).toEqual({ position: 1 });
      }
      expect(index.relevance.dims).toEqual([2, 4, 4]);
    },
  );

  test("@last is the last that is no padding, of each sample", async () => {
    await using lit = await open(lm);
    const { aims, relevance } = await lit.explain(x, { target: 'token:" down"@last' });
    expect(aims!.map(([aim]) => aim!.found)).toEqual([{ position: 3 }, { position: 1 }]);
    expectClose(numbers(relevance).slice(0, 16), numbers((await lit.explain(x, { target: "3,4" })).relevance).slice(0, 16), 1e-6);
    expectClose(numbers(relevance).slice(16), numbers((await lit.explain(x, { target: "1,4" })).relevance).slice(16), 1e-6);
    expectClose(numbers((await lit.explain(x, { target: 'token:" down"' })).relevance), numbers(relevance), 1e-7);
    // Padding in front, as batches of generation have it.
    const left = { input_ids: ints([1, 4], [0, 0, 1, 3]), attention_mask: ints([1, 4], [0, 0, 1, 1]) };
    expect((await lit.explain(left, { target: "top@last" })).aims![0]![0]!.found).toEqual({ position: 3 });
  });

  test("A rather than B, and the two most likely", async () => {
    await using lit = await open(lm);
    const lead = await lit.explain(x, { target: 'token:" cat" minus token:" sat"@last' });
    expect(lead.aims![0]![0]!.name).toBe(" cat minus  sat@last");
    const own = { input_ids: ints([1, 4], [1, 2, 3, 4]), attention_mask: ints([1, 4], [1, 1, 1, 1]) };
    expectClose(
      numbers((await lit.explain(own, { target: "2 minus 3@last" })).relevance),
      numbers((await lit.explain(own, { target: "3,2 minus 3,3" })).relevance),
      1e-6,
    );
    expect((await lit.explain(x, { target: "top:2@last" })).relevance.dims).toEqual([2, 2, 4, 4]);
  });
});

describe("a span", () => {
  test("is the sum of its tokens' log-probabilities, each read at the position before: v = e − p, by hand", async () => {
    await using lit = await open(lm);
    const own = { input_ids: ints([1, 4], [1, 2, 3, 4]), attention_mask: ints([1, 4], [1, 1, 1, 1]) };
    const { relevance, outputs, aims } = await lit.explain(own, { target: "span:1..3" });
    expect(aims![0]![0]!.found).toEqual({ tokens: [2, 3, 4] });
    const z = outputs.logits!.data as Float32Array;
    const v = new Float32Array(28);
    for (const [at, id] of [2, 3, 4].entries()) {
      const e = Array.from(z.subarray(at * 7, at * 7 + 7), Math.exp);
      const sum = e.reduce((a, b) => a + b, 0);
      e.forEach((one, k) => {
        v[at * 7 + k] = Number(k === id) - one / sum;
      });
    }
    const fed = await lit.explain(own, { seed: "direction", seedVector: floats([1, 4, 7], v) });
    expectClose(numbers(relevance), numbers(fed.relevance), 1e-6);
  });

  test("step by step: a map for each token, which add up to the whole's", async () => {
    await using lit = await open(lm);
    const own = { input_ids: ints([1, 4], [1, 2, 3, 4]), attention_mask: ints([1, 4], [1, 1, 1, 1]) };
    for (const method of ["lrp", "gradient-x-input", "feature-ablation"]) {
      const options = { method, batch: 1 };
      const whole = numbers((await lit.explain(own, { ...options, target: "span:1..3" })).relevance);
      const steps = await lit.explain(own, {
        ...options,
        target: "span:1..3",
        perStep: true,
        ...(method === "lrp" && { strict: true }),
      });
      expect(steps.relevance.dims).toEqual([1, 3, 4, 4]);
      expectClose(
        whole.map((_, i) => [0, 1, 2].reduce((sum, k) => sum + steps.relevance.data[k * 16 + i]!, 0)),
        whole,
        1e-5,
      );
      expect(steps.aims![0]!.map(({ name }) => name)).toEqual([
        'token:" cat"@position:0',
        'token:" sat"@position:1',
        'token:" down"@position:2',
      ]);
    }
    await expect(lit.explain(own, { target: "span:1..3", perStep: 2 })).rejects.toThrow(/3 maps.*perStep: 3/);
    await expect(lit.explain(own, { target: "1@last", perStep: true })).rejects.toThrow(/no steps/);
  });
});

describe("when nobody says", () => {
  test("of a language model the winner at the last token; where a mask stands, there", async () => {
    await using lit = await open(lm);
    const usual = await lit.explain(x);
    expect(usual.notices.join()).toMatch(/the winner at the last token that is no padding/);
    expectClose(numbers(usual.relevance), numbers((await lit.explain(x, { target: "top@last" })).relevance), 1e-7);
    await using filling = await open(lm, { tokens: { ...tokens, mask: 5 } });
    const gap = { ...x, input_ids: ints([2, 4], [1, 5, 3, 4, 5, 3, 0, 0]) };
    expect((await filling.explain(gap)).aims!.map(([aim]) => aim!.found?.position)).toEqual([1, 0]);
  });
  test("of labels of tokens the most certain that is not O", async () => {
    await using lit = await open(labeller, { labels: ["O", "B-PER", "B-LOC"] });
    const { aims, outputs, notices } = await lit.explain(x);
    expect(notices.join()).toMatch(/the most certain of its tokens, O left out/);
    const z = outputs.logits!.data as Float32Array;
    const found = [4, 2].map((length, n) => {
      const rows = Array.from({ length }, (_, at) => {
        const row = Array.from(z.subarray((n * 4 + at) * 3, (n * 4 + at) * 3 + 3));
        const winner = row.indexOf(Math.max(row[0]!, row[1]!, row[2]!));
        return { at, winner, p: Math.exp(row[winner]!) / row.reduce((sum, v) => sum + Math.exp(v), 0) };
      });
      return rows.sort((a, b) => Number(b.winner > 0) - Number(a.winner > 0) || b.p - a.p)[0]!.at;
    });
    expect(aims!.map(([aim]) => aim!.found?.position)).toEqual(found);
  });
});

describe("a cache of earlier tokens", () => {
  const renamed = (text: string) => {
    const model = parseModel(text);
    const rename = (param: string | undefined) =>
      ({ S: "sequence_length", P: "past_sequence_length", T: "past_sequence_length + sequence_length" })[param ?? ""] ?? param;
    const input = model.graph.input.map((value) => {
      const { elemType, shape } = value.type!.tensorType!;
      return {
        ...value,
        type: { tensorType: { elemType, shape: shape!.map((dim) => (dim.param ? { param: rename(dim.param)! } : dim)) } },
      };
    });
    return encodeModelBytes({ ...model, graph: { ...model.graph, input } });
  };
  test("is run empty, and not explained; lengths stay free", async () => {
    await using lit = await load(renamed(cached), { runtime: await nodeRuntime(), tokens });
    await using plain = await open(lm);
    expect(lit.inspect().plan.explained).toEqual(["e"]);
    expect(lit.inspect().plan.takes.fixed.find(({ value }) => value === "past_key_values")?.why).toMatch(/cache/);
    for (const feeds of [x, { input_ids: ints([1, 6], [1, 2, 3, 4, 2, 1]), attention_mask: ints([1, 6], [1, 1, 1, 1, 1, 1]) }]) {
      const [own, want] = [await lit.explain(feeds, { target: "top@last" }), await plain.explain(feeds, { target: "top@last" })];
      expectClose(numbers(own.relevance), numbers(want.relevance), 1e-6);
    }
  });
});

test.each<[string, RegExp]>([
  ["1@position:9", /positions run from 0 to 3/],
  ["1@position:x", /counted from 0/],
  ["9@last", /classes run from 0 to 6/],
  ["token:the+!", /it is 2 tokens: "the" "!"/],
  ["span:0..2", /from 1 on/],
  ["span:3..2", /from 1 on/],
  ["span:1..9", /positions run from 0 to 3/],
  ["span:1..3", /sample 1 has padding/],
])("what there is not: %s", async (target, words) => {
  await using lit = await open(lm);
  await expect(lit.explain(x, { target })).rejects.toThrow(words);
});

test("tokens by their text need a tokenizer", async () => {
  await using lit = await loadText(lm);
  await expect(lit.explain(x, { target: 'token:" cat"' })).rejects.toThrow(/without a tokenizer/);
});
