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
    const both = lead.aims![0]![0]!;
    expect(both.beside![0]).toMatchObject({ name: both.name, own: true });
    const said = new Map(both.beside!.map((one) => [one.name, one]));
    const lift = Math.log(said.get(" cat")!.probability! / said.get(" sat")!.probability!);
    expect(both.beside![0]!.value).toBeCloseTo(lift, 4);
    await expect(lit.explain(x, { target: 'token:" cat" minus token:" sat"@last', seed: "half-log-odds" })).rejects.toThrow(
      /leave the seed out/,
    );
  });

  test("tokens by their bare text, with the space before a word or without; quotes hold minus and @", async () => {
    await using lit = await open(lm);
    const of = async (target: string) => (await lit.explain(x, { target })).aims![0]![0]!;
    expect((await of("cat")).name).toBe(" cat@last");
    expect((await of("cat@position:1")).found).toEqual({ position: 1 });
    const lead = await of('token:" cat" minus token:" sat"@last');
    for (const same of ["cat minus sat", "cat minus sat@last", "contrast:cat|sat", 'contrast:token:" cat"|token:" sat"']) {
      const { beside: _, ...aim } = await of(same);
      expect(aim).toEqual({ ...lead, beside: undefined });
    }
    await expect(of("the+ cat minus cat")).rejects.toThrow(/target the\+ cat: it is 2 tokens/);
    const known = { ...tokens, encode: () => [0], special: (token: number) => token === 0 };
    await using strange = await open(lm, { tokens: known });
    await expect(strange.explain(x, { target: "bird" })).rejects.toThrow(/does not know it/);
    const quoted = { ...tokens, encode: (text: string) => (text === "a minus b@c" ? [6] : tokens.encode(text)) };
    await using odd = await open(lm, { tokens: quoted });
    expect((await odd.explain(x, { target: 'token:"a minus b@c" minus token:"the"' })).aims![0]![0]!.name).toBe(
      "! minus the@last",
    );
    await expect(lit.compile({ target: "cat minus sat@position:1" })).rejects.toThrow(/seed direction/);
    await using numbered = await open(lm, { tokens: undefined as never });
    await expect(numbered.explain(x, { target: "cat" })).rejects.toThrow(/without labels/);
  });

  test("two places: the lead of the log-probabilities, at one place that of the logits; spans too", async () => {
    await using lit = await open(lm);
    const own = { input_ids: ints([1, 4], [1, 2, 3, 4]), attention_mask: ints([1, 4], [1, 1, 1, 1]) };
    const map = async (target: string) => numbers((await lit.explain(own, { target, composite: "epsilon" })).relevance);
    const minus = (a: readonly number[], b: readonly number[]) => a.map((one, i) => one - b[i]!);
    const [first, second] = [await map("span:1..2"), await map("span:3..3")];
    expectClose(await map("span:1..2 minus span:3..3"), minus(first, second), 1e-5);
    expectClose(
      await map('token:" cat"@position:1 minus token:" sat"@position:1'),
      await map('token:" cat" minus token:" sat"@position:1'),
      1e-5,
    );
    expectClose(await map('token:" cat"@position:1 minus token:" sat"'), await map("cat minus sat@position:1"), 1e-5);
    expectClose(
      await map("span:3..3 minus cat@position:2"),
      await map("sat minus cat@position:2").then(() => map("4 minus 2@position:2")),
      1e-5,
    );
    await expect(map("span:1..2 minus cat")).rejects.toThrow(/'cat' names no place/);
    await expect(map("cat@position:1 minus cat@position:1")).rejects.toThrow(/both are one/);
    await expect(map("top:2@last minus cat@last")).rejects.toThrow(/several maps/);
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
