/** A Pad by −∞ before a MaxPool is the pool's own padding: nothing infinite is left to multiply with. */
import { attr, getInts, getString } from "../onnx/attributes.ts";
import type { Rewrite } from "./rewrite.ts";

/** What exporters write for −∞. */
const LOWEST = -3e38;

export const maxPoolPad: Rewrite = {
  name: "max-pool-pad",
  what: "a Pad by −∞ before a MaxPool becomes the pool's own padding",
  match(pool, view) {
    const pad = pool.opType === "MaxPool" && pool.domain === "" ? view.producer(pool.input[0]) : undefined;
    if (pad?.opType !== "Pad" || getString(pad, "mode", "constant") !== "constant") return undefined;
    const { facts } = view;
    const widths = facts.numbers(pad.input[1]);
    const fill = pad.input[2] ? facts.scalar(pad.input[2]) : 0;
    if (fill === undefined || fill > LOWEST) return "it pads by a number";
    if (view.soleConsumer(pad.output[0]!) !== pool) return "the padded value is used elsewhere";
    if (widths === undefined || pad.input[3]) return "the widths are not constants for every axis";
    const rank = facts.rank(pad.input[0]!);
    const [begin, end] = [widths.slice(0, rank), widths.slice(rank)];
    if ([...begin.slice(0, 2), ...end.slice(0, 2)].some((n) => n !== 0) || widths.some((n) => n < 0))
      return "it pads the batch or the channels, or cuts";
    if (!["NOTSET", "VALID"].includes(getString(pool, "auto_pad", "NOTSET"))) return "the pool pads by itself";
    const spatial = rank - 2;
    const own = getInts(pool, "pads") ?? Array.from({ length: 2 * spatial }, () => 0);
    const pads = own.map((n, i) => n + (i < spatial ? begin[i + 2]! : end[i - spatial + 2]!));
    const kernel = getInts(pool, "kernel_shape")!;
    if (pads.some((n, i) => n >= kernel[i % spatial]!)) return "it pads by a whole window";
    const attribute = [...pool.attribute.filter(({ name }) => name !== "pads" && name !== "auto_pad"), attr.ints("pads", pads)];
    return { remove: [pad, pool], add: [{ ...pool, input: [pad.input[0]!], attribute }] };
  },
};
