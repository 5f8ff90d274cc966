/**
 * AttnLRP and CP-LRP a second time: one block of a transformer in float64 with the formulas of the papers on plain arrays, against
 * the compiled block, however its parts are spelled.
 *
 *   x → LayerNorm → q, k, v → softmax(q kᵀ / √d + mask) v → projection → + x → GELU → mean over tokens → classes
 */
import { describe, expect, test } from "vitest";
import { COLUMNS } from "../../src/emit/index.ts";
import { randomValues } from "../../src/onnx/parse-tensors.ts";
import type { Recipe } from "../../src/plan/index.ts";
import { absSum, expectClose, sum } from "../support/compare.ts";
import { stab } from "../support/dense.ts";
import { explain, noise, numbers } from "../support/run.ts";

type Matrix = number[][];
const [TOKENS, WIDTH, CLASSES] = [5, 4, 3];
const [LINEAR, PRODUCT, ADD] = [1e-6, 1e-8, 1e-8];

const matrix = (values: ArrayLike<number>, rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => values[i * columns + j]!));
const map = (a: Matrix, f: (v: number, i: number, j: number) => number): Matrix =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const product = (a: Matrix, b: Matrix): Matrix => a.map((row) => b[0]!.map((_, j) => sum(row.map((v, k) => v * b[k]![j]!))));
const weight = (seed: number, n: number, m: number): Matrix => matrix(randomValues(seed, n * m), n, m);

