/** What stands in for removed values: drawn by sample and seed alone, and where it is computed, checked against its equations. */
import { describe, expect, test } from "vitest";
import { floats, noise } from "../../../test/support/run.ts";
import { randomBy } from "../../numeric/random.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../tensor/float.ts";
import { memo } from "../memo.ts";
import type { Trial } from "../metric.ts";
import { fillingOf } from "./index.ts";

interface Setting extends Partial<Pick<Trial, "range" | "others" | "given" | "ids" | "kind">> {
  readonly seed?: number;
  readonly n?: number;
  readonly repeat?: number;
  /** By value; default: everything. */
  readonly removed?: (value: number) => boolean;
}

/** Sample n with its removed values filled. */
const filled = (x: FloatTensor, spec: string, setting: Setting = {}): number[] => {
  const {
    seed = 0,
    n = 0,
    repeat = 0,
    removed = () => true,
    ids = Array.from({ length: x.dims[0]! }, (_, i) => i),
    ...rest
  } = setting;
  const kind = x.dims.length > 2 ? "space" : "values";
  const trial = { x, kind, ids, random: randomBy(seed), shared: memo(), ...rest } as unknown as Trial;
  const filling = fillingOf(trial, spec, n, repeat);
  const mask = Uint8Array.from({ length: widthOf(x) }, (_, i) => Number(removed(i)));
  const into = sampleOf(x, n).slice();
  if (filling.kind === "mask") filling.fill(into, mask);
  else for (let i = 0; i < mask.length; i++) if (mask[i] === 1) into[i] = filling.values[i]!;
  return [...into];
};

const pictures = noise([3, 2, 6, 5], 1) as FloatTensor;
const second = { ...pictures, dims: [1, 2, 6, 5], data: sampleOf(pictures, 1).slice() };
const others = { x: noise([4, 2, 6, 5], 9) as FloatTensor, ids: [0, 1, 2, 3] };

