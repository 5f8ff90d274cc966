import { expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import { floats, noise } from "../../test/support/run.ts";

const dense = (w: string, b: string) =>
  `net (float[N,3] x) => (float[N,2] logits) <float[3,2] w = {${w}}, float[2] b = {${b}}> { logits = Gemm(x, w, b) }`;

test("classes that do not differ: nothing to explain, said for each row", async () => {
  await using lit = await loadText(dense("1, 1, 2, 2, 3, 3", "5, 1"));
  const { notes } = await lit.explain(noise([2, 3], 1), { seed: "log-odds" });
  expect(notes.map((note) => note?.kind)).toEqual(["nothing", "nothing"]);
  expect(notes[0]!.text).toMatch(/nothing to explain: .* log-odds by less than 0\.0001/);
});

test("of a direction that is fed nobody says log-odds", async () => {
  await using lit = await loadText(dense("1, 1, 2, 2, 3, 3", "5, 1"));
  const { notes } = await lit.explain(noise([1, 3], 1), { seed: "direction", seedVector: floats([1, 2], [1, -1]) });
  expect(notes[0]!.text).toMatch(/nothing to explain: .* explained score by less than 0\.0001/);
});

test("what is explained has a map and no note", async () => {
  await using lit = await loadText(dense("1, 0, 2, 1, 3, 0", "0, 0"));
  const { notes, leaving } = await lit.explain(floats([1, 3], [1, 1, 1]), { target: 0 });
  expect(notes).toEqual([undefined]);
  expect(leaving![0]).toBeCloseTo(6, 5); // Σ|R| behind the head
});

test("a small value beside a large one is measured by itself", async () => {
  await using lit = await loadText(dense("1e8, 1e-3, 1e8, 2e-3, 1e8, 0", "0, 0"), { reading: { outputKind: "regression" } });
  const x = floats([1, 3], [1, 1, 1]);
  for (const target of [0, 1, "top:2"]) expect((await lit.explain(x, { target })).notes).not.toContainEqual(expect.anything());
});

test("evidence for and against in balance is drawn, and said", async () => {
  await using lit = await loadText(dense("1, 0, -1, 0, 0, 0", "0, 0"));
  const { notes, relevance } = await lit.explain(floats([1, 3], [2, 2, 1]), { target: 0 });
  expect(notes[0]?.kind).toBe("balance");
  expect(Array.from(relevance.data)).toEqual([2, -2, 0]);
});

test("a map that is zero everywhere names the layer that closed", async () => {
  const text = `net (float[N,3] x) => (float[N,2] logits) <float[3,4] a = {-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1,-1}, float[4] c = {9,9,9,9},
    float[3,4] d = {1,1,1,1,1,1,1,1,1,1,1,1}, float[4,2] w = {1,0,1,0,1,0,1,0}, float[2] b = {1, 0}> {
    z = Gemm(x, d, c) h = Relu(z) k = Gemm(x, a) l = Relu(k) q = Mul(h, l) logits = Gemm(q, w, b) }`;
  await using lit = await loadText(text);
  // The second factor is closed for this input: the logit is its bias alone.
  const { notes } = await lit.explain(floats([1, 3], [1, 1, 1]), { target: 0 });
  expect(notes[0]?.kind).toBe("nothing");
  const method = await lit.explain(floats([1, 3], [1, 1, 1]), { target: 0, method: "gradient" });
  expect(method.notes[0]).toMatchObject({ kind: "zero", text: expect.stringMatching(/zero everywhere/) });
});

test("seed one over a negative logit turns the signs, and says so", async () => {
  await using lit = await loadText(dense("1, 1, 2, 1, 3, 1", "-20, 0"));
  const x = floats([1, 3], [1, 1, 1]);
  const one = await lit.explain(x, { composite: "epsilon", seed: "one", target: 0 });
  expect(one.notices.join()).toMatch(/although the logit is negative/);
  expect(one.relevance.data[0]).toBeLessThan(0);
  const asked = await lit.explain(x, { composite: "epsilon", target: 0 });
  expect(asked.notices.join()).not.toMatch(/negative/);
  expect(asked.relevance.data[0]).toBeGreaterThan(0);
});
