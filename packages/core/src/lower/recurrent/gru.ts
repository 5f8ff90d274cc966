/**
 * GRU (Cho et al. 2014; ONNX): gates z, r and candidate n in this order,
 *
 *   z = σ(a_z),  r = σ(a_r),  n = tanh(x·W_n + (r ⊙ h)·R_n + b),  h′ = (1 − z) ⊙ n + z ⊙ h
 *
 * or, with the reset gate behind the product (linear_before_reset, PyTorch and Keras), n = tanh(x·W_n + b_n + r ⊙ (h·R_n + c_n)).
 * 1 − z is σ(−a_z): a gate as well, whose signal takes all relevance.
 */
import { getInt } from "../../onnx/attributes.ts";
import type { Activation } from "./activation.ts";
import { recurrent } from "./layer.ts";

export const GRU = recurrent({
  gates: 3,
  states: 1,
  activations: ["Sigmoid", "Tanh"],
  step: (direction, node) => {
    const { g } = direction;
    const [gate, candidate] = direction.activations as [Activation, Activation];
    const late = getInt(node, "linear_before_reset", 0) !== 0;
    return (x, [h]) => {
      const [az, ar] = direction.apart(direction.clipped(direction.joint(x, h, [0, 2])), 2) as [string, string];
      // Behind the product the reset gate meets a bias even where the state is zero.
      const reset = () => g.mul(gate.of(ar), direction.fromState(h ?? direction.zero(x), [2, 3]));
      const an = late ? g.add(direction.fromInput(x, [2, 3]), reset()) : direction.joint(x, h && g.mul(gate.of(ar), h), [2, 3]);
      const fresh = g.mul(gate.complement(az), candidate.of(direction.clipped(an)));
      return [h === undefined ? fresh : g.add(fresh, g.mul(gate.of(az), h))];
    };
  },
});