describe("random imputers", () => {
  test.each(["uniform", "histogram", "dirichlet", "road:0.1", "patches"])(
    "%s: the same by seed and sample, whatever the batch",
    (spec) => {
      const some = (i: number) => i % 7 < 4;
      const inBatch = filled(pictures, spec, { n: 1, others, removed: some });
      expect(filled(second, spec, { ids: [1], others, removed: some })).toEqual(inBatch);
      const draws = [0, 1, 2, 3, 4].map((repeat) => filled(pictures, spec, { n: 1, repeat, others, removed: some }).join());
      expect(new Set(draws).size).toBeGreaterThan(1);
      expect(
        new Set([0, 1, 2, 3, 4].map((seed) => filled(pictures, spec, { n: 1, seed, others, removed: some }).join())).size,
      ).toBeGreaterThan(1);
      // What stays is untouched.
      inBatch.forEach((value, i) => {
        if (!some(i)) expect(value).toBe(sampleOf(pictures, 1)[i]);
      });
    },
  );

  test("uniform: bounds as asked, else of the preprocessing, else each channel's own", () => {
    const x = floats(
      [1, 2, 1, 500],
      Array.from({ length: 1000 }, (_, i) => (i < 500 ? i / 500 : 10 + i / 500)),
    ) as FloatTensor;
    const spans = (setting: Setting, spec = "uniform") => {
      const values = filled(x, spec, setting);
      return [values.slice(0, 500), values.slice(500)].map((of) => [Math.min(...of), Math.max(...of)]);
    };
    const near = (got: number[][], want: number[][]) =>
      got.flat().forEach((value, i) => {
        expect(Math.abs(value - want.flat()[i]!)).toBeLessThan(0.05 * (want.flat()[1]! - want.flat()[0]!) + 1e-6);
      });
    near(spans({}), [
      [0, 0.998],
      [11, 11.998],
    ]);
    near(spans({}, "uniform:-1:1"), [
      [-1, 1],
      [-1, 1],
    ]);
    near(spans({ range: { low: [0], high: [5] } }), [
      [0, 5],
      [0, 5],
    ]);
    near(spans({ range: { low: [0, 5], high: [1, 6] } }), [
      [0, 1],
      [5, 6],
    ]);
    expect(() => spans({ range: { low: [0, 0, 0], high: [1, 1, 1] } })).toThrow(/range of 3 numbers/);
  });

  test("dirichlet: colours of the sample, in shares that differ more between repeats than a plain draw's", () => {
    const x = floats(
      [1, 1, 20, 20],
      Array.from({ length: 400 }, (_, i) => i % 4),
    ) as FloatTensor;
    const shares = (spec: string) =>
      Array.from({ length: 60 }, (_, repeat) => filled(x, spec, { repeat }).filter((v) => v === 0).length / 400);
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    const variance = (list: readonly number[]) => mean(list.map((v) => (v - mean(list)) ** 2));
    const [plain, weighted] = [shares("histogram"), shares("dirichlet")];
    expect(mean(weighted)).toBeCloseTo(0.25, 1);
    // Binomial p(1 − p)/n, to which the weights add as much again.
    expect(variance(weighted) / variance(plain)).toBeGreaterThan(1.3);
  });

  test("histogram: colours of the sample, channels together, all of them in time", () => {
    const colours = (values: ArrayLike<number>) => Array.from({ length: 30 }, (_, p) => `${values[p]} ${values[30 + p]}`);
    const own = new Set(colours(sampleOf(pictures, 0)));
    const drawn = new Set(Array.from({ length: 20 }, (_, repeat) => colours(filled(pictures, "histogram", { repeat }))).flat());
    expect([...drawn].every((colour) => own.has(colour))).toBe(true);
    expect(drawn.size).toBe(own.size);
  });

  test("patches: never from the sample itself, from all others in time", () => {
    const sources = Array.from({ length: 40 }, (_, repeat) => {
      const values = filled(pictures, "patches", { n: 1, ids: [7, 2, 9], others, repeat }).join();
      return others.ids.find((m) => [...sampleOf(others.x, m)].join() === values);
    });
    expect(new Set(sources)).toEqual(new Set([0, 1, 3]));
    expect(() => filled(second, "patches", { ids: [0], others: { x: second, ids: [0] } })).toThrow(/no other input/);
    expect(() => filled(second, "patches", {})).toThrow(/no other input/);
  });
});

test("columns of a group are those of one row of the data, drawn anew in each repeat; other columns stay as they were drawn", () => {
  // Two words one-hot, and a number.
  const rows = floats([3, 4], [1, 0, 0, 5, 0, 1, 0, 6, 0, 0, 1, 7]) as FloatTensor;
  const x = floats([2, 4], [0, 1, 0, 3, 0, 1, 0, 3]) as FloatTensor;
  const segments = { type: "int32", dims: [4], data: Int32Array.of(0, 0, 0, 1) } as const;
  const data = { x: rows, ids: [7, 8, 9] };
  for (const spec of ["uniform:0:1", "histogram"]) {
    const of = (repeat: number, given: Setting = { given: { segments } }) =>
      filled(x, spec, { others: data, repeat, n: 1, ...given });
    const draws = Array.from({ length: 30 }, (_, repeat) => of(repeat));
    for (const [a, b, c] of draws) expect([a, b, c].sort()).toEqual([0, 0, 1]);
    expect(new Set(draws.map((draw) => draw.slice(0, 3).join())).size).toBe(3);
    const apart = Array.from({ length: 30 }, (_, repeat) => of(repeat, {}));
    expect(apart.map((draw) => draw[3])).toEqual(draws.map((draw) => draw[3]));
    expect(apart.some(([a, b, c]) => a! + b! + c! !== 1)).toBe(true);
  }
});

test("invert turns values over in their range", () => {
  const x = floats([1, 2, 1, 3], [0, 1, 2, 5, 6, 9]) as FloatTensor;
  expect(filled(x, "invert")).toEqual([2, 1, 0, 9, 8, 5]);
  expect(filled(x, "invert:0:10")).toEqual([10, 9, 8, 5, 4, 1]);
  expect(filled(x, "invert", { range: { low: [0, 5], high: [4, 9] } })).toEqual([4, 3, 2, 9, 8, 5]);
  // The features of a table may have a range each.
  const row = floats([1, 3], [1, 2, 3]) as FloatTensor;
  expect(filled(row, "invert", { range: { low: [0, 0, 0], high: [1, 2, 3] } })).toEqual([0, 0, 0]);
});

