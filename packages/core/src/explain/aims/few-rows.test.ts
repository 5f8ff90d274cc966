/** A few positions among many logits: the same maps as from all of them, and no array as large as all. */
import { expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { ints } from "../../../test/support/run.ts";
import { rowsModel } from "./few-rows.ts";

const [S, V] = [280, 4000];
const net = (head: string) => `g (int64[N,S] input_ids, int64[N,S] attention_mask) => (float[N,S,${V}] logits) <
  float[${V},3] table = random(1), float[3,3] q = random(2), float[3,${V}] w = random(3), float[${V}] b = random(4), float scale = {3}, int64[1] second = {1}, float big = {1000}, float one = {1}> {
  e = Gather(table, input_ids) kt = Transpose <perm=[0,2,1]> (e) eq = MatMul(e, q) s = MatMul(eq, kt) m = Cast <to=1> (attention_mask) off = Sub(m, one) far = Mul(off, big)
  wide = Unsqueeze(far, second) masked = Add(s, wide) a = Softmax(masked) h = MatMul(a, e) r = Add(e, h) ${head} }`;
const plain = net("logits = MatMul(r, w)");
const capped = net("z = MatMul(r, w) biased = Add(z, b) small = Div(biased, scale) t = Tanh(small) logits = Mul(t, scale)");
const ids = (n: number, length = S) => Array.from({ length: S }, (_, i) => (i < length ? (i * 37 * n + n) % V : 0));
const mask = (length = S) => Array.from({ length: S }, (_, i) => Number(i < length));
const x = { input_ids: ints([2, S], [...ids(3), ...ids(5, 200)]), attention_mask: ints([2, S], [...mask(), ...mask(200)]) };
const numbers = ({ data }: { readonly data: Float32Array }) => Array.from(data);

test.each([
  ["a plain head", plain],
  ["a bias and a soft cap", capped],
])("the maps are those of the index, with %s", async (_, text) => {
  await using lit = await loadText(text);
  for (const options of [{}, { seed: "logit" }, { method: "gradient-x-input" }, { composite: "epsilon" }] as const) {
    const index = await lit.explain(x, { ...options, target: "70,12" });
    const placed = await lit.explain(x, { ...options, target: "12@position:70" });
    expectClose(numbers(placed.relevance), numbers(index.relevance), 2e-5);
    expect(placed.recipe).toEqual({ ...index.recipe });
  }
  const ledgers = await lit.explain(x, { target: "top@last", strict: true });
  expect(ledgers.aims!.map(([aim]) => aim!.found)).toEqual([{ position: 279 }, { position: 199 }]);
  expect(ledgers.ledger).toHaveLength(2);
  expect(Object.keys(ledgers.outputs)).toEqual(["logits"]);
  expect(ledgers.output.dims).toEqual([2, S, V]);
});

test("of several positions, one against another, and step by step", async () => {
  await using lit = await loadText(plain);
  const one = { input_ids: ints([1, S], ids(3)), attention_mask: ints([1, S], mask()) };
  const steps = await lit.explain(one, { target: "span:90..92", perStep: true });
  expect(steps.relevance.dims).toEqual([1, 3, S, 3]);
  const whole = await lit.explain(one, { target: "span:90..92" });
  const size = S * 3;
  expectClose(
    numbers(whole.relevance).map((_, i) => [0, 1, 2].reduce((sum, k) => sum + steps.relevance.data[k * size + i]!, 0)),
    numbers(whole.relevance),
    1e-5,
  );
  const lead = await lit.explain(one, { target: "5 minus 9@position:40" });
  expectClose(numbers(lead.relevance), numbers((await lit.explain(one, { target: "40,5 minus 40,9" })).relevance), 1e-5);
});

test("only heads that work position by position are written again", async () => {
  const head = async (nodes: string) => {
    await using lit = await loadText(net(nodes));
    return rowsModel(lit.traced, "logits")?.output;
  };
  expect(await head("logits = MatMul(r, w)")).toBe("logits/rows");
  expect(await head("z = MatMul(r, w) logits = Softmax <axis=1> (z)")).toBeUndefined();
  expect(await head("t = Transpose <perm=[1,0,2]> (r) z = MatMul(t, w) logits = Transpose <perm=[1,0,2]> (z)")).toBeUndefined();
});
