/**
 * Multipliers through a softmax and what belongs to it, with e = exp(x − c) for a c that x and reference share, S = Σ e.
 *
 *   s = e/S         m_e = m (1/S + 1/S′)/2 − Σ m (e + e′)/2 / (S S′), and e by its chord: a product of e and 1/S
 *   L = log Σ eˣ    ΔL = Σ g Δx with g = Λ(e, e′)/Λ(S, S′), Λ the logarithmic mean
 *   s = e^(x − L)   m Λ(s, s′) − g Σ m Λ(s, s′): where the two maxima are so far apart that e or e′ vanishes
 *   log s = x − L   m − g Σ m
 */
import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { clampedPart, reducedAxes, restoreAxes, type Site } from "../ops/index.ts";
import { logOfMean, secant } from "./secant.ts";

/** Maxima further apart than this: exp of the difference is lost in float32. */
const APART = 80;

/** Both values of the input less c, the larger one of their maxima over the axes: what counts lies near 0 and keeps its digits. */
interface Pair {
  readonly x: string;
  readonly other: string;
  readonly axes: readonly number[];
  readonly peaks: readonly [string, string];
}

const lowered = ({ g }: Site, { x, other, axes, peaks }: Pair): Pair => {
  const c = g.op("Max", peaks);
  return { x: g.sub(x, c), other: g.sub(other, c), axes, peaks: [g.sub(peaks[0], c), g.sub(peaks[1], c)] };
};

export const pairAlong = (site: Site, x: string, other: string, axis: number): Pair => {
  const { g } = site;
  const peak = (v: string) => g.ops("TopK", [v, g.ints([1])], { axis }, 2)[0]!;
  return lowered(site, { x, other, axes: [axis], peaks: [peak(x), peak(other)] });
};

/** log Σ eᵛ along the axes, from its largest summand. */
const logSum = ({ g }: Site, v: string, peak: string, axes: readonly number[]): string =>
  g.add(peak, g.op("Log", [g.reduceSum(g.op("Exp", [g.sub(v, peak)]), axes)]));

/** L, L′, and g with ΔL = Σ g Δx. */
export const shareOf = (site: Site, { x, other, axes, peaks }: Pair) => {
  const { g } = site;
  const [L, L2] = [logSum(site, x, peaks[0], axes), logSum(site, other, peaks[1], axes)];
  return { L, L2, share: g.op("Exp", [g.sub(logOfMean(site, x, other), logOfMean(site, L, L2))]) };
};

const along = (site: Site, twin: GraphNode): Pair => {
  const { g, node, facts } = site;
  const axis = getInt(node, "axis", -1);
  const [x, other] = [clampedPart(g, node.input[0]!), clampedPart(g, twin.input[0]!)];
  return pairAlong(site, x, other, axis < 0 ? axis + facts.rank(node.input[0]!) : axis);
};

export const softmax = (site: Site, twin: GraphNode, m: string): string => softmaxOf(site, along(site, twin), m);

/** `m`: multipliers at the softmax of `x`. */
export const softmaxOf = (site: Site, pair: Pair, m: string, apart = byLogarithms(site, pair, m)): string => {
  const { g } = site;
  const { x, other, axes, peaks } = pair;
  const far = g.mask(g.op("Greater", [g.op("Abs", [g.sub(...peaks)]), g.floats(APART)]));
  // Where they are apart each counts from its own maximum: the result is not taken, but must be a number.
  const [e, e2] = [g.op("Exp", [g.sub(x, g.mul(far, peaks[0]))]), g.op("Exp", [g.sub(other, g.mul(far, peaks[1]))])];
  const [S, S2] = [g.reduceSum(e, axes), g.reduceSum(e2, axes)];
  const direct = g.mul(m, g.scale(g.add(g.op("Reciprocal", [S]), g.op("Reciprocal", [S2])), 0.5));
  const shared = g.div(g.reduceSum(g.mul(m, g.scale(g.add(e, e2), 0.5)), axes), g.mul(S, S2));
  const product = g.mul(g.sub(direct, shared), secant(site, g.sub(e, e2), g.sub(x, other), e));
  return g.add(g.mul(g.sub(g.floats(1), far), product), g.mul(far, apart));
};

const byLogarithms = (site: Site, pair: Pair, m: string): string => {
  const { g } = site;
  const { L, L2, share } = shareOf(site, pair);
  const own = g.mul(m, g.op("Exp", [logOfMean(site, g.sub(pair.x, L), g.sub(pair.other, L2))]));
  return g.sub(own, g.mul(share, g.reduceSum(own, pair.axes)));
};

export const logSoftmax = (site: Site, twin: GraphNode, m: string): string => {
  const { g } = site;
  const pair = along(site, twin);
  return g.sub(m, g.mul(shareOf(site, pair).share, g.reduceSum(m, pair.axes)));
};

export const logSumExp = (site: Site, twin: GraphNode, m: string): string => {
  const { g, node, facts } = site;
  const axes = reducedAxes(node, facts) as readonly number[];
  const [x, other] = [clampedPart(g, node.input[0]!), clampedPart(g, twin.input[0]!)];
  const attribute = node.attribute.filter(({ name }) => name !== "keepdims"); // which axes: an attribute or an input, by opset
  const peak = (v: string) => g.emit({ opType: "ReduceMax", domain: "", input: [v, ...node.input.slice(1)], attribute })[0]!;
  const { share } = shareOf(site, lowered(site, { x, other, axes, peaks: [peak(x), peak(other)] }));
  return g.mul(share, restoreAxes(site, m, node, axes));
};
