/** exp(x) / Σ exp(x), or with x − max(x) in place of x, along one axis: a softmax spelled out. */
import { attr, getInt } from "../onnx/attributes.ts";
import { reducedAxes } from "../ops/reduce.ts";
import type { Rewrite } from "./rewrite.ts";

export const softmax: Rewrite = {
  name: "softmax",
  what: "exp(x) / Σ exp(x), spelled out, becomes a Softmax",
  match(div, view) {
    if (div.opType !== "Div" || div.domain !== "") return undefined;
    const [exp, sum] = [view.producer(div.input[0]), view.producer(div.input[1])];
    if (exp?.opType !== "Exp" || sum?.opType !== "ReduceSum" || sum.input[0] !== exp.output[0]) return undefined;
    const axes = reducedAxes(sum, view.facts);
    if (typeof axes === "string" || axes.length !== 1 || getInt(sum, "keepdims", 1) !== 1) return "it is no sum along one axis";
    const axis = axes[0]!;
    const shifted = view.producer(exp.input[0]);
    const peak = shifted?.opType === "Sub" ? view.producer(shifted.input[1]) : undefined;
    const centred =
      peak?.opType === "ReduceMax" &&
      peak.input[0] === shifted!.input[0] &&
      String(reducedAxes(peak, view.facts)) === String(axes);
    const nodes = [div, exp, sum, ...(centred ? [shifted!, peak!] : [])];
    const leak = view.leak(new Set(nodes), div);
    if (leak !== undefined) return leak;
    const x = centred ? shifted!.input[0]! : exp.input[0]!;
    return { remove: nodes, add: [{ ...div, opType: "Softmax", input: [x], attribute: [attr.int("axis", axis)] }] };
  },
};
