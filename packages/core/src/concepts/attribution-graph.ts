/** Attribution graphs (Achtibat et al. 2023): from a class to the channels it rests on, and from each of them to channels of the layer before. */
import type { ChannelsOf } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Explainer, ExplainOptions } from "../explain/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface GraphAsked {
  /** Values inside, from the output to the input: each has to lie on the way to the one before it. */
  readonly values: readonly (string | ChannelsOf)[];
  /** Channels shown of each value; default 5. */
  readonly top?: number;
  readonly options?: Omit<ExplainOptions, "channels" | "conditions" | "only" | "layers">;
}

export interface GraphChannel {
  readonly value: string;
  readonly channel: number;
  /** What reaches it by way of the channels shown above it. */
  readonly relevance: number;
}

export interface GraphEdge {
  /** Undefined: the class. */
  readonly from?: { readonly value: string; readonly channel: number };
  readonly to: { readonly value: string; readonly channel: number };
  /** R of the lower channel, given the upper one alone. */
  readonly relevance: number;
}

/** Plain data. */
export interface AttributionGraph {
  /** The explained class. */
  readonly target: readonly number[];
  /** Value by value, the strongest first. */
  readonly channels: readonly GraphChannel[];
  readonly edges: readonly GraphEdge[];
}

/** Of one sample and class. Edges are signed: channels that speak against the class have negative ones. Errors: those of `explain`; BadInput for more than one sample. */
export const attributionGraph = async (
  lit: Explainer,
  x: Tensor | Readonly<Record<string, Tensor>>,
  { values, top = 5, options = {} }: GraphAsked,
): Promise<AttributionGraph> => {
  const of = values.map((one) => (typeof one === "string" ? { value: one } : one));
  const [first, ...lower] = of;
  if (first === undefined)
    throw fail("BadInput", { what: "an attribution graph without values", fix: "name some, from the output to the input" });
  const start = await lit.explain(x, { ...options, channels: [first] });
  const { dims, relevance } = start.channels![first.value]!;
  if (dims.length !== 2 || dims[0] !== 1)
    throw fail("BadInput", {
      what: `an attribution graph of ${dims.slice(0, -1).join("×")} maps`,
      fix: "give one sample and one class",
    });
  let shown = strongest(relevance.sum, top).map(
    (channel): GraphChannel => ({ value: first.value, channel, relevance: relevance.sum[channel]! }),
  );
  const channels = [...shown];
  const edges = shown.map((to): GraphEdge => ({ to: place(to), relevance: to.relevance }));
  let above = first;
  for (const next of lower) {
    const list = shown.map(({ channel }) => ({
      [above.value]: above.axis === undefined ? [channel] : { channels: [channel], axis: above.axis },
    }));
    const { channels: found } = await lit.explain(x, { ...options, conditions: { list }, only: true, channels: [next] });
    const table = found![next.value]!;
    const width = table.dims.at(-1)!;
    const given = shown.map((_, i) => table.relevance.sum.subarray(i * width, (i + 1) * width));
    const totals = Float64Array.from({ length: width }, (_, c) => given.reduce((sum, row) => sum + row[c]!, 0));
    const kept = strongest(totals, top);
    for (const [i, from] of shown.entries())
      for (const channel of kept)
        edges.push({ from: place(from), to: { value: next.value, channel }, relevance: given[i]![channel]! });
    shown = kept.map((channel) => ({ value: next.value, channel, relevance: totals[channel]! }));
    for (const one of shown) channels.push(one);
    above = next;
  }
  return { target: start.target[0] ?? [], channels, edges };
};

const place = ({ value, channel }: GraphChannel) => ({ value, channel });

/** Indices of the largest, whatever their sign; of ties the first. */
const strongest = (values: ArrayLike<number>, top: number): readonly number[] =>
  Array.from(values, (v, i) => [Math.abs(v), i] as const)
    .sort(([a, i], [b, j]) => b - a || i - j)
    .slice(0, top)
    .map(([, i]) => i);
