import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../test/support/compare.ts";
import { floats, model, noise, numbers, runModel } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { randomBy } from "../numeric/random.ts";
import { decodeModel } from "../onnx/decode.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { type ConceptDirection, conceptDirection, givenDirection } from "./direction.ts";
import { conceptRows, repairPlace } from "./place.ts";
import { REPAIR_KEY, repairModel } from "./rewrite.ts";

const direction = (vector: readonly number[], clean = 0.5, threshold = 1): ConceptDirection => ({
  method: "pattern",
  vector,
  clean,
  threshold,
  separated: 1,
});

/** vᵀ a of what a model gives as h, [N, C, …] or with channels last. */
const amounts = (data: readonly number[], count: number, vector: readonly number[], last = false): number[] => {
  const width = data.length / count;
  const positions = width / vector.length;
  return Array.from({ length: count }, (_, n) =>
    vector.reduce((sum, v, c) => {
      const own = Array.from(
        { length: positions },
        (_, p) => data[n * width + (last ? p * vector.length + c : c * positions + p)]!,
      );
      return sum + v * own.reduce((a, b) => Math.max(a, b));
    }, 0),
  );
};

const conv = `net (float[N,2,4,4] x) => (float[N,3] y, float[N,3,4,4] h) <float[3,2,3,3] w = random(1), float[48,3] o = random(3)>
{ h = Conv <pads=[1,1,1,1]> (x, w) f = Flatten(h) y = MatMul(f, o) }`;
const vector = [1, -0.5, 2];
const x = noise([3, 2, 4, 4], 4, 4);

