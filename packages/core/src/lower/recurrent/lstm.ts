/**
 * LSTM (Hochreiter & Schmidhuber 1997; ONNX): gates i, o, f and candidate g in the order i, o, f, g of the weights,
 *
 *   i = σ(a_i + P_i ⊙ c),  f = σ(a_f + P_f ⊙ c),  g = tanh(a_g),  c′ = f ⊙ c + i ⊙ g,  o = σ(a_o + P_o ⊙ c′),  h′ = o ⊙ tanh(c′)
 *
 * with a = [x, h]·[W, R]ᵀ + b and f = 1 − i where input and forget gate are coupled. Written as products of a sigmoid and a signal, of
 * which the signal takes all relevance (Arras et al. 2017, 2019). The candidate is a layer of its own: it alone hands relevance on.
 */
import { getInt } from "../../onnx/attributes.ts";
import type { Activation } from "./activation.ts";
import { recurrent } from "./layer.ts";

export const LSTM = recurrent({
  gates: 4,
  states: 2,
  activations: ["Sigmoid", "Tanh", "Tanh"],
  step: (direction, node) => {
    const { g, activations } = direction;
    const [gate, candidate, output] = activations as [Activation, Activation, Activation];
    const coupled = getInt(node, "input_forget", 0) !== 0;
    /** Clipped pre-activation of gate k of i, o, f. */
    const peeping = (a: string, c: string | undefined, k: number): string => {
      const weight = c === undefined ? undefined : direction.peephole(k);
      return direction.clipped(weight === undefined ? a : g.add(a, g.mul(weight, c!)));
    };
    return (x, [h, c]) => {
      const count = c === undefined || coupled ? 2 : 3; // nothing to forget at first
      const [ai, ao, af] = direction.apart(direction.joint(x, h, [0, count]), count) as [string, string, string?];
      const ag = direction.joint(x, h, [3, 4]);
      const input = peeping(ai, c, 0);
      const fresh = g.mul(gate.of(input), candidate.of(direction.clipped(ag)));
      const forget = () => (af === undefined ? gate.complement(input) : gate.of(peeping(af, c, 2)));
      const cell = c === undefined ? fresh : g.add(g.mul(forget(), c), fresh);
      return [g.mul(gate.of(peeping(ao, cell, 1)), output.of(cell)), cell];
    };
  },
});
