/**
 * Are channels with much relevance those that the decision rests on? Channels are switched off (set to 0) in order of their relevance, the largest first
 * and the smallest first, and in a random order; after each step the model is asked again. SRG (Blücher et al. 2024) is the area between the two curves.
 */
import { withAxes } from "../../compile/with-axes.ts";
import { channelAxes } from "../../emit/channel-axes.ts";
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { trapezoid } from "../../numeric/area.ts";
import { randomBy } from "../../numeric/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ConceptTask } from "../run/task.ts";
import { ablatable } from "./ablation.ts";

const ORDERS = ["most", "least", "random"] as const;
type Order = (typeof ORDERS)[number];

/** Plain data: the mean of the explained class's output over samples, by the share of channels switched off. */
export interface ChannelDeletion {
  /** 0 … 1. */
  readonly steps: readonly number[];
  readonly curves: Readonly<Record<Order, readonly number[]>>;
  /** Area below `least` less that below `most`: positive where relevance says what matters. */
  readonly srg: number;
  /** Area below `random` less that below `most`. */
  readonly overRandom: number;
  readonly samples: number;
}

export interface DeletionOptions {
  /** Steps; default 10, at most one a channel. */
  readonly steps?: number;
  /** The first so many; default 100. */
  readonly samples?: number;
  /** Of the random order; default 0. */
  readonly random?: number;
}

/** Errors: those of `explain`; Unsupported where the output is no row of classes; BadRecipe. */
export const channelDeletion = async (
  lit: Explainer,
  task: Pick<ConceptTask, "data" | "options" | "target" | "signal">,
  value: string,
  { steps: most = 10, samples: limit = 100, random = 0 }: DeletionOptions = {},
): Promise<ChannelDeletion> => {
  const { data, options = {}, target, signal } = task;
  const asked = { ...(options.explain && { explain: options.explain }), ...(options.output && { output: options.output }) };
  const { reading, plan, canonical } = lit.outline(asked);
  const facts = lit.traced.ownFacts();
  const [of] = withAxes([{ value }], reading, { samples: plan.samples, carrier: canonical.carrier });
  const { channels: axis, rank } = channelAxes(of!, { name: value, facts, samples: plan.samples });
  const { model, factors } = ablatable(lit.model, { value, rank, axis });
  const session = await lit.session(`ablate ${value}`, () => model);
  const count = Math.min(limit, data.count);
  const size = data.chunk ?? 16;
  const sums = new Map<Order, Float64Array>();
  let shares: readonly number[] = [];
  for (let from = 0; from < count; from += size) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const { x, targets } = await data.read(from, Math.min(size, count - from));
    const {
      channels,
      target: explained,
      output,
    } = await lit.explain(x, {
      ...options,
      channels: [value],
      ...(target !== undefined ? { target } : targets && { target: targets }),
    });
    const { dims, relevance } = channels![value]!;
    if (dims.length !== 2 || output.dims.length !== 2 || explained.some((one) => one.length !== 1 || one[0]! < 0))
      throw fail("Unsupported", { what: "deletion of channels", why: "the output is no row of classes", fix: "leave it out" });
    const [rows, width] = dims as [number, number];
    const feeds = lit.feeds(x);
    const numbers = Math.min(most, width);
    shares = Array.from({ length: numbers + 1 }, (_, s) => Math.round((s * width) / numbers) / width);
    for (const order of ORDERS) {
      const all = Array.from({ length: rows }, (_, n) =>
        ordered(order, relevance.sum.subarray(n * width, (n + 1) * width), () => randomBy(random).stream(from + n)),
      );
      const own = sums.get(order) ?? new Float64Array(shares.length);
      sums.set(order, own);
      for (const [s, share] of shares.entries()) {
        const kept = new Float32Array(rows * width).fill(1);
        for (const [n, list] of all.entries()) for (const c of list.slice(0, Math.round(share * width))) kept[n * width + c] = 0;
        const fed: Record<string, Tensor> = { ...feeds, [factors]: { type: "float32", dims: [rows, width], data: kept } };
        const found = (await session.run(fed))[plan.output]!;
        const classes = found.dims[1]!;
        for (const [n, [index]] of explained.entries()) own[s]! += Number(found.data[n * classes + index!]) / count;
      }
    }
  }
  const curveOf = (order: Order) => Array.from(sums.get(order) ?? []);
  const curves = { most: curveOf("most"), least: curveOf("least"), random: curveOf("random") };
  const area = (order: Order) => trapezoid(curves[order], shares);
  return {
    ...{ steps: shares, curves, samples: count },
    srg: area("least") - area("most"),
    overRandom: area("random") - area("most"),
  };
};

/** Of ties the lower channel first. */
const ordered = (
  order: Order,
  relevance: ArrayLike<number>,
  stream: () => { permutation(n: number): Uint32Array },
): readonly number[] => {
  if (order === "random") return Array.from(stream().permutation(relevance.length));
  const sign = order === "most" ? 1 : -1;
  return Array.from({ length: relevance.length }, (_, c) => c).sort((a, b) => sign * (relevance[b]! - relevance[a]!) || a - b);
};