describe("repairModel", () => {
  test("afterwards every sample has as much of the concept as clean ones", async () => {
    const repaired = repairModel(model(conv), { value: "h", rank: 4, axis: 1, direction: direction(vector) });
    const out = await runModel(repaired, { x });
    expectClose(amounts(numbers(out.h), 3, vector), [0.5, 0.5, 0.5]);
    // Along v alone, the same at every position.
    const before = await runModel(conv, { x });
    const moved = numbers(out.h).map((v, i) => v - numbers(before.h)[i]!);
    for (let n = 0; n < 3; n++)
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < 16; p++) expect(moved[(n * 3 + c) * 16 + p]! / vector[c]!).toBeCloseTo(moved[n * 48]!, 4);
    expect(repaired.metadataProps.map(({ key }) => key)).toEqual([REPAIR_KEY]);
  });

  test("reactive: samples below the threshold are left as they are, to the last bit", async () => {
    const before = await runModel(conv, { x });
    const own = amounts(numbers(before.h), 3, vector);
    const threshold = [...own].sort((a, b) => a - b)[1]! + 1e-3;
    const repaired = repairModel(model(conv), {
      value: "h",
      rank: 4,
      axis: 1,
      direction: direction(vector, 0.5, threshold),
      reactive: true,
    });
    const out = await runModel(repaired, { x });
    const highest = own.indexOf(own.reduce((a, b) => Math.max(a, b)));
    for (let n = 0; n < 3; n++) {
      const rows = [out.y, before.y].map((y) => numbers(y).slice(n * 3, n * 3 + 3));
      if (n === highest) expect(amounts(numbers(out.h), 3, vector)[n]).toBeCloseTo(0.5, 4);
      else expect(rows[0]).toEqual(rows[1]);
    }
  });

  test("scope neurons: along v at each channel and position by itself", async () => {
    const v = Array.from({ length: 48 }, (_, i) => (i === 5 ? 2 : i === 40 ? -1 : 0));
    const repaired = repairModel(model(conv), { value: "h", rank: 4, axis: 1, scope: "neurons", direction: direction(v) });
    const [out, before] = [await runModel(repaired, { x }), await runModel(conv, { x })];
    const [after, was] = [numbers(out.h), numbers(before.h)];
    for (let n = 0; n < 3; n++) {
      expect(2 * after[n * 48 + 5]! - after[n * 48 + 40]!).toBeCloseTo(0.5, 4);
      expect((after[n * 48 + 5]! - was[n * 48 + 5]!) / 2).toBeCloseTo(was[n * 48 + 40]! - after[n * 48 + 40]!, 4);
    }
    expect(after.filter((value, i) => value === was[i])).toHaveLength(3 * 46);
  });

  test("scope positions: each position by itself; reactive: those above the threshold", async () => {
    for (const [axis, net] of [
      [1, conv],
      [
        3,
        conv
          .replace("{ h =", "{ c =")
          .replace("f = Flatten(h)", "h = Transpose <perm=[0,2,3,1]> (c) f = Flatten(h)")
          .replace("h) <", "h) <"),
      ],
    ] as const)
      for (const reactive of [false, true]) {
        const asked = { value: "h", rank: 4, axis, scope: "positions", direction: direction(vector), reactive } as const;
        const [out, was] = [await runModel(repairModel(model(net), asked), { x }), await runModel(net, { x })];
        for (let n = 0; n < 3; n++)
          for (let p = 0; p < 16; p++) {
            const at = (c: number) => (axis === 1 ? (n * 3 + c) * 16 + p : (n * 16 + p) * 3 + c);
            const along = (h: readonly number[]) => vector.reduce((sum, v, c) => sum + v * h[at(c)]!, 0);
            const [before, after] = [along(numbers(was.h)), along(numbers(out.h))];
            expect(after).toBeCloseTo(reactive && before <= 1 ? before : 0.5, 4);
          }
      }
  });

  test("features of tokens, dense layers; an older operator set; explained like any other model", async () => {
    const tokens = "net (float[N,5,4] x) => (float[N,5,3] h) <float[4,3] w = random(2)> { h = MatMul(x, w) }";
    const own = await runModel(repairModel(model(tokens), { value: "h", rank: 3, axis: 2, direction: direction(vector) }), {
      x: noise([2, 5, 4], 1),
    });
    expectClose(amounts(numbers(own.h), 2, vector, true), [0.5, 0.5]);
    const dense =
      "net (float[N,4] x) => (float[N,2] y) <float[4,3] w = random(2), float[3,2] o = random(3)> { h = MatMul(x, w) r = Relu(h) y = MatMul(r, o) }";
    const repaired = repairModel(
      { ...model(dense), opsetImport: [{ domain: "", version: 12 }] },
      { value: "h", rank: 2, axis: 1, direction: direction(vector) },
    );
    await using lit = await load(encodeModelBytes(repaired), { runtime: await nodeRuntime() });
    const { relevance, output } = await lit.explain(noise([2, 4], 3), { composite: "epsilon" });
    expect(relevance.dims).toEqual([2, 4]);
    expectClose(numbers(output), numbers((await runModel(repaired, { x: noise([2, 4], 3) })).y));
    expect(decodeModel(encodeModelBytes(repaired)).metadataProps).toHaveLength(1);
  });

  test("what cannot be repaired is said", () => {
    const at = { rank: 4, axis: 1, direction: direction(vector) };
    expect(() => repairModel(model(conv), { ...at, value: "x" })).toThrow(/no node of the file makes 'x'/);
    expect(() => repairModel(model(conv), { ...at, value: "h", axis: 0 })).toThrow(/first axis has to count samples/);
  });
});

test("scope patches: where a position has more than the threshold it becomes what is usual, and those around it; nothing else", async () => {
  const usual = [0.1, -0.2, 0.3];
  for (const [axis, net] of [
    [1, conv],
    [3, conv.replace("{ h =", "{ c =").replace("f = Flatten(h)", "h = Transpose <perm=[0,2,3,1]> (c) f = Flatten(h)")],
  ] as const) {
    const was = numbers((await runModel(net, { x })).h);
    const at = (n: number, p: number, c: number) => (axis === 1 ? (n * 3 + c) * 16 + p : (n * 16 + p) * 3 + c);
    const along = Array.from({ length: 48 }, (_, i) =>
      vector.reduce((sum, v, c) => sum + v * was[at(Math.floor(i / 16), i % 16, c)]!, 0),
    );
    // Three positions of all samples have more.
    const threshold = [...along].sort((a, b) => b - a)[3]! + 1e-4;
    const own = { ...direction(vector, 0.5, threshold), usual };
    const asked = { value: "h", rank: 4, axis, scope: "patches", direction: own } as const;
    const now = numbers((await runModel(repairModel(model(net), asked), { x })).h);
    let filled = 0;
    for (let i = 0; i < 48; i++) {
      const [n, p] = [Math.floor(i / 16), i % 16];
      const near = Array.from({ length: 16 }, (_, q) => q).some(
        (q) =>
          along[n * 16 + q]! > threshold &&
          Math.abs(Math.floor(q / 4) - Math.floor(p / 4)) <= 1 &&
          Math.abs((q % 4) - (p % 4)) <= 1,
      );
      filled += Number(near);
      for (const c of [0, 1, 2]) {
        if (near) expect(now[at(n, p, c)]).toBeCloseTo(usual[c]!, 4);
        else expect(now[at(n, p, c)]).toBe(was[at(n, p, c)]);
      }
    }
    expect(filled).toBeGreaterThan(3);
    expect(filled).toBeLessThan(40);
  }
  expect(() =>
    repairModel(model(conv), { value: "h", rank: 4, axis: 1, scope: "patches", direction: direction(vector) }),
  ).toThrow(/does not say what is usual/);
});

