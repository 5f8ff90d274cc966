/** A Pad by −∞ before a MaxPool is the pool's own padding: nothing infinite is left to multiply with. */
import { attr, getInts, getString } from "../onnx/attributes.ts";
import { padWidths } from "../ops/pad-widths.ts";
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
    const fill = pad.input[2] ? facts.scalar(pad.input[2]) : 0;
    if (fill === undefined || fill > LOWEST) return "it pads by a number";
    if (view.soleConsumer(pad.output[0]!) !== pool) return "the padded value is used elsewhere";
    const around = padWidths(pad, facts);
    if (typeof around === "string") return around;
    const { begin, end } = around;
    if (!["NOTSET", "VALID"].includes(getString(pool, "auto_pad", "NOTSET"))) return "the pool pads by itself";
    const spatial = begin.length;
    const own = getInts(pool, "pads") ?? Array.from({ length: 2 * spatial }, () => 0);
    const pads = own.map((n, i) => n + (i < spatial ? begin[i]! : end[i - spatial]!));
    const kernel = getInts(pool, "kernel_shape")!;
    if (pads.some((n, i) => n >= kernel[i % spatial]!)) return "it pads by a whole window";
    const attribute = [...pool.attribute.filter(({ name }) => name !== "pads" && name !== "auto_pad"), attr.ints("pads", pads)];
    return { remove: [pad, pool], add: [{ ...pool, input: [pad.input[0]!], attribute }] };
  },
};