/** Σ_q w_pq (u_p − u_q) = 0 for the missing pixels, by elimination with pivots. */
const dense = (plane: readonly number[], missing: readonly boolean[], width: number, edge: number, corner: number): number[] => {
  const height = plane.length / width;
  const ids = plane.flatMap((_, p) => (missing[p] ? [p] : []));
  const rows = ids.map((p) => {
    const row = new Array<number>(ids.length + 1).fill(0);
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) {
        const [y, x] = [Math.floor(p / width) + dy, (p % width) + dx];
        if ((dy === 0 && dx === 0) || y < 0 || y >= height || x < 0 || x >= width) continue;
        const w = dy === 0 || dx === 0 ? edge : corner;
        const q = y * width + x;
        row[ids.indexOf(p)]! += w;
        if (missing[q]) row[ids.indexOf(q)]! -= w;
        else row[ids.length]! += w * plane[q]!;
      }
    return row;
  });
  ids.forEach((_, k) => {
    const pivot = rows.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    rows.forEach((row, i) => {
      if (i === k || row[k] === 0) return;
      const factor = row[k]! / rows[k]![k]!;
      for (let j = k; j <= ids.length; j++) row[j]! -= factor * rows[k]![j]!;
    });
  });
  const out = [...plane];
  ids.forEach((p, k) => {
    out[p] = rows[k]![ids.length]! / rows[k]![k]!;
  });
  return out;
};

describe("imputers that solve for the gap", () => {
  const holes: Record<string, (p: number) => boolean> = {
    scattered: (p) => (p * 7) % 10 < 5,
    corner: (p) => p % 9 < 6 && p < 45,
    "all but one": (p) => p !== 30,
    "a frame": (p) => p % 9 === 0 || p % 9 === 8 || p < 9 || p >= 63,
  };
  const x = noise([1, 2, 8, 9], 3) as FloatTensor;
  test.each(Object.keys(holes))("as a dense solve has it: %s", (name) => {
    const hole = holes[name]!;
    for (const [spec, edge, corner] of [
      ["road:0", 1 / 6, 1 / 12],
      ["diffusion", 1, 0],
    ] as const) {
      const got = filled(x, spec, { removed: (i) => hole(i % 72) });
      for (const c of [0, 1]) {
        const plane = [...x.data.subarray(c * 72, (c + 1) * 72)];
        const want = dense(
          plane,
          plane.map((_, p) => hole(p)),
          9,
          edge,
          corner,
        );
        // Results are float32.
        want.forEach((value, p) => {
          expect(Math.abs(got[c * 72 + p]! - value)).toBeLessThan(1e-7);
        });
      }
    }
  });

  test("channels may have gaps of their own; without a known pixel a channel is its mean", () => {
    const got = filled(x, "road:0", { removed: (i) => i >= 72 || i % 3 === 0 });
    const first = [...x.data.subarray(0, 72)];
    dense(
      first,
      first.map((_, p) => p % 3 === 0),
      9,
      1 / 6,
      1 / 12,
    ).forEach((value, p) => {
      expect(got[p]).toBeCloseTo(value, 6);
    });
    const mean = x.data.subarray(72).reduce((a, b) => a + b, 0) / 72;
    for (const value of got.slice(72)) expect(value).toBeCloseTo(mean, 6);
  });

  test("in a series, a straight line across the gap", () => {
    const series = floats([1, 1, 9], [0, 1, 5, 5, 5, 5, 6, 3, 3]) as FloatTensor;
    for (const spec of ["road:0", "diffusion"]) {
      const got = filled(series, spec, { removed: (i) => i >= 2 && i <= 5 });
      [0, 1, 2, 3, 4, 5, 6, 3, 3].forEach((value, i) => {
        expect(got[i]).toBeCloseTo(value, 6);
      });
    }
  });

  test("noise has the deviation asked for, on imputed values only, the same whatever else is removed", () => {
    const big = noise([1, 1, 40, 40], 5) as FloatTensor;
    const some = (i: number) => i % 3 > 0;
    const plain = filled(big, "road:0", { removed: some });
    const rough = filled(big, "road:0.5", { removed: some });
    const added = rough.map((value, i) => value - plain[i]!);
    expect(added.filter((_, i) => !some(i)).every((value) => value === 0)).toBe(true);
    const drawn = added.filter((_, i) => some(i));
    expect(Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length)).toBeCloseTo(0.5, 1);
    const fewer =
      filled(big, "road:0.5", { removed: (i) => i === 1 })[1]! - filled(big, "road:0", { removed: (i) => i === 1 })[1]!;
    expect(fewer).toBeCloseTo(added[1]!, 5);
  });

  test("a picture of 224 × 224 with one large hole: every pixel the mean of its neighbours", () => {
    const side = 224;
    const large = noise([1, 1, side, side], 6) as FloatTensor;
    const inside = (i: number) => [Math.floor(i / side), i % side].every((at) => at > 10 && at < 214);
    const u = filled(large, "diffusion", { removed: inside });
    let worst = 0;
    u.forEach((value, i) => {
      if (!inside(i)) return;
      worst = Math.max(worst, Math.abs(value - (u[i - 1]! + u[i + 1]! + u[i - side]! + u[i + side]!) / 4));
    });
    expect(worst).toBeLessThan(2e-7);
  });
});

