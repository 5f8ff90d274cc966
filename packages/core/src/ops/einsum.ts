/**
 * Einsum: Y[out] = Σ A[a] B[b] … over the labels that are not in the result. The adjoint for one operand swaps its labels with the
 * result's: Â[a] = Σ S[out] B[b] …; labels that only this operand has were summed away, so S repeats along them, and a label it has
 * twice was read on the diagonal, so S goes back there.
 * With one value and one constant it is a layer, of two values bilinear, of one value a sum, or a move where nothing is summed.
 */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getString } from "../onnx/attributes.ts";
import { identity } from "./axis-matrix.ts";
import { type Equation, equationText, parseEquation } from "./equation.ts";
import { finitePart } from "./guard.ts";
import { again, type LinearRole, type Op, type Site, varying } from "./role.ts";

export const Einsum: Op = (node, facts) => {
  const inputs = varying(node, facts);
  const text = getString(node, "equation", "");
  const count = text.split("->")[0]!.split(",").length;
  const [terms, bias] = [node.input.slice(0, count), node.input[count]]; // a layer may have been given a bias
  const equation = parseEquation(
    text,
    terms.map((name) => facts.rank(name)),
  );
  const back = (site: Site, s: string, i: number, operands: readonly string[]) => adjoint(site, equation, s, i, operands);
  const vjp: LinearRole["vjp"] = (site, [r], i) =>
    back(
      site,
      r!,
      i,
      terms.map((name) => finitePart(site.g, name)),
    );
  if (inputs.length > 1) return { kind: "bilinear", inputs, vjp, nonnegative: (input) => terms.every((_, i) => input(i)) };
  const at = inputs[0]!;
  const labels = equation.inputs[at]!;
  if (terms.length === 1 && labels.every((label) => equation.output.includes(label)))
    return { kind: "structural", inputs, vjp, nonnegative: (input) => input(0) };
  const operands = (x: string, w?: string) => terms.map((name, i) => (i === at ? x : (w ?? name)));
  const common = { inputs, vjp };
  if (terms.length !== 2)
    return {
      kind: "sum",
      ...common,
      ...(terms.length === 1 && { positive: true }),
      nonnegative: (input) => terms.every((_, i) => input(i)),
      apply: (site, [x]) => again(site, operands(x!)),
      adjoint: (site, s) => back(site, s, at, terms),
    };
  const weight = terms[1 - at]!;
  const own = equation.output.findLastIndex((label) => equation.inputs[1 - at]!.includes(label) && !labels.includes(label));
  const batched = labels[0] !== undefined && labels[0] === equation.output[0] && !equation.inputs[1 - at]!.includes(labels[0]);
  return {
    kind: "linear",
    ...common,
    weight,
    ...(bias && { bias }),
    channelAxis: own,
    addsBias: true,
    ...(labels.length === 1 && { inputAxis: 0 }),
    wholeShape: !batched,
    apply: (site, [x], w, addend) => {
      const y = again(site, operands(x!, w));
      return addend === undefined ? y : site.g.add(y, addend);
    },
    adjoint: (site, s, _, w) => back(site, s, at, operands(node.input[at]!, w)),
  };
};

const adjoint = (site: Site, { inputs, output }: Equation, s: string, i: number, operands: readonly string[]): string => {
  const { g, facts, node } = site;
  const labels = inputs[i]!;
  const unique = [...new Set(labels)];
  const others = operands.flatMap((name, k) => (k === i ? [] : [{ name, labels: inputs[k]! }]));
  const size = (label: string) => facts.shapeOf(node.input[i]!)[labels.indexOf(label)];
  const found = (label: string) => output.includes(label) || others.some((other) => other.labels.includes(label));
  // A size of 1 that broadcasts against another operand's: what arrives is summed over it.
  const broadcast = (label: string) => size(label) === 1 && wide(node, facts, inputs, label);
  const kept = unique.filter((label) => found(label) && !broadcast(label));
  let r = s;
  if (others.length > 0 || equationText([output], kept) !== equationText([kept], kept)) {
    const terms = [{ name: s, labels: output }, ...others];
    const equation = equationText(
      terms.map((term) => term.labels),
      kept,
    );
    r = g.op(
      "Einsum",
      terms.map((term) => term.name),
      { equation },
    );
  }
  const missing = unique.flatMap((label, axis) => (kept.includes(label) ? [] : [axis]));
  if (missing.length > 0) r = g.op("Unsqueeze", [r, g.ints(missing)]);
  const shape = g.shape(node.input[i]!);
  if (missing.some((axis) => size(unique[axis]!) !== 1)) {
    const positions = unique.map((label) => labels.indexOf(label));
    r = g.op("Expand", [r, unique.length === labels.length ? shape : g.op("Gather", [shape, g.ints(positions)])]);
  }
  return onDiagonals(site, r, labels, shape);
};

const wide = (node: GraphNode, facts: Facts, inputs: Equation["inputs"], label: string): boolean =>
  inputs.some((labels, k) => labels.some((other, axis) => other === label && facts.shapeOf(node.input[k]!)[axis] !== 1));

/** Axes of repeated labels put back: zero off the diagonal. `r` has each label once, in the order of first occurrence. */
const onDiagonals = ({ g }: Site, r: string, labels: readonly string[], shape: string): string => {
  const repeated = labels.flatMap((label, axis) => (labels.indexOf(label) < axis ? [axis] : []));
  if (repeated.length === 0) return r;
  const spread = g.op("Unsqueeze", [r, g.ints(repeated)]);
  return repeated.reduce((value, axis) => {
    const twin = labels.indexOf(labels[axis]!);
    const n = g.op("Gather", [shape, g.ints([axis])]);
    const eye = identity(g, n);
    const others = labels.flatMap((_, k) => (k === axis || k === twin ? [] : [k]));
    return g.mul(value, others.length === 0 ? eye : g.op("Unsqueeze", [eye, g.ints(others)]));
  }, spread);
};