/** x ⊙ (R ⊘ stab(x·W + b)) Wᵀ */
const layer = (x: Matrix, w: Matrix, b: number[], r: Matrix): Matrix => {
  const s = map(product(x, w), (z, i, j) => r[i]![j]! / stab(z + b[j]!, LINEAR));
  return map(product(s, transpose(w)), (v, i, j) => v * x[i]![j]!);
};
const bilinear = (a: Matrix, b: Matrix, r: Matrix, share = 2): [Matrix, Matrix] => {
  const n = map(product(a, b), (y, i, j) => r[i]![j]! / stab(share * y, PRODUCT));
  return [map(product(n, transpose(b)), (v, i, j) => v * a[i]![j]!), map(product(transpose(a), n), (v, i, j) => v * b[i]![j]!)];
};
const softmax = (row: number[]): number[] => {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  return e.map((v) => v / sum(e));
};
/** 2/√π Σ (−1)ᵏ u²ᵏ⁺¹ / (k! (2k + 1)) */
const erf = (u: number): number => {
  let [term, total] = [u, u];
  for (let k = 1; k < 200; k++) {
    term *= (-u * u) / k;
    total += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
};
const plus = (a: Matrix, b: Matrix): Matrix => map(a, (v, i, j) => v + b[i]![j]!);

const params = {
  wq: weight(11, WIDTH, WIDTH),
  wk: weight(12, WIDTH, WIDTH),
  wv: weight(13, WIDTH, WIDTH),
  wo: weight(14, WIDTH, WIDTH),
  wc: weight(15, WIDTH, CLASSES),
  bq: [...randomValues(21, WIDTH)],
  bk: [...randomValues(22, WIDTH)],
  bv: [...randomValues(23, WIDTH)],
  bo: [...randomValues(24, WIDTH)],
  bc: [...randomValues(25, CLASSES)],
  gain: [...randomValues(31, WIDTH)],
  shift: [...randomValues(32, WIDTH)],
};
const EPS = 1e-5;

/** Relevance of the block's input for class `target`, seed one. */
const reference = (x: Matrix, target: number, { masked = false, fixed = false, centre = true } = {}): Matrix => {
  const p = params;
  const mean = x.map((row) => (centre ? sum(row) / WIDTH : 0));
  const scale = x.map((row, i) => Math.sqrt(sum(row.map((v) => (v - mean[i]!) ** 2)) / WIDTH + EPS));
  const h = map(x, (v, i, j) => ((v - mean[i]!) / scale[i]!) * p.gain[j]! + p.shift[j]!);
  const dense = (a: Matrix, w: Matrix, b: number[]) => map(product(a, w), (v, _, j) => v + b[j]!);
  const [q, k, v] = [dense(h, p.wq, p.bq), dense(h, p.wk, p.bk), dense(h, p.wv, p.bv)];
  const scores = map(product(q, transpose(k)), (z) => z / 2);
  const open = map(scores, (z, i, j) => (masked && j > i ? -Infinity : z));
  const a = open.map(softmax);
  const o = product(a, v);
  const attended = dense(o, p.wo, p.bo);
  const added = plus(attended, x);
  const active = map(added, (u) => u * 0.5 * (1 + erf(u / Math.SQRT2)));
  const pooled = [WIDTH].flatMap(() => transpose(active).map((column) => sum(column) / TOKENS));
  const seed = [Array.from({ length: CLASSES }, (_, c) => (c === target ? 1 : 0))];
  const rPooled = layer([pooled], p.wc, p.bc, seed)[0]!;
  const rAdded = map(active, (u, _, j) => ((u / TOKENS) * rPooled[j]!) / stab(pooled[j]!, LINEAR));
  const share = map(rAdded, (r, i, j) => r / stab(added[i]![j]!, ADD));
  const rO = layer(
    o,
    p.wo,
    p.bo,
    map(share, (s, i, j) => s * attended[i]![j]!),
  );
  const [rA, rV] = bilinear(a, v, rO, fixed ? 1 : 2);
  let rH = layer(h, p.wv, p.bv, rV);
  if (!fixed) {
    const rScores = map(a, (s, i, j) => (open[i]![j] === -Infinity ? 0 : open[i]![j]! * (rA[i]![j]! - s * sum(rA[i]!))));
    const [rQ, rK] = bilinear(q, transpose(k), rScores);
    rH = plus(rH, plus(layer(h, p.wq, p.bq, rQ), layer(h, p.wk, p.bk, transpose(rK))));
  }
  // h = A x + shift with 1/scale held fixed, A = diag(gain/scale) (1 − mean)
  const s = map(rH, (r, i, j) => ((r / stab(h[i]![j]!, LINEAR)) * p.gain[j]!) / scale[i]!);
  const back = map(s, (u, i, j) => (u - (centre ? sum(s[i]!) / WIDTH : 0)) * x[i]![j]!);
  return plus(
    back,
    map(share, (u, i, j) => u * x[i]![j]!),
  );
};

const square = "d2 = Pow(d, two) var = ReduceMean <axes=[-1]> (d2) ve = Add(var, eps)";
const affine = "g = Mul(n, gain) h = Add(g, shift)";
/** The same LayerNorm (or RMSNorm) as exporters write it. */
const norms: Readonly<Record<string, string>> = {
  fused: "h = LayerNormalization <epsilon=1e-5> (x, gain, shift)",
  "fused, affine apart":
    "n = LayerNormalization <epsilon=1e-5> (x, ones) n3 = Reshape(n, rows) g = Mul(n3, gain) h0 = Add(g, shift) h = Reshape(h0, tokens)",
  "Pow, Sqrt, Div": `m = ReduceMean <axes=[-1]> (x) d = Sub(x, m) ${square} sd = Sqrt(ve) n = Div(d, sd) ${affine}`,
  "Mul, Reciprocal": `m = ReduceMean <axes=[-1]> (x) d = Sub(x, m) d2 = Mul(d, d) var = ReduceMean <axes=[-1]> (d2) ve = Add(var, eps) sd = Sqrt(ve) inv = Reciprocal(sd) n = Mul(d, inv) ${affine}`,
  "power −½": `m = ReduceMean <axes=[-1]> (x) d = Sub(x, m) ${square} inv = Pow(ve, minushalf) n = Mul(inv, d) ${affine}`,
  "two differences": `m = ReduceMean <axes=[-1]> (x) d = Sub(x, m) e = Sub(x, m) e2 = Mul(e, e) var = ReduceMean <axes=[-1]> (e2) ve = Add(var, eps) sd = Sqrt(ve) n = Div(d, sd) ${affine}`,
};
const rms = `d2 = Pow(x, two) var = ReduceMean <axes=[-1]> (d2) ve = Add(var, eps) sd = Sqrt(ve) inv = Div(one, sd) n = Mul(x, inv) ${affine}`;
const softmaxes: Readonly<Record<string, string>> = {
  fused: "a = Softmax <axis=-1> (t)",
  "spelled out": "mx = ReduceMax <axes=[-1]> (t) c = Sub(t, mx) ex = Exp(c) se = ReduceSum(ex, last) a = Div(ex, se)",
};

const held = (): string => {
  const list = (values: readonly number[]) => `{${values.join(", ")}}`;
  const mask = Array.from({ length: TOKENS * TOKENS }, (_, i) => (i % TOKENS > Math.floor(i / TOKENS) ? "-inf" : 0));
  const w = (name: string, seed: number, m = WIDTH) => `float[${WIDTH},${m}] ${name} = random(${seed})`;
  const b = (name: string, seed: number, m = WIDTH) => `float[${m}] ${name} = random(${seed})`;
  return [
    w("wq", 11),
    w("wk", 12),
    w("wv", 13),
    w("wo", 14),
    w("wc", 15, CLASSES),
    b("bq", 21),
    b("bk", 22),
    b("bv", 23),
    b("bo", 24),
    b("bc", 25, CLASSES),
    b("gain", 31),
    b("shift", 32),
    `float[${WIDTH}] ones = ${list(Array(WIDTH).fill(1))}`,
    `float[1,${TOKENS},${TOKENS}] mask = {${mask.join(", ")}}`,
    "float two = {2}, float half = {0.5}, float minushalf = {-0.5}, float one = {1}, float root = {1.4142135}, float eps = {1e-5}",
    `int64[3] rows = {-1, 1, ${WIDTH}}, int64[3] tokens = {-1, ${TOKENS}, ${WIDTH}}, int64[1] last = {-1}`,
  ].join(", ");
};

const block = (norm: string, soft: string, masked = false) =>
  `net (float[N,${TOKENS},${WIDTH}] x) => (float[N,${CLASSES}] y) <${held()}> {
    ${norm}
    q0 = MatMul(h, wq) q = Add(q0, bq) k0 = MatMul(h, wk) k = Add(bk, k0) v0 = MatMul(h, wv) v = Add(v0, bv)
    kt = Transpose <perm=[0,2,1]> (k) s = MatMul(q, kt) t0 = Mul(s, half) t = ${masked ? "Add(t0, mask)" : "Identity(t0)"}
    ${soft}
    o = MatMul(a, v) o1 = MatMul(o, wo) o2 = Add(o1, bo) added = Add(o2, x)
    u = Div(added, root) er = Erf(u) er1 = Add(er, one) ge = Mul(added, er1) act = Mul(ge, half)
    pooled = ReduceMean <axes=[1], keepdims=0> (act) y = Gemm(pooled, wc, bc)
  }`;

const x = noise([2, TOKENS, WIDTH], 5, 3);
const samples = [0, 1].map((n) => matrix(numbers(x).slice(n * TOKENS * WIDTH), TOKENS, WIDTH));
const want = (options = {}): number[] => samples.flatMap((sample) => reference(sample, 1, options).flat());
const relevance = async (text: string, recipe: Recipe): Promise<number[]> =>
  (await explain(text, { x }, { recipe, target: { kind: "index", index: [1] } })).relevance;
const TOLERANCE = 1e-4; // float32 near small sums

describe("a transformer block against the papers' formulas", () => {
  test.each(Object.entries(norms))("AttnLRP, LayerNorm: %s", async (_, norm) => {
    expectClose(await relevance(block(norm, softmaxes.fused!), { method: "attnlrp" }), want(), TOLERANCE);
  });
  test("AttnLRP, RMSNorm", async () => {
    expectClose(await relevance(block(rms, softmaxes.fused!), { method: "attnlrp" }), want({ centre: false }), TOLERANCE);
  });
  test.each(Object.entries(softmaxes))("causal mask of −∞, softmax %s", async (_, soft) => {
    expectClose(await relevance(block(norms.fused!, soft, true), { method: "attnlrp" }), want({ masked: true }), TOLERANCE);
  });
  test("CP-LRP: attention weights held fixed", async () => {
    expectClose(await relevance(block(norms.fused!, softmaxes.fused!), { method: "cp-lrp" }), want({ fixed: true }), TOLERANCE);
  });
  test("auto takes AttnLRP with γ on the layers", async () => {
    const text = block(norms.fused!, softmaxes.fused!);
    const { compiled } = await explain(text, { x });
    expect(compiled.plan.recipe).toMatchObject({ composite: "attnlrp-gamma", seed: "logit" });
  });
});

describe("the ledger of a transformer block", () => {
  test.each(["attnlrp", "cp-lrp", "attnlrp-gamma"])("%s", async (name) => {
    const text = block(norms["Pow, Sqrt, Div"]!, softmaxes.fused!, true);
    const { compiled, out } = await explain(text, { x }, { recipe: { composite: { name } }, ledger: true });
    const table = numbers(out[compiled.names.ledger!]);
    const map = numbers(out.relevance);
    const width = COLUMNS.length;
    for (const n of [0, 1]) {
      const rows = compiled.ledgerRows.map((_, k) => table.slice((n * compiled.ledgerRows.length + k) * width).slice(0, width));
      const scale = Math.max(...rows.map(([into]) => Math.abs(into!)), 1);
      for (const [into, gone, ...causes] of rows) expect(Math.abs(into! - gone! - sum(causes))).toBeLessThan(1e-4 * scale);
      const mine = map.slice(n * TOKENS * WIDTH, (n + 1) * TOKENS * WIDTH);
      const lost = sum(rows.flatMap((row) => row.slice(2)));
      expect(Math.abs(1 - lost - sum(mine))).toBeLessThan(2e-4 * Math.max(scale, absSum(mine)));
    }
  });
});
