/**
 * A softmax over the entries that share an index (the edges into one node), as a unit of the nodes that compute it: Jᵀg = y ⊙ (g − Σ y g),
 * the sum scattered and read back as the softmax's own is.
 */
import { getString } from "../onnx/attributes.ts";
import { type Op, type Site, zerosLike } from "./role.ts";

export const scatterSoftmaxRole: Op = () => ({
  kind: "softmax",
  inputs: [0],
  label: "Softmax over edges",
  nonnegative: () => true,
  vjp: (site, [r]) => {
    const { g, node } = site;
    const y = node.output[0]!;
    return g.mul(y, g.sub(r!, shared(site, g.mul(y, r!))));
  },
});

/** Σ over the entries of one index, at each of them. */
const shared = ({ g, node }: Site, values: string): string => {
  const inner = (name: string) => node.body!.find(({ output }) => output[0] === getString(node, name, ""))!;
  const [scatter, read] = [inner("scatter"), inner("read")];
  const sums = g.emit({ ...scatter, input: [zerosLike(g, scatter.output[0]!), scatter.input[1]!, values] })[0]!;
  return g.emit({ ...read, input: [sums, read.input[1]!] })[0]!;
};
