/**
 * Clusters as networks (Kauffmann et al. 2022): h_k = |x − μ_k|² − |x − μ_c|² = 2(μ_c − μ_k)·x + |μ_k|² − |μ_c|² says how much nearer the
 * explained centre c is than the rival k; f_c = min_k h_k, and
 *
 *   R_d = Σ_k p_k 2(μ_c − μ_k)_d (x − (μ_c + μ_k)/2)_d,   p = softmin(β h)   (β → ∞: the nearest rival).
 *
 * Nothing is divided, and Σ R = Σ p_k h_k.
 */
import { DataType } from "../../onnx/proto.ts";
import { type Compared, type Decomposed, doubleMask, doubles, most, where } from "./compared.ts";

interface Contest {
  /** [N, K]: how each distance speaks for what is explained; at a centre itself a root's derivative is no number. */
  readonly direction: string;
  /** 0: infinite. */
  readonly beta: number;
}

const FAR = 1e300;

/**
 * c is the first centre of which nearness speaks for what is explained; where there is none, the first of which distance does, and the
 * contest counts against. Rivals are those that speak otherwise, or all others.
 */
export const decomposeCentres = ({ g, distances, count }: Compared, { direction, beta }: Contest): Decomposed => {
  const number = (value: number) => doubles(g, [value], []);
  const zero = number(0);
  const near = g.op("Or", [g.op("Less", [direction, zero]), g.op("IsNaN", [direction])]);
  const far = g.op("Greater", [direction, zero]);
  const any = (truths: string) => g.op("Greater", [most(g, g.mask(truths)), g.floats(0)]);
  const [nears, fars] = [any(near), any(far)];
  const first = (truths: string) => g.op("ArgMax", [g.mask(truths)], { axis: 1, keepdims: 1 });
  const own = where(g, nears, first(near), first(far));
  const others = g.op("Not", [g.op("Equal", [own, g.ints(Array.from({ length: count }, (_, k) => k))])]);
  const contest = g.op("And", [nears, fars]);
  const rivals = g.op("Or", [g.op("And", [contest, far]), g.op("And", [g.op("Not", [contest]), others])]);
  const taken = doubleMask(g, g.op("Not", [others]));
  const h = g.sub(distances, g.reduceSum(g.mul(distances, taken), [1]));
  const least = g.op("Neg", [most(g, where(g, rivals, g.op("Neg", [h]), number(-FAR)))]);
  const raw =
    beta === 0
      ? doubleMask(g, g.op("And", [rivals, g.op("Equal", [h, least])]))
      : g.mul(doubleMask(g, rivals), g.op("Exp", [g.op("Min", [zero, g.mul(g.sub(h, least), number(-beta))])]));
  const p = g.div(raw, g.reduceSum(raw, [1]));
  const sign = g.op("Cast", [where(g, nears, g.floats(1), g.floats(-1))], { to: DataType.DOUBLE });
  return { shares: g.mul(sign, g.sub(p, taken)), score: g.mul(sign, g.reduceSum(g.mul(p, h), [1])) };
};