describe("conceptDirection", () => {
  const stream = randomBy(5).stream(0);
  const rows = (count: number, shift: readonly number[]) =>
    Array.from({ length: count }, () => shift.map((s) => s + 0.3 * stream.normal()));
  const [clean, artefact] = [rows(200, [1, 1, 1]), rows(100, [1, 3, 0])];

  test("the pattern is the difference that the artefact makes", () => {
    const found = conceptDirection({ clean, artefact });
    expect(found.vector[0]).toBeCloseTo(0, 0);
    expect(found.vector[1]).toBeCloseTo(2, 0);
    expect(found.vector[2]).toBeCloseTo(-1, 0);
    expect(found.separated).toBeGreaterThan(0.98);
    expect(found.threshold).toBeGreaterThan(found.clean);
  });

  test("the machine separates as well", () => {
    const found = conceptDirection({ clean, artefact }, "svm");
    expect(found.separated).toBeGreaterThan(0.98);
    expect(found.vector[1]! * 2 - found.vector[2]!).toBeGreaterThan(0);
  });

  test("given: a direction by itself, what is usual of it from clean samples", () => {
    const found = givenDirection([0, 1, 0], { clean, artefact: [] });
    expect(found).toMatchObject({ method: "given", vector: [0, 1, 0] });
    expect(found.clean).toBeCloseTo(1, 1);
    expect(found.separated).toBeUndefined();
    expect(givenDirection([0, 1, 0], { clean, artefact }).separated).toBeGreaterThan(0.98);
    expect(() => givenDirection([0, 0, 0], { clean, artefact })).toThrow(/give 3 finite ones/);
  });

  test("an artefact that a layer does not see, or too few samples, are said", () => {
    const same = [
      [1, 2],
      [1, 2],
    ];
    expect(() => conceptDirection({ clean: same, artefact: same })).toThrow(/no channel tells/);
    expect(() => conceptDirection({ clean: same, artefact: [] })).toThrow(/2 clean samples and 0 with the artefact/);
    expect(() => conceptDirection({ clean: same, artefact: same }, "lda" as never)).toThrow(/pattern or svm/);
  });
});

test("from samples to a repaired model: a mark no longer moves the score", async () => {
  // The first channel of h sees a bright corner pixel, and the class rests on it.
  const net = `net (float[N,1,3,3] x) => (float[N,2] y) <float[2,1,1,1] w = {1, 0.1}, float[2,2] o = {2, -2, 1, 0}> { h = Conv(x, w) r = Relu(h) m = GlobalMaxPool(r) f = Flatten(m) y = MatMul(f, o) }`;
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const stream = randomBy(9).stream(0);
  const sample = (marked: boolean) => Array.from({ length: 9 }, (_, p) => (marked && p === 0 ? 5 : 0.5 + 0.1 * stream.next()));
  const batch = (marked: boolean) => floats([20, 1, 3, 3], Array.from({ length: 20 }, () => sample(marked)).flat());
  const maxima = async (marked: boolean) => {
    const { values } = await lit.explain(batch(marked), { method: "gradient", explain: ["h"] });
    return conceptRows(values.h!, 1, "channels");
  };
  const found = conceptDirection({ clean: await maxima(false), artefact: await maxima(true) });
  const repaired = repairModel(model(net), { value: "h", ...repairPlace(lit, { value: "h" }), direction: found });
  const scores = async (m: typeof repaired | string, marked: boolean) =>
    numbers((await runModel(m, { x: batch(marked) })).y).filter((_, i) => i % 2 === 0);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(mean(await scores(net, true)) - mean(await scores(net, false))).toBeGreaterThan(5);
  expect(Math.abs(mean(await scores(repaired, true)) - mean(await scores(repaired, false)))).toBeLessThan(0.1);
});
