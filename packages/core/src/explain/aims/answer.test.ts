/** Answers of question answering: beginning and end together; what is taken when nobody says. */
import { expect, test } from "vitest";
import { expectClose } from "../../../test/support/compare.ts";
import { loadText } from "../../../test/support/load.ts";
import { floats, ints } from "../../../test/support/run.ts";

const qa = `g (int64[N,S] input_ids) => (float[N,S] start_logits, float[N,S] end_logits) <float[9,4] table = random(1), float[4,4] q = random(2), float[4,2] w = random(3), int64[2] one = {1,1}, int64[1] two = {2}> {
  e = Gather(table, input_ids) kt = Transpose <perm=[0,2,1]> (e) eq = MatMul(e, q) s = MatMul(eq, kt) a = Softmax(s) h = MatMul(a, e) r = Add(e, h) z = MatMul(r, w)
  zs, ze = Split <axis=2> (z, one) start_logits = Squeeze(zs, two) end_logits = Squeeze(ze, two) }`;
/** 0 is [CLS], 1 [SEP]: a question of two tokens and a text of four. */
const x = ints([1, 9], [0, 2, 3, 1, 4, 5, 6, 7, 1]);
const tokens = { encode: () => [], decode: (id: number) => `w${id}`, special: (id: number) => id < 2 };

test("v is the sum of both log-odds' directions, each among all positions", async () => {
  await using lit = await loadText(qa, { tokens });
  const { relevance, aims, outputs } = await lit.explain(x, { target: "answer:5..6" });
  expect(aims![0]![0]!.name).toBe("answer:5..6 (w5 w6)");
  const v = new Float32Array(18);
  for (const [column, [name, at]] of (
    [
      ["start_logits", 5],
      ["end_logits", 6],
    ] as const
  ).entries()) {
    const e = Array.from(outputs[name]!.data as Float32Array, Math.exp);
    const others = e.reduce((a, b) => a + b, 0) - e[at]!;
    for (const [i, one] of e.entries()) v[2 * i + column] = i === at ? 1 : -one / others;
  }
  const fed = await lit.explain(x, { output: "z", seed: "direction", seedVector: floats([1, 9, 2], v) });
  expectClose(Array.from(relevance.data), Array.from(fed.relevance.data), 1e-6);
});

test("when nobody says, the likeliest span of the text behind the question", async () => {
  await using lit = await loadText(qa, { tokens });
  const { aims, notices, outputs } = await lit.explain(x, { strict: true });
  expect(notices.join()).toMatch(/beginning and end are explained together/);
  const z = (name: string, at: number) => outputs[name]!.data[at] as number;
  const spans = [4, 5, 6, 7].flatMap((a) => [4, 5, 6, 7].filter((b) => b >= a).map((b) => [a, b] as const));
  const best = spans.reduce((one, other) =>
    z("start_logits", other[0]) + z("end_logits", other[1]) > z("start_logits", one[0]) + z("end_logits", one[1]) ? other : one,
  );
  const [aim] = aims![0]!;
  expect(aim!.found).toEqual({ begin: best[0], end: best[1] });
  expect(aim!.beside).toHaveLength(5);
  expect(aim!.beside![0]).toMatchObject({ own: true, name: aim!.name });
  expect(aim!.beside!.map(({ probability }) => probability!)).toEqual(
    aim!.beside!.map(({ probability }) => probability!).toSorted((a, b) => b - a),
  );
});

test("methods that ask the model score the same; the model's outputs are as they were", async () => {
  await using lit = await loadText(qa, { tokens });
  const { relevance, outputs } = await lit.explain(x, { method: "feature-ablation", target: "answer:5..6", batch: 1 });
  expect(relevance.data.some((r) => r !== 0)).toBe(true);
  expect(Object.keys(outputs)).toEqual(["start_logits", "end_logits"]);
  const compiled = await lit.compile({});
  expect(compiled.model.graph.output.map(({ name }) => name)).not.toContain("answer");
});

test("what there is not", async () => {
  await using lit = await loadText(qa, { tokens });
  await expect(lit.explain(x, { target: "answer:5..12" })).rejects.toThrow(/positions run from 0 to 8/);
  await expect(lit.explain(x, { target: "answer:6..5" })).rejects.toThrow(/answer:a\.\.b/);
  await using other = await loadText("g (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }");
  await expect(other.explain(floats([1, 3], [1, 2, 3]), { target: "answer" })).rejects.toThrow(/where an answer begins/);
});
