/**
 * ConvTranspose: the adjoint of a Conv, so its own adjoint is that Conv. Weights are [C, M/group, k…] for both. With respect to the
 * kernel, input and output change places as well.
 */
import { biasAdjoint } from "./conv.ts";
import { exactTransposed } from "./exact-transposed.ts";
import { finitePart } from "./guard.ts";
import { kernelAdjoint } from "./kernel-adjoint.ts";
import { again, type Op, type Role, type Site, varying, zerosLike } from "./role.ts";
import { transposedWindow } from "./transposed-window.ts";
import type { Window } from "./window.ts";

export const ConvTranspose: Op = (node, facts) => {
  const [x, weight, bias] = node.input as [string, string, string?];
  const inputs = varying(node, facts);
  if (facts.shapeOf(weight).includes(null)) return "the size of its kernel is dynamic";
  /** What arrives at y, and the window of the Conv that reads it. Undefined: y lies beyond all taps. */
  const backward = ({ g }: Site, s: string): readonly [string, Window] | undefined => {
    const window = transposedWindow(node, facts, weight);
    if (window.output.some((size, i) => size !== null && size + window.end[i]! <= 0)) return undefined;
    // Values of y that no tap reaches lie beyond the last window: a negative padding.
    const beyond = window.end.flatMap((end, i) => (end < 0 ? [{ axis: i + 2, end }] : []));
    if (beyond.length === 0) return [s, window];
    const zeros = g.ints(beyond.map(() => 0));
    const cut = g.op("Slice", [s, zeros, g.ints(beyond.map(({ end }) => end)), g.ints(beyond.map(({ axis }) => axis))]);
    return [cut, { ...window, end: window.end.map((end) => Math.max(0, end)) }];
  };
  const mapAdjoint = (site: Site, s: string, w: string) => {
    const back = backward(site, s);
    if (back === undefined) return zerosLike(site.g, x);
    const [read, { kernel, strides, dilations, group, begin, end }] = back;
    return site.g.op("Conv", [read, w], { kernel_shape: kernel, strides, dilations, group, pads: [...begin, ...end] });
  };
  const mapToKernel = (site: Site, s: string, map: string) => {
    const back = backward(site, s);
    return back === undefined ? zerosLike(site.g, weight) : kernelAdjoint(site, back[0], map, back[1]);
  };
  const vjp: Role["vjp"] = (site, [r], i) => {
    if (i === 0) return mapAdjoint(site, r!, finitePart(site.g, weight));
    return i === 1 ? mapToKernel(site, r!, finitePart(site.g, x)) : biasAdjoint(site, r!);
  };
  if (inputs.includes(0) && inputs.includes(1)) return { kind: "bilinear", inputs, vjp };
  if (inputs.includes(2)) return "its bias is computed from the input";
  const kernelVaries = inputs[0] === 1;
  return {
    kind: "linear",
    inputs,
    weight: kernelVaries ? x : weight,
    ...(bias && { bias }),
    channelAxis: 1,
    wholeShape: kernelVaries,
    ...(!kernelVaries && {
      exact: (site: Site) => exactTransposed(site, x, weight, bias, transposedWindow(node, facts, weight)),
    }),
    apply: (site, [value], w, b) => again(site, [...(kernelVaries ? [w!, value!] : [value!, w!]), ...(b ? [b] : [])]),
    adjoint: (site, s, _, w) => (kernelVaries ? mapToKernel(site, s, w!) : mapAdjoint(site, s, w!)),
    vjp,
  };
};