test("conv: the kernel as given, zeros beyond the border", () => {
  const x = floats([1, 1, 2, 3], [1, 2, 3, 4, 5, 6]) as FloatTensor;
  const kernel = floats([3, 3], [0, 0, 0, 1, 0, 10, 0, 100, 0]);
  // Left neighbour + 10 × right + 100 × below.
  expect(filled(x, "conv", { given: { kernel } })).toEqual([420, 531, 602, 50, 64, 5]);
  const series = floats([1, 1, 4], [1, 2, 3, 4]) as FloatTensor;
  expect(filled(series, "conv", { given: { kernel: floats([3], [1, 0, 10]) } })).toEqual([20, 31, 42, 3]);
  expect(() => filled(x, "conv", { given: { kernel: floats([2, 2], [1, 1, 1, 1]) } })).toThrow(/kernel of 2×2/);
  const flat = floats([1, 1, 30, 30], new Float32Array(900).fill(2)) as FloatTensor;
  const blurred = filled(flat, "conv");
  expect(blurred[15 * 30 + 15]).toBeCloseTo(2, 5);
  expect(blurred[0]).toBeLessThan(1);
});

test.each([
  [[1, 1, 40, 60], 3],
  [[1, 2, 30, 7], 1.5],
  [[1, 1, 25], 1.25],
])("blur of %j: σ is a twentieth of the longer side, and reaches 3 σ", (dims, sigma) => {
  const x = noise(dims, 5) as FloatTensor;
  const usual = filled(x, "blur");
  expect(usual).toEqual(filled(x, `blur:${sigma}`));
  const radius = Math.ceil(3 * sigma);
  expect(usual).toEqual(filled(x, `blur:${sigma}:${radius}`));
  for (const other of [radius - 1, radius + 1]) expect(filled(x, `blur:${sigma}:${other}`)).not.toEqual(usual);
});

test("bounds that are one number leave nothing to chance", () => {
  expect(new Set(filled(pictures, "uniform:0.25:0.25"))).toEqual(new Set([0.25]));
});

test("what cannot be is told", () => {
  const row = floats([1, 4], [1, 2, 3, 4]) as FloatTensor;
  for (const spec of ["road", "diffusion", "conv", "blur"]) expect(() => filled(row, spec)).toThrow(/no neighbours/);
  for (const spec of ["uniform:1", "uniform:2:1", "uniform:a:1", "invert:0", "road:-1", "road:", "noise"])
    expect(() => filled(pictures, spec), spec).toThrow(/imputer/);
});
